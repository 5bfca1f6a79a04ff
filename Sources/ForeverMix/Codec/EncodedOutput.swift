import CFFmpeg
import ForeverMix
import Foundation

/// Writes a FLAC or MP3 file: an encoder, and FFmpeg's muxer over our own file.
final class EncodedOutput: SampleOutput {
    enum Kind {
        case flac
        case mp3(bitrateKbps: Int)
    }

    private let path: String
    private let encoder: FrameEncoder
    private let sink: MuxerBytes
    private let muxer: UnsafeMutablePointer<AVFormatContext>
    private let isFloat: Bool
    /// Frames not yet enough for one encoder frame.
    private var pending: StereoBuffer
    private var pendingCount = 0

    init(path: String, kind: Kind) throws(CodecError) {
        self.path = path
        let container: String
        switch kind {
        case .flac:
            container = "flac"
            isFloat = false
            encoder = try FrameEncoder(name: "flac", format: AV_SAMPLE_FMT_S32, path: path) { context in
                context.pointee.bits_per_raw_sample = 24
                context.pointee.flags |= forever_codec_flag_global_header()
            }
        case .mp3(let bitrateKbps):
            container = "mp3"
            isFloat = true
            encoder = try FrameEncoder.mp3(bitrateKbps: bitrateKbps, path: path)
        }
        pending = StereoBuffer(frameCount: encoder.frameFrames)
        sink = try MuxerBytes(output: try ByteOutput(path: path))
        var made: UnsafeMutablePointer<AVFormatContext>?
        let code = avformat_alloc_output_context2(&made, nil, container, nil)
        guard code >= 0, let made else { throw CodecError.codec("avformat_alloc_output_context2", code, path) }
        muxer = made
        try start()
    }

    deinit {
        muxer.pointee.pb = nil
        avformat_free_context(muxer)
    }

    private func start() throws(CodecError) {
        muxer.pointee.pb = sink.context
        muxer.pointee.flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT
        guard let stream = avformat_new_stream(muxer, nil) else {
            throw CodecError.codec("avformat_new_stream", forever_averror(ENOMEM), path)
        }
        stream.pointee.time_base = encoder.context.pointee.time_base
        var code = avcodec_parameters_from_context(stream.pointee.codecpar, encoder.context)
        guard code >= 0 else { throw CodecError.codec("avcodec_parameters_from_context", code, path) }
        code = avformat_write_header(muxer, nil)
        try check("avformat_write_header", code)
    }

    func write(_ buffer: StereoBuffer) throws(CodecError) {
        var done = 0
        while done < buffer.frameCount {
            let part = min(buffer.frameCount - done, pending.frameCount - pendingCount)
            pending.left.replaceSubrange(pendingCount..<pendingCount + part, with: buffer.left[done..<done + part])
            pending.right.replaceSubrange(pendingCount..<pendingCount + part, with: buffer.right[done..<done + part])
            pendingCount += part
            done += part
            if pendingCount == pending.frameCount { try encode() }
        }
    }

    func finish() throws(CodecError) {
        if pendingCount > 0 { try encode() }
        try encoder.finish()
        try drain()
        try check("av_write_trailer", av_write_trailer(muxer))
        avio_flush(sink.context)
        try check("write", 0)
    }

    private func encode() throws(CodecError) {
        let count = pendingCount
        pendingCount = 0
        try encoder.send(count: count) { planes in
            if isFloat {
                fill(planes[0]!, pending.left, count)
                fill(planes[1]!, pending.right, count)
            } else {
                interleave24(planes[0]!, pending.left, pending.right, count)
            }
        }
        try drain()
    }

    private func drain() throws(CodecError) {
        while try encoder.receive() {
            encoder.packet.pointee.stream_index = 0
            av_packet_rescale_ts(
                encoder.packet, encoder.context.pointee.time_base, muxer.pointee.streams[0]!.pointee.time_base)
            try check("av_interleaved_write_frame", av_interleaved_write_frame(muxer, encoder.packet))
        }
    }

    /// The file's own failure tells more than the muxer's code.
    private func check(_ call: String, _ code: Int32) throws(CodecError) {
        if let failure = sink.failure { throw failure }
        guard code >= 0 else { throw CodecError.codec(call, code, path) }
    }
}

/// FFmpeg's muxers writing to a `ByteOutput`.
private final class MuxerBytes {
    let output: ByteOutput
    private(set) var failure: CodecError?
    private(set) var context: UnsafeMutablePointer<AVIOContext>
    private static let bufferBytes = 64 << 10

    init(output: ByteOutput) throws(CodecError) {
        self.output = output
        guard let buffer = av_malloc(Self.bufferBytes),
            let made = avio_alloc_context(
                buffer.assumingMemoryBound(to: UInt8.self), Int32(Self.bufferBytes), 1, nil, nil, nil, nil)
        else { throw CodecError.codec("avio_alloc_context", forever_averror(ENOMEM), output.path) }
        context = made
        context.pointee.opaque = Unmanaged.passUnretained(self).toOpaque()
        context.pointee.write_packet = { opaque, bytes, count in
            Unmanaged<MuxerBytes>.fromOpaque(opaque!).takeUnretainedValue().write(bytes!, Int(count))
        }
        context.pointee.seek = { opaque, offset, whence in
            Unmanaged<MuxerBytes>.fromOpaque(opaque!).takeUnretainedValue().seek(offset, whence)
        }
        context.pointee.seekable = AVIO_SEEKABLE_NORMAL
    }

    deinit {
        av_free(context.pointee.buffer)
        var gone: UnsafeMutablePointer<AVIOContext>? = context
        avio_context_free(&gone)
    }

    private func write(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
        do throws(CodecError) {
            try output.write(UnsafeRawBufferPointer(start: bytes, count: count))
            return Int32(count)
        } catch {
            failure = failure ?? error
            return forever_averror(EIO)
        }
    }

    private func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
        switch whence & 0xff {
        case _ where whence & AVSEEK_SIZE != 0: return output.size
        case SEEK_SET: output.seek(to: offset)
        case SEEK_CUR: output.seek(to: output.position + offset)
        case SEEK_END: output.seek(to: output.size + offset)
        default: return Int64(forever_averror(EINVAL))
        }
        return output.position
    }
}

private func fill(_ plane: UnsafeMutablePointer<UInt8>, _ samples: [Float], _ count: Int) {
    let target = UnsafeMutableRawPointer(plane).assumingMemoryBound(to: Float.self)
    samples.withUnsafeBufferPointer { source in
        for index in 0..<count { target[index] = source[index].isFinite ? source[index] : 0 }
    }
}

/// 24 bits in the high bytes of 32, rounded, clipped at full scale.
private func interleave24(_ plane: UnsafeMutablePointer<UInt8>, _ left: [Float], _ right: [Float], _ count: Int) {
    let target = UnsafeMutableRawPointer(plane).assumingMemoryBound(to: Int32.self)
    func sample(_ value: Float) -> Int32 {
        let scaled = value.isFinite ? (Double(value) * 0x1p23).rounded(.toNearestOrEven) : 0
        return Int32(min(max(scaled, -0x1p23), 0x1p23 - 1)) << 8
    }
    left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
            for index in 0..<count {
                target[2 * index] = sample(left[index])
                target[2 * index + 1] = sample(right[index])
            }
        }
    }
}
