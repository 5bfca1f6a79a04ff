/// Tells frames of a bare MPEG audio or ADTS stream from damage that happens to look like one. Pure.
///
/// A frame is good if its header fits its length and the format of the frames before. Another format is believed
/// from its second frame in a row on. What lies between good frames was lost, and sounded about as long as good
/// frames of as many bytes do.
struct FrameSync {
    enum Kind {
        case mpegAudio, adts
    }

    private let kind: Kind
    private var format: UInt32?
    private var candidate: (format: UInt32, next: Int64)?
    private var goodBytes: Int64 = 0
    private var goodCount: Int64 = 0
    /// Where the last good frame ended.
    private var end: Int64 = 0

    init(_ kind: Kind) { self.kind = kind }

    /// True if the packet at `offset` is a frame of the stream.
    mutating func isGood(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int64) -> Bool {
        guard bytes.count >= 7 else { return false }
        let head = (0..<7).map { UInt32(bytes[$0]) }
        guard let (found, length) = kind == .adts ? Self.adts(head) : Self.mpegAudio(head), length == bytes.count else {
            candidate = nil
            return false
        }
        if let format, format != found {
            guard let candidate, candidate.format == found, candidate.next == offset else {
                self.candidate = (found, offset + Int64(length))
                return false
            }
        }
        format = found
        candidate = nil
        return true
    }

    /// Notes a good frame, and gives the frames of its kind that were lost in the hole before it.
    mutating func goodFrame(at offset: Int64, bytes: Int) -> Int {
        let hole = offset - end
        defer {
            goodBytes += Int64(bytes)
            goodCount += 1
            end = offset + Int64(bytes)
        }
        guard goodCount >= 4, hole > 0 else { return 0 }
        return Int((Double(hole) * Double(goodCount) / Double(goodBytes)).rounded())
    }

    /// ISO 11172-3 section 2.4.2.3: what stays the same in a stream, and the frame's length in bytes.
    private static func mpegAudio(_ head: [UInt32]) -> (format: UInt32, length: Int)? {
        let word = head[0] << 24 | head[1] << 16 | head[2] << 8 | head[3]
        let (version, layer) = (Int(word >> 19 & 3), 4 - Int(word >> 17 & 3))
        let (rateCode, bitCode, padding) = (Int(word >> 10 & 3), Int(word >> 12 & 15), Int(word >> 9 & 1))
        guard word >> 21 == 0x7ff, version != 1, layer != 4, rateCode != 3, (1...14).contains(bitCode) else {
            return nil
        }
        let rate = [44_100, 48_000, 32_000][rateCode] >> (version == 3 ? 0 : version == 2 ? 1 : 2)
        let table = version == 3 ? kilobits[layer - 1] : kilobits[layer == 1 ? 3 : 4]
        let bits = table[bitCode - 1] * 1000
        let length =
            switch (layer, version) {
            case (1, _): (12 * bits / rate + padding) * 4
            case (3, 0), (3, 2): 72 * bits / rate + padding
            default: 144 * bits / rate + padding
            }
        return (word & 0xfffe_0c00, length)
    }

    /// ISO 13818-7 section 6.2.
    private static func adts(_ head: [UInt32]) -> (format: UInt32, length: Int)? {
        guard head[0] == 0xff, head[1] & 0xf6 == 0xf0 else { return nil }
        let length = Int((head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5)
        return ((head[1] & 0xf8) << 8 | head[2] & 0xfd, length)
    }

    /// kbit/s by code from 1 on: version 1 layers I to III, version 2 layer I, version 2 layers II and III.
    private static let kilobits = [
        [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
        [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
        [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
        [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
        [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ]
}
