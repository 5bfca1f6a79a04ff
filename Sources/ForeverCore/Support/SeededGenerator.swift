/// A source of random numbers that gives the same ones for the same seed, for ever and everywhere.
///
/// xoshiro256** by Blackman and Vigna (2018), its state filled by SplitMix64 as its authors advise. The drawing of
/// ranges and orders is ours too, so that no change of the standard library changes a station's programme.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    public init(seed: UInt64) {
        var word = seed
        func next() -> UInt64 {
            word &+= 0x9E37_79B9_7F4A_7C15
            var mixed = word
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
        state = (next(), next(), next(), next())
    }

    public mutating func next() -> UInt64 {
        let result = rotated(state.1 &* 5, by: 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotated(state.3, by: 45)
        return result
    }

    /// A number in `0 ..< bound`, evenly (Lemire's multiply, its bias below 2^-32 for bounds below 2^32).
    public mutating func next(below bound: Int) -> Int {
        precondition(bound > 0, "an empty range has no number to draw")
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A number in `0 ..< 1`.
    public mutating func nextUnit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// The elements in a drawn order (Fisher and Yates).
    public mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var result = elements
        var last = result.count - 1
        while last > 0 {
            result.swapAt(last, next(below: last + 1))
            last -= 1
        }
        return result
    }

    private func rotated(_ word: UInt64, by bits: UInt64) -> UInt64 {
        (word << bits) | (word >> (64 - bits))
    }
}
