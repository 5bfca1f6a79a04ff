import CFFmpeg
import ForeverMix
import Foundation

/// Owns an audio encoder fed with 48 kHz stereo.
final class FrameEncoder {
    let context: UnsafeMutablePointer<AVCodecContext>
    private let frame: UnsafeMutablePointer<AVFrame>
    let packet: UnsafeMutablePointer<AVPacket>
    private let path: String
    private var position: Int64 = 0

    /// `path` is named in errors only. `configure` sets what the codec needs before it is opened.
    init(
        name: String, format: AVSampleFormat, path: String,
        configure: (UnsafeMutablePointer<AVCodecContext>) -> Void
    ) throws(CodecError) {
        _ = FFmpegLog.silenced
        guard let codec = avcodec_find_encoder_by_name(name) else {
            throw CodecError.refused(reason: "this FFmpeg has no encoder \(name)", path: path)
        }
        guard let context = avcodec_alloc_context3(codec), let frame = av_frame_alloc(), let packet = av_packet_alloc()
        else { throw CodecError.codec("avcodec_alloc_context3", forever_averror(ENOMEM), path) }
        self.context = context
        self.frame = frame
        self.packet = packet
        self.path = path
        context.pointee.sample_rate = Int32(AudioFormat.sampleRate)
        context.pointee.sample_fmt = format
        av_channel_layout_default(&context.pointee.ch_layout, Int32(AudioFormat.channelCount))
        context.pointee.time_base = AVRational(num: 1, den: Int32(AudioFormat.sampleRate))
        context.pointee.flags |= forever_codec_flag_bitexact()
        context.pointee.thread_count = 1
        configure(context)
        let code = avcodec_open2(context, codec, nil)
        guard code >= 0 else { throw CodecError.codec("avcodec_open2 \(name)", code, path) }
        frame.pointee.format = format.rawValue
        frame.pointee.sample_rate = context.pointee.sample_rate
        av_channel_layout_copy(&frame.pointee.ch_layout, &context.pointee.ch_layout)
        frame.pointee.nb_samples = context.pointee.frame_size
        let made = av_frame_get_buffer(frame, 0)
        guard made >= 0 else { throw CodecError.codec("av_frame_get_buffer", made, path) }
    }

    deinit {
        var goneContext: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&goneContext)
        var goneFrame: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&goneFrame)
        var gonePacket: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&gonePacket)
    }

    /// Frames one packet holds.
    var frameFrames: Int { Int(context.pointee.frame_size) }

    /// Encodes `count` frames (fewer than `frameFrames` only at the end) that `fill` writes to the frame's planes.
    func send(count: Int, fill: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>) -> Void) throws(CodecError) {
        var code = av_frame_make_writable(frame)
        guard code >= 0 else { throw CodecError.codec("av_frame_make_writable", code, path) }
        frame.pointee.nb_samples = Int32(count)
        frame.pointee.pts = position
        position += Int64(count)
        fill(frame.pointee.extended_data)
        code = avcodec_send_frame(context, frame)
        guard code >= 0 else { throw CodecError.codec("avcodec_send_frame", code, path) }
    }

    /// No more frames: `receive` gives what is left.
    func finish() throws(CodecError) {
        let code = avcodec_send_frame(context, nil)
        guard code >= 0 else { throw CodecError.codec("avcodec_send_frame", code, path) }
    }

    /// Puts the next packet into `packet`; false when there is none yet, or no more.
    func receive() throws(CodecError) -> Bool {
        let code = avcodec_receive_packet(context, packet)
        if code == forever_averror(EAGAIN) || code == forever_averror_eof() { return false }
        guard code >= 0 else { throw CodecError.codec("avcodec_receive_packet", code, path) }
        return true
    }

    /// Sets a private option of the encoder; a name it does not know is ignored.
    static func set(_ context: UnsafeMutablePointer<AVCodecContext>, _ name: String, _ value: Int64) {
        av_opt_set_int(context.pointee.priv_data, name, value, 0)
    }

    /// MP3 of constant bit rate where every packet stands alone.
    static func mp3(bitrateKbps: Int, path: String) throws(CodecError) -> FrameEncoder {
        guard StreamEncoder.bitratesKbps.contains(bitrateKbps) else {
            let legal = StreamEncoder.bitratesKbps.map(String.init).joined(separator: ", ")
            throw CodecError.refused(reason: "\(bitrateKbps) kbit/s is not one of MP3's \(legal)", path: path)
        }
        return try FrameEncoder(name: "libmp3lame", format: AV_SAMPLE_FMT_FLTP, path: path) { context in
            context.pointee.bit_rate = Int64(bitrateKbps) * 1000
            set(context, "reservoir", 0)
            set(context, "joint_stereo", 1)
        }
    }
}
