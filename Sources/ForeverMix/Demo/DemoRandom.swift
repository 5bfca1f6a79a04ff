/// The demo crate's own random numbers: SplitMix64 (Steele, Lea, Flood 2014).
///
/// A value: the same seed and stream give the same numbers on every machine and in every run. Streams of one seed
/// are independent, so that drawing one number more in one place changes nothing anywhere else.
struct DemoRandom: Sendable {
    private var state: UInt64

    init(seed: UInt64, stream: UInt64 = 0) {
        state = seed &+ stream &* 0xD134_2543_DE82_EF95
        state = next() ^ (stream &* 0x2545_F491_4F6C_DD1D)
        _ = next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0 ..< 1.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// -1 ..< 1, for noise.
    mutating func bipolar() -> Float { Float(Int32(truncatingIfNeeded: next() >> 32)) * 0x1p-31 }

    mutating func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }

    mutating func integer(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    mutating func chance(_ probability: Double) -> Bool { unit() < probability }

    mutating func pick<Item>(_ items: [Item]) -> Item { items[integer(0...(items.count - 1))] }

    /// Fisher-Yates.
    mutating func shuffled<Item>(_ items: [Item]) -> [Item] {
        var result = items
        for index in stride(from: result.count - 1, to: 0, by: -1) {
            result.swapAt(index, integer(0...index))
        }
        return result
    }
}
