import ForeverMix

/// Writes 48 kHz stereo to a file whose extension says how: `.wav` (Float32), `.flac` (24 bit), `.mp3` (constant rate).
///
/// The same samples give the same bytes: no time and no program version is written.
/// **Thread:** one user at a time. Call `finish` last, or the file is incomplete.
public final class AudioFileWriter {
    /// Extensions this can write.
    public static let extensions = ["wav", "flac", "mp3"]

    private let output: any SampleOutput
    private var isFinished = false

    /// **Errors:** another extension, a bit rate MP3 does not have, or a file that cannot be made.
    public init(path: String, bitrateKbps: Int = 320) throws(CodecError) {
        let name = path.split(separator: "/").last ?? ""
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        switch parts.count > 1 ? parts.last?.lowercased() : nil {
        case "wav": output = try WaveOutput(path: path)
        case "flac": output = try EncodedOutput(path: path, kind: .flac)
        case "mp3": output = try EncodedOutput(path: path, kind: .mp3(bitrateKbps: bitrateKbps))
        default: throw CodecError.refused(reason: "the name must end in .wav, .flac or .mp3", path: path)
        }
    }

    /// Adds all of `buffer`'s frames.
    public func write(_ buffer: StereoBuffer) throws(CodecError) {
        precondition(!isFinished, "not after finish")
        try output.write(buffer)
    }

    /// Writes what is still held back and the header's final sizes.
    public func finish() throws(CodecError) {
        guard !isFinished else { return }
        isFinished = true
        try output.finish()
    }
}

/// One kind of file being written.
protocol SampleOutput: AnyObject {
    func write(_ buffer: StereoBuffer) throws(CodecError)
    func finish() throws(CodecError)
}
