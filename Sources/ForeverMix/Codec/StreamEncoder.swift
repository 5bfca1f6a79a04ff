import CFFmpeg
import ForeverMix

/// The endless MP3 stream, from any frame on: constant bit rate, 48 kHz, joint stereo, no bit reservoir.
///
/// Stream frame k holds exactly `3 * bitrateKbps` bytes and stands alone. Encoder and decoder together delay the sound
/// by 1105 frames: mix frame n sounds at frame n + 1105 of the decoded stream. The encoder is primed with 100 frames
/// that are thrown away, after which its bytes equal those of the uninterrupted stream, whatever `firstFrame`.
/// **Thread:** one user at a time. **Cost:** about 1.5 % of a core in real time.
public final class StreamEncoder {
    /// The bit rates MP3 has at 48 kHz.
    public static let bitratesKbps = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
    /// Mix frames in one stream frame.
    public static let frameSamples = 1152
    /// Stream frames encoded before the first one that is given out.
    public static let primingFrames: Int64 = 100
    /// Frames by which the decoded stream is later than the mix.
    public static let delaySamples = 1105

    public let bitrateKbps: Int
    /// Bytes of every frame.
    public let frameBytes: Int
    /// Number of the frame that `nextFrame` gives next.
    public private(set) var nextFrameNumber: Int64

    private let encoder: FrameEncoder
    private let render: (Int64, inout StereoBuffer) throws -> Void
    private var block = StereoBuffer(frameCount: frameSamples)
    /// Stream frame whose mix frames are fed next, and the one the encoder gives next.
    private var feedFrame: Int64
    private var packetFrame: Int64

    /// `render` fills 1152 frames of the mix from a mix position on; positions before 0 are silence, and not asked for.
    ///
    /// **Errors:** a bit rate MP3 does not have, or an FFmpeg without LAME.
    public init(
        bitrateKbps: Int, firstFrame: Int64, render: @escaping (Int64, inout StereoBuffer) throws -> Void
    ) throws(CodecError) {
        precondition(firstFrame >= 0, "the stream begins at frame 0")
        self.bitrateKbps = bitrateKbps
        frameBytes = 3 * bitrateKbps
        nextFrameNumber = firstFrame
        feedFrame = firstFrame - Self.primingFrames
        packetFrame = feedFrame
        self.render = render
        encoder = try FrameEncoder.mp3(bitrateKbps: bitrateKbps, path: "stream")
    }

    /// The next frame's bytes. **Errors:** what `render` throws (the frame may be asked for again), or the encoder's.
    public func nextFrame() throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(frameBytes)
        try nextFrame(into: &bytes)
        return bytes
    }

    /// Appends the next frame's bytes.
    public func nextFrame(into bytes: inout [UInt8]) throws {
        while true {
            while try encoder.receive() {
                let packet = encoder.packet.pointee
                guard Int(packet.size) == frameBytes, let data = packet.data else {
                    throw CodecError.refused(reason: "the encoder gave a frame of \(packet.size) bytes", path: "stream")
                }
                packetFrame += 1
                guard packetFrame > nextFrameNumber else { continue }
                nextFrameNumber += 1
                bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: frameBytes))
                return
            }
            try feed()
        }
    }

    private func feed() throws {
        if feedFrame >= 0 {
            try render(feedFrame * Int64(Self.frameSamples), &block)
            precondition(block.frameCount == Self.frameSamples, "a block of 1152 frames")
        }
        try encoder.send(count: Self.frameSamples) { planes in
            copy(block.left, to: planes[0]!)
            copy(block.right, to: planes[1]!)
        }
        feedFrame += 1
    }
}

/// NaN and infinity would silence LAME for long: they become 0.
private func copy(_ samples: [Float], to plane: UnsafeMutablePointer<UInt8>) {
    let target = UnsafeMutableRawPointer(plane).assumingMemoryBound(to: Float.self)
    samples.withUnsafeBufferPointer { source in
        for index in 0..<source.count { target[index] = source[index].isFinite ? source[index] : 0 }
    }
}
