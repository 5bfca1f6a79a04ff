import Foundation

/// The one internal format of the pipeline: planar stereo Float32 at 48 kHz.
///
/// A *frame* is one sample per channel. Every frame count and frame position in this module is at `sampleRate`.
public enum AudioFormat {
    /// Frames per second.
    public static let sampleRate = 48_000
    /// Left and right.
    public static let channelCount = 2

    /// Seconds of `frames` frames.
    public static func seconds(_ frames: Int64) -> Double { Double(frames) / Double(sampleRate) }

    /// The frame nearest to `seconds`.
    public static func frames(_ seconds: Double) -> Int64 { Int64((seconds * Double(sampleRate)).rounded()) }
}
