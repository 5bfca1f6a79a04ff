import ForeverRelay

/// A made-up stream with real frame headers, in which every byte can be told from its position.
struct TestStream {
    static let format = StreamFormat(bitrateKbps: 128)!
    static let epoch = Epoch("0123456789abcdef")!

    var format = Self.format
    var salt: UInt64 = 0

    func byte(at position: StreamPosition) -> UInt8 {
        switch position % format.frameBytes {
        case 0: return 0xFF
        case 1: return 0xFB
        case 2: return UInt8(StreamFormat.bitratesKbps.firstIndex(of: format.bitrateKbps)! + 1) << 4 | 4
        case 3: return 0x44
        default:
            var mixed = UInt64(bitPattern: position) &+ salt
            mixed = (mixed ^ mixed >> 31) &* 0x9E37_79B9_7F4A_7C15
            return UInt8(truncatingIfNeeded: mixed >> 56) & 0x7F
        }
    }

    func bytes(_ from: StreamPosition, _ to: StreamPosition) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(Int(max(0, to - from)))
        var position = from
        while position < to {
            result.append(byte(at: position))
            position += 1
        }
        return result
    }
}

/// Same numbers every time.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// Seeds must not lie a whole step apart, or one sequence is the other's end.
    init(_ seed: UInt64) { state = seed &* 0xD1B5_4A32_D192_ED03 &+ 1 }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
