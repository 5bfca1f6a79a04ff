/// Seeded random numbers: SplitMix64 (Steele, Lea, Flood 2014). The same seed draws the same music everywhere.
struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0 ..< 1.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
    mutating func between(_ range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * unit()
    }
    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }
    mutating func chance(_ probability: Double) -> Bool { unit() < probability }
    mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }
    /// -1 ..< 1, for noise.
    mutating func bipolar() -> Float { Float(2 * unit() - 1) }
}
