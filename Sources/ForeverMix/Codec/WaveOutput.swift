import ForeverMix

/// Writes a WAV file of Float32 stereo. One beyond 4 GiB becomes RF64 (EBU Tech 3306), whose header has its place kept.
final class WaveOutput: SampleOutput {
    private let output: ByteOutput
    private var scratch: [Float] = []
    private var frames: Int64 = 0
    private static let frameBytes: Int64 = 8
    /// Bytes before the samples: RIFF 12, JUNK or ds64 36, fmt 26, fact 12, data 8.
    private static let headerBytes: Int64 = 94

    init(path: String) throws(CodecError) {
        output = try ByteOutput(path: path)
        try writeHeader()
    }

    func write(_ buffer: StereoBuffer) throws(CodecError) {
        let count = buffer.frameCount
        if scratch.count < 2 * count { scratch = [Float](repeating: 0, count: 2 * count) }
        scratch.withUnsafeMutableBufferPointer { target in
            buffer.left.withUnsafeBufferPointer { left in
                buffer.right.withUnsafeBufferPointer { right in
                    for index in 0..<count {
                        target[2 * index] = left[index]
                        target[2 * index + 1] = right[index]
                    }
                }
            }
        }
        var failure: CodecError?
        scratch.withUnsafeBytes { bytes in
            do throws(CodecError) {
                try output.write(UnsafeRawBufferPointer(rebasing: bytes[0..<count * Int(Self.frameBytes)]))
            } catch { failure = error }
        }
        if let failure { throw failure }
        frames += Int64(count)
    }

    func finish() throws(CodecError) {
        output.seek(to: 0)
        try writeHeader()
    }

    private func writeHeader() throws(CodecError) {
        let header = Self.header(frames: frames)
        var failure: CodecError?
        header.withUnsafeBytes { bytes in
            do throws(CodecError) { try output.write(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// The bytes before the samples of a file of `frames` frames.
    package static func header(frames: Int64) -> [UInt8] {
        let dataBytes = frames * frameBytes
        let riffBytes = headerBytes - 8 + dataBytes
        let isLarge = riffBytes > Int64(UInt32.max)
        var bytes: [UInt8] = []
        func text(_ name: String) { bytes += Array(name.utf8) }
        func number<Value: FixedWidthInteger>(_ value: Value) {
            withUnsafeBytes(of: value.littleEndian) { bytes += Array($0) }
        }
        text(isLarge ? "RF64" : "RIFF")
        number(isLarge ? UInt32.max : UInt32(riffBytes))
        text("WAVE")
        text(isLarge ? "ds64" : "JUNK")
        number(UInt32(28))
        number(isLarge ? riffBytes : 0)
        number(isLarge ? dataBytes : 0)
        number(isLarge ? frames : 0)
        number(UInt32(0))
        text("fmt ")
        number(UInt32(18))
        number(UInt16(3))  // IEEE float
        number(UInt16(AudioFormat.channelCount))
        number(UInt32(AudioFormat.sampleRate))
        number(UInt32(AudioFormat.sampleRate) * UInt32(frameBytes))
        number(UInt16(frameBytes))
        number(UInt16(32))
        number(UInt16(0))
        text("fact")
        number(UInt32(4))
        number(UInt32(clamping: frames))
        text("data")
        number(isLarge ? UInt32.max : UInt32(dataBytes))
        assert(Int64(bytes.count) == headerBytes)
        return bytes
    }
}
