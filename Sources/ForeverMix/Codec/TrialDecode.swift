import CFFmpeg

/// Decodes a track's first packets to learn what the decoder really gives, which no header says for certain.
final class TrialDecode {
    struct Format: Equatable {
        var sampleRate: Int
        /// Frames of one packet.
        var frames: Int
    }

    /// Of the last packet that decoded and can be mixed down; nil as long as none did.
    private(set) var format: Format?
    private let decoder: Decoder
    private let converter = FrameConverter()
    private let left = UnsafeMutablePointer<Float>.allocate(capacity: CodecLimits.packetFramesMax)
    private let right = UnsafeMutablePointer<Float>.allocate(capacity: CodecLimits.packetFramesMax)

    init(_ parameters: CodecParameters, path: String) throws(CodecError) {
        decoder = try Decoder(parameters, path: path)
    }

    deinit {
        left.deallocate()
        right.deallocate()
    }

    func decode(_ data: UnsafePointer<UInt8>, count: Int, buffer: PacketBuffer) {
        buffer.reserve(count)
        buffer.bytes.update(from: data, count: count)
        buffer.terminate(at: count)
        decoder.decode(buffer.bytes, count: count) { frame in
            guard let frames = converter.convert(frame, to: left, right, capacity: CodecLimits.packetFramesMax) else {
                return
            }
            format = Format(sampleRate: Int(frame.pointee.sample_rate), frames: frames)
        }
    }
}
