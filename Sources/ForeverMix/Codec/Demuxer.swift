import CFFmpeg
import Foundation

/// Owns an opened container: its streams, tags and packets in file order. **Thread:** one user at a time.
final class Demuxer {
    let path: String
    private let input: ByteInput
    private var context: UnsafeMutablePointer<AVFormatContext>
    private let packet: UnsafeMutablePointer<AVPacket>
    private var damagesLeft = CodecLimits.damagesMax

    /// Containers that are music files. Playlists, segment lists and everything that opens a second file are not here.
    static let containers = "mp3,flac,ogg,mov,mp4,m4a,3gp,3g2,mj2,wav,w64,aac,aiff"

    /// **Errors:** not one of `containers`, or broken beyond recognition.
    init(file: FileBytes) throws(CodecError) {
        _ = FFmpegLog.silenced
        path = file.path
        input = try ByteInput(file: file)
        guard let made = avformat_alloc_context() else {
            throw CodecError.codec("avformat_alloc_context", forever_averror(ENOMEM), file.path)
        }
        made.pointee.pb = input.context
        made.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
        // A container that names another file or address gets nothing.
        made.pointee.io_open = { _, _, _, _, _ in forever_averror(EACCES) }
        made.pointee.interrupt_callback.opaque = Unmanaged.passUnretained(input).toOpaque()
        made.pointee.interrupt_callback.callback = { opaque in
            Unmanaged<ByteInput>.fromOpaque(opaque!).takeUnretainedValue().isExhausted ? 1 : 0
        }
        var options: OpaquePointer?
        av_dict_set(&options, "format_whitelist", Self.containers, 0)
        av_dict_set_int(&options, "max_streams", Int64(CodecLimits.streamsMax), 0)
        av_dict_set_int(&options, "probesize", Int64(CodecLimits.probeBytesMax), 0)
        av_dict_set_int(&options, "formatprobesize", Int64(CodecLimits.probeBytesMax), 0)
        av_dict_set_int(&options, "analyzeduration", Int64(CodecLimits.probeMicrosecondsMax), 0)
        var opened: UnsafeMutablePointer<AVFormatContext>? = made
        let code = avformat_open_input(&opened, file.name, nil, &options)
        av_dict_free(&options)
        guard code == 0, let opened else { throw CodecError.codec("avformat_open_input", code, file.path) }
        context = opened
        guard let packet = av_packet_alloc() else {
            var gone: UnsafeMutablePointer<AVFormatContext>? = opened
            avformat_close_input(&gone)
            throw CodecError.codec("av_packet_alloc", forever_averror(ENOMEM), file.path)
        }
        self.packet = packet
    }

    deinit {
        var gonePacket: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&gonePacket)
        var gone: UnsafeMutablePointer<AVFormatContext>? = context
        avformat_close_input(&gone)
    }

    /// Reads on until the streams' parameters are known.
    func findStreams() throws(CodecError) {
        let code = avformat_find_stream_info(context, nil)
        guard code >= 0 else { throw CodecError.codec("avformat_find_stream_info", code, path) }
    }

    /// FFmpeg's name of the container.
    var containerName: String { String(cString: context.pointee.iformat.pointee.name) }

    var streamCount: Int { Int(context.pointee.nb_streams) }
    func stream(_ index: Int) -> UnsafeMutablePointer<AVStream> { context.pointee.streams[index]! }
    /// The file's own tags.
    var metadata: OpaquePointer? { context.pointee.metadata }
    /// What the container says or FFmpeg estimates.
    var durationSeconds: Double? {
        if context.pointee.duration > 0 { return Double(context.pointee.duration) / Double(AV_TIME_BASE) }
        guard let index = audioStream else { return nil }
        let stream = stream(index)
        guard stream.pointee.duration > 0, stream.pointee.time_base.den > 0 else { return nil }
        return Double(stream.pointee.duration) * av_q2d(stream.pointee.time_base)
    }

    /// Where chapters begin. **Units:** s.
    var chapterStarts: [Double] {
        (0..<min(Int(context.pointee.nb_chapters), CodecLimits.cuePointsMax)).compactMap { index in
            guard let chapter = context.pointee.chapters[index], chapter.pointee.time_base.den > 0 else { return nil }
            return Double(chapter.pointee.start) * av_q2d(chapter.pointee.time_base)
        }
    }

    /// The stream that plays: the best audio stream, never a picture.
    var audioStream: Int? {
        let index = av_find_best_stream(context, AVMEDIA_TYPE_AUDIO, -1, -1, nil, 0)
        return index >= 0 ? Int(index) : nil
    }

    /// From now on only this stream's packets are delivered.
    func select(_ index: Int) {
        for other in 0..<streamCount where other != index { stream(other).pointee.discard = AVDISCARD_ALL }
    }

    /// The next packet of stream `index`, valid until the next call; nil at the end. Damage is stepped over.
    func nextPacket(of index: Int) -> UnsafeMutablePointer<AVPacket>? {
        while !input.isExhausted, damagesLeft > 0 {
            av_packet_unref(packet)
            let code = av_read_frame(context, packet)
            if code == forever_averror_eof() { return nil }
            if code < 0 {
                damagesLeft -= 1
            } else if Int(packet.pointee.stream_index) == index {
                return packet
            }
        }
        return nil
    }
}
