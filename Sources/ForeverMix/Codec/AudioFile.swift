import ForeverMix

/// A music file as a `SampleSource`: MP3, FLAC, Ogg Vorbis, Opus, M4A/AAC, WAV and their kin, at 48 kHz stereo.
///
/// Opening reads the whole file once, without decoding, for the exact frame count and a packet index. Reading decodes
/// on the way. Encoder delay and padding are taken off; a broken stretch is silence of the right length. The same
/// frames are bit for bit the same however they are asked for, at one build, library version and CPU kind.
///
/// **Thread:** one reader at a time, any thread. **Cost:** about 2 MB and 0.6 MB an hour of MP3, whatever is read;
/// a read elsewhere decodes up to five seconds.
public final class AudioFile: SampleSource {
    /// Frames in the track, exact, at 48 kHz.
    public let frameCount: Int64
    /// The file's own frames per second.
    public let fileSampleRate: Int
    /// The file this reads, or the name of the bytes.
    public let path: String

    private let decoder: GridDecoder

    /// **Errors:** no such file, not a plain file, none of the formats, broken beyond recognition, or over a limit.
    public convenience init(path: String) throws(CodecError) { try self.init(FileBytes(path: path)) }

    /// The same of bytes that are in memory, and held there as long as this is; `name` stands for the path.
    public convenience init(bytes: [UInt8], name: String) throws(CodecError) {
        try self.init(FileBytes(bytes: bytes, name: name))
    }

    private init(_ file: FileBytes) throws(CodecError) {
        path = file.path
        let track = try CodedTrack.open(file)
        decoder = try GridDecoder(track)
        frameCount = decoder.frameCount
        fileSampleRate = track.sampleRate
    }

    /// As `SampleSource` says. **Errors:** the file cannot be read any more.
    public func read(from start: Int64, count: Int, into buffer: inout StereoBuffer, at offset: Int) throws {
        precondition(count >= 0 && offset >= 0 && offset + count <= buffer.frameCount, "a range inside the buffer")
        let first = min(max(start, 0), frameCount)
        let last = max(first, min(start.addingReportingOverflow(Int64(count)).partialValue, frameCount))
        let head = first < last ? Int(first - start) : count
        let tail = first < last ? Int(last - start) : count
        silence(&buffer.left, offset..<offset + head)
        silence(&buffer.right, offset..<offset + head)
        silence(&buffer.left, offset + tail..<offset + count)
        silence(&buffer.right, offset + tail..<offset + count)
        var position = first
        while position < last {
            try decoder.seek(to: position)
            while decoder.window.end <= position { try decoder.advance() }
            let part = min(last, decoder.window.end) - position
            decoder.window.copy(
                from: position, count: Int(part), into: &buffer, at: offset + Int(position - start))
            position += part
        }
    }

    private func silence(_ channel: inout [Float], _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        channel.withUnsafeMutableBufferPointer { $0[range].update(repeating: 0) }
    }
}

extension CodedTrack {
    /// Indexes the file: Ogg pages by our own reader, everything else through FFmpeg's demuxers.
    static func open(_ file: FileBytes) throws(CodecError) -> CodedTrack {
        if try OggScan.recognises(file) { return try OggScan(file: file).run() }
        var scan = try PacketScan(file: file)
        return try scan.run()
    }
}
