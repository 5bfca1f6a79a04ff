/// Where a track's sound comes from: any block of frames by position, exactly and without holding the track.
///
/// Reading on from where the last read ended is the cheap case; any other position seeks. The same frames are
/// bit for bit the same however they are asked for. **Thread:** one reader at a time, any thread.
public protocol SampleSource: AnyObject {
    /// Frames in the track, exact, at `AudioFormat.sampleRate`.
    var frameCount: Int64 { get }

    /// Writes frames `start ..< start + count` of the track to `buffer` at `offset ..< offset + count`.
    ///
    /// `start` may be negative and the range may pass the end: frames outside the track are silence.
    /// **Errors:** what makes the sound unreadable from here on; the buffer's range is then undefined.
    func read(from start: Int64, count: Int, into buffer: inout StereoBuffer, at offset: Int) throws
}
