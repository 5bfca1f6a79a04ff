import CFFmpeg
import Foundation

/// Owns what a decoder must know beforehand: codec, extra data, rate, channels.
final class CodecParameters {
    let pointer: UnsafeMutablePointer<AVCodecParameters>

    /// A copy of a stream's.
    init(copying other: UnsafePointer<AVCodecParameters>, path: String) throws(CodecError) {
        guard let made = avcodec_parameters_alloc() else {
            throw CodecError.codec("avcodec_parameters_alloc", forever_averror(ENOMEM), path)
        }
        pointer = made
        let code = avcodec_parameters_copy(made, other)
        guard code >= 0 else { throw CodecError.codec("avcodec_parameters_copy", code, path) }
        try checkCodec(path)
    }

    /// Made from a codec's own header bytes.
    init(codec: AVCodecID, extraData: [UInt8], sampleRate: Int, channels: Int, path: String) throws(CodecError) {
        let padding = Int(forever_input_padding())
        guard let made = avcodec_parameters_alloc(), let bytes = av_mallocz(extraData.count + padding) else {
            throw CodecError.codec("avcodec_parameters_alloc", forever_averror(ENOMEM), path)
        }
        pointer = made
        extraData.withUnsafeBytes { if $0.count > 0 { bytes.copyMemory(from: $0.baseAddress!, byteCount: $0.count) } }
        made.pointee.codec_type = AVMEDIA_TYPE_AUDIO
        made.pointee.codec_id = codec
        made.pointee.extradata = bytes.assumingMemoryBound(to: UInt8.self)
        made.pointee.extradata_size = Int32(extraData.count)
        made.pointee.sample_rate = Int32(sampleRate)
        av_channel_layout_default(&made.pointee.ch_layout, Int32(channels))
        try checkCodec(path)
    }

    deinit {
        var gone: UnsafeMutablePointer<AVCodecParameters>? = pointer
        avcodec_parameters_free(&gone)
    }

    var codec: AVCodecID { pointer.pointee.codec_id }
    var sampleRate: Int { Int(pointer.pointee.sample_rate) }

    /// Samples without compression, where a packet may be cut anywhere between frames.
    var isPCM: Bool {
        (AV_CODEC_ID_FIRST_AUDIO.rawValue..<AV_CODEC_ID_ADPCM_IMA_QT.rawValue).contains(codec.rawValue)
    }

    /// The codecs that are played: music formats, no speech, game or lossy-image oddities.
    private func checkCodec(_ path: String) throws(CodecError) {
        let known: [AVCodecID] = [
            AV_CODEC_ID_MP3, AV_CODEC_ID_MP2, AV_CODEC_ID_MP1, AV_CODEC_ID_AAC, AV_CODEC_ID_FLAC, AV_CODEC_ID_VORBIS,
            AV_CODEC_ID_OPUS, AV_CODEC_ID_ALAC, AV_CODEC_ID_ADPCM_MS, AV_CODEC_ID_ADPCM_IMA_WAV,
        ]
        guard isPCM || known.contains(codec) else {
            let name = String(cString: avcodec_get_name(codec))
            throw CodecError.refused(reason: "codec \(name) is not played", path: path)
        }
    }
}
