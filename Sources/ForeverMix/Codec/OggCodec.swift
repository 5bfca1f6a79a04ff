import CFFmpeg

/// What is particular to each codec that lives in Ogg: its header packets and how long its packets sound.
final class OggCodec {
    enum Kind {
        case vorbis, opus, flac
    }

    let kind: Kind
    /// Header packets before the first packet of sound.
    let headerPackets: Int
    private var headers: [[UInt8]] = []
    private var vorbis: OpaquePointer?
    private var isFirst = true

    /// Recognises a stream by its first packet; nil if it is none that is played.
    init?(firstPacket bytes: [UInt8]) {
        if bytes.count >= 30, bytes.starts(with: [1] + Array("vorbis".utf8)) {
            (kind, headerPackets) = (.vorbis, 3)
        } else if bytes.count >= 19, bytes.starts(with: Array("OpusHead".utf8)) {
            (kind, headerPackets) = (.opus, 2)
        } else if bytes.count >= 51, bytes.starts(with: [0x7f] + Array("FLAC".utf8)) {
            // RFC 9639 section 10.1: the number of further headers; 0 means unknown and is read as one.
            (kind, headerPackets) = (.flac, 1 + max(1, Int(bytes[7]) << 8 | Int(bytes[8])))
        } else {
            return nil
        }
    }

    deinit { av_vorbis_parse_free(&vorbis) }

    func addHeader(_ bytes: [UInt8]) {
        if kind == .vorbis || headers.isEmpty { headers.append(bytes) }
    }

    /// What a decoder needs, once all headers are in.
    func parameters(path: String) throws(CodecError) -> CodecParameters {
        guard let first = headers.first else { throw CodecError.refused(reason: "no header", path: path) }
        let (id, rate, channels, extra): (AVCodecID, Int, Int, [UInt8])
        switch kind {
        case .opus: (id, rate, channels, extra) = (AV_CODEC_ID_OPUS, 48_000, Int(first[9]), first)
        case .flac:
            let info = Array(first[17..<51])
            rate = Int(info[10]) << 12 | Int(info[11]) << 4 | Int(info[12]) >> 4
            (id, channels, extra) = (AV_CODEC_ID_FLAC, Int(info[12]) >> 1 & 7 + 1, info)
        case .vorbis:
            rate = Int(first[12]) | Int(first[13]) << 8 | Int(first[14]) << 16 | Int(first[15]) << 24
            (id, channels, extra) = (AV_CODEC_ID_VORBIS, Int(first[11]), Self.laced(headers))
            vorbis = extra.withUnsafeBufferPointer { av_vorbis_parse_init($0.baseAddress, Int32($0.count)) }
            guard vorbis != nil else { throw CodecError.refused(reason: "broken Vorbis headers", path: path) }
        }
        guard CodecLimits.sampleRates.contains(rate), (1...CodecLimits.channelsMax).contains(channels) else {
            throw CodecError.refused(reason: "\(channels) channels at \(rate) Hz are not music", path: path)
        }
        return try CodecParameters(codec: id, extraData: extra, sampleRate: rate, channels: channels, path: path)
    }

    /// Frames to drop at the start by the header (Opus pre-skip, RFC 7845 section 5.1).
    var preSkip: Int64 {
        guard kind == .opus, let head = headers.first else { return 0 }
        return Int64(head[10]) | Int64(head[11]) << 8
    }

    /// Frames that the next packet decodes to; 0 for a broken one.
    func frames(_ bytes: UnsafeMutablePointer<UInt8>, count: Int) -> Int {
        guard count > 0 else { return 0 }
        switch kind {
        case .opus: return Self.opusFrames(UnsafeBufferPointer(start: bytes, count: count))
        case .flac: return Self.flacFrames(UnsafeBufferPointer(start: bytes, count: count))
        case .vorbis:
            let frames = Int(av_vorbis_parse_frame(vorbis, bytes, Int32(count)))
            // The first block only fills the overlap (Vorbis I section 4.3.8).
            defer { isFirst = false }
            return isFirst ? 0 : min(max(0, frames), CodecLimits.packetFramesMax)
        }
    }

    /// RFC 6716 section 3.1, at 48 kHz.
    static func opusFrames(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        let configuration = Int(bytes[0] >> 3)
        let one: Int
        switch configuration {
        case 0..<12: one = [480, 960, 1920, 2880][configuration & 3]
        case 12..<16: one = [480, 960][configuration & 1]
        default: one = 120 << (configuration & 3)
        }
        let number: Int
        switch bytes[0] & 3 {
        case 0: number = 1
        case 1, 2: number = 2
        default: number = bytes.count > 1 ? Int(bytes[1] & 63) : 0
        }
        // A packet is at most 120 ms.
        return one * number <= 5760 ? one * number : 0
    }

    /// The block size of a FLAC frame's header (RFC 9639 section 9.1); 0 if there is none.
    static func flacFrames(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard bytes.count > 6, bytes[0] == 0xff, bytes[1] & 0xfe == 0xf8 else { return 0 }
        let code = Int(bytes[2] >> 4)
        // The coded number after the head is as long as its leading ones say.
        let ones = (~bytes[4]).leadingZeroBitCount
        let place = 4 + (ones == 0 ? 1 : ones)
        switch code {
        case 1: return 192
        case 2...5: return 576 << (code - 2)
        case 6: return bytes.count > place ? Int(bytes[place]) + 1 : 0
        case 7:
            return bytes.count > place + 1 ? min(65_535, (Int(bytes[place]) << 8 | Int(bytes[place + 1])) + 1) : 0
        case 8...15: return 256 << (code - 8)
        default: return 0
        }
    }

    /// Xiph lacing: how FFmpeg takes several headers as one.
    private static func laced(_ packets: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = [UInt8(packets.count - 1)]
        for packet in packets.dropLast() {
            bytes += [UInt8](repeating: 255, count: packet.count / 255) + [UInt8(packet.count % 255)]
        }
        return bytes + packets.joined()
    }
}
