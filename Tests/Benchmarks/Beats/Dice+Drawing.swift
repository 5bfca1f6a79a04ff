import ForeverTestKit

/// What the wide set draws. The same seed draws the same music everywhere.
extension Dice {
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
