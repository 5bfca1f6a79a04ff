import Foundation

/// Cuts a row of bars into sections: where what sounds changes for longer.
///
/// The cut that leaves the least variation within sections, each cut costing something, and one that does not come
/// after 8, 16, 24, ... bars costing more: dance music changes at multiples of eight bars. Found exactly by dynamic
/// programming (Jensen, "Multiple Scale Music Segmentation", EURASIP 2007, did so for self-similarity).
package struct SectionFinder: Sendable {
    /// What a cut costs, in variances of one feature over one bar.
    package var cutCost = 30.0
    /// What is added when the section before is no multiple of 8, of 4, of 2 bars.
    package var oddCosts = (eight: 8.0, four: 14.0, two: 14.0)
    /// How many units of the rows the harmony's direction is long: other chords throughout are a change that is heard.
    package var harmonyWeight = 4.0
    /// **Units:** bars.
    package static let lengthMax = 256

    package init() {}

    /// **Shape:** `rows` one a bar, all of one length, each feature scaled so that 1 is a change that is heard; `harmony`
    /// twelve values a bar, a direction of length 1, or empty.
    /// **Returns** the first bars of the sections, 0 the first of them.
    package func cuts(_ rows: [[Double]], harmony: [[Float]] = []) -> [Int] {
        let count = rows.count
        guard count > 1 else { return count > 0 ? [0] : [] }
        let variation = variation(rows, harmony: harmony)
        var best = [Double](repeating: .infinity, count: count + 1)
        var previous = [Int](repeating: 0, count: count + 1)
        best[0] = 0
        for end in 1...count {
            for start in max(0, end - SectionFinder.lengthMax)..<end where best[start] < .infinity {
                var cost = best[start] + variation.of(start, end) + cutCost
                // The last section may end, and the first begin, in the middle of a phrase.
                if end < count { cost += (start == 0 ? 0.5 : 1) * oddCost(end - start) }
                if cost < best[end] {
                    best[end] = cost
                    previous[end] = start
                }
            }
        }
        var result: [Int] = []
        var at = count
        while at > 0 {
            at = previous[at]
            result.append(at)
        }
        return result.reversed()
    }

    func variation(_ rows: [[Double]], harmony: [[Float]]) -> BarVariation {
        BarVariation(rows, harmony: harmony.map { $0.map { harmonyWeight * Double($0) } })
    }

    private func oddCost(_ length: Int) -> Double {
        if length % 8 == 0 { return 0 }
        if length % 4 == 0 { return oddCosts.eight }
        if length % 2 == 0 { return oddCosts.eight + oddCosts.four }
        return oddCosts.eight + oddCosts.four + oddCosts.two
    }
}
