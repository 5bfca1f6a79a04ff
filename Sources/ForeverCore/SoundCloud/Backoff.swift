/// How long to wait after failures: doubling from the first wait to the longest, between half of it and the whole, so
/// that many stations do not come back in the same moment. Pure.
package struct Backoff: Sendable {
    package let range: ClosedRange<Double>
    package private(set) var failures = 0

    package init(_ range: ClosedRange<Double>) { self.range = range }

    /// Another failure: how long to wait now. **Units:** s.
    package mutating func failed(using generator: inout SeededGenerator) -> Double {
        var wait = range.lowerBound
        for _ in 0..<min(failures, 40) where wait < range.upperBound { wait *= 2 }
        failures += 1
        let whole = min(wait, range.upperBound)
        return whole / 2 + whole / 2 * generator.nextUnit()
    }

    package mutating func succeeded() { failures = 0 }
}
