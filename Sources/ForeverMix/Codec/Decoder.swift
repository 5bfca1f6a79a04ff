import CFFmpeg
import Foundation

/// Owns a decoder. A fresh one for every stretch of a track, so that what comes out depends on the bytes alone.
final class Decoder {
    private var context: UnsafeMutablePointer<AVCodecContext>
    private let packet: UnsafeMutablePointer<AVPacket>
    private let frame: UnsafeMutablePointer<AVFrame>

    init(_ parameters: CodecParameters, path: String) throws(CodecError) {
        _ = FFmpegLog.silenced
        guard let codec = Self.codec(parameters.codec) else {
            let name = String(cString: avcodec_get_name(parameters.codec))
            throw CodecError.refused(reason: "this FFmpeg has no decoder for \(name)", path: path)
        }
        guard let made = avcodec_alloc_context3(codec), let packet = av_packet_alloc(), let frame = av_frame_alloc()
        else { throw CodecError.codec("avcodec_alloc_context3", forever_averror(ENOMEM), path) }
        context = made
        self.packet = packet
        self.frame = frame
        var code = avcodec_parameters_to_context(made, parameters.pointer)
        guard code >= 0 else { throw CodecError.codec("avcodec_parameters_to_context", code, path) }
        // Trimming is the index's business; a second opinion here would trim twice.
        made.pointee.flags2 |= forever_codec_flag2_skip_manual()
        made.pointee.request_sample_fmt = AV_SAMPLE_FMT_FLT
        made.pointee.thread_count = 1
        made.pointee.pkt_timebase = AVRational(num: 1, den: max(1, made.pointee.sample_rate))
        code = avcodec_open2(made, codec, nil)
        guard code >= 0 else { throw CodecError.codec("avcodec_open2", code, path) }
    }

    deinit {
        var gone: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&gone)
        var gonePacket: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&gonePacket)
        var goneFrame: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&goneFrame)
    }

    /// libopus gives one packet's frames per packet in every mode; FFmpeg's own holds some back in speech modes.
    private static func codec(_ id: AVCodecID) -> UnsafePointer<AVCodec>? {
        if id == AV_CODEC_ID_OPUS, let library = avcodec_find_decoder_by_name("libopus") { return library }
        return avcodec_find_decoder(id)
    }

    /// Decodes one packet and hands out what comes of it; a broken packet simply gives nothing.
    ///
    /// `bytes` must be followed by FFmpeg's input padding of zeros.
    func decode(_ bytes: UnsafeMutablePointer<UInt8>, count: Int, each: (UnsafePointer<AVFrame>) -> Void) {
        guard count > 0 else { return }
        packet.pointee.data = bytes
        packet.pointee.size = Int32(count)
        packet.pointee.pts = forever_no_timestamp()
        packet.pointee.dts = forever_no_timestamp()
        guard avcodec_send_packet(context, packet) >= 0 else { return }
        // A packet of n bytes cannot hold more frames than bytes.
        for _ in 0...count {
            guard avcodec_receive_frame(context, frame) >= 0 else { return }
            each(frame)
        }
    }
}
