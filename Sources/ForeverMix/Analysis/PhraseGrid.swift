import Foundation

/// Which phrases of eight bars make one of sixteen, and which of these one of thirty-two.
///
/// Each phrase has a place in a turn of four; the likeliest places are found by dynamic programming: the more changes
/// where a phrase begins, the likelier it begins a longer one. The turn runs on through sections, and starts anew where
/// that explains more than it costs, or where a phrase was cut short.
package struct PhraseGrid {
    /// Bars from phrase to phrase on each level.
    package static let levels = [8, 16, 32]

    /// Each phrase's place, 0 ... 3: 0 begins thirty-two bars, 0 and 2 sixteen.
    package private(set) var places: [Int] = []
    private let changes: [Double]

    /// What a start anew costs: more than one full change may bring, unless a phrase was cut short.
    private static let restart = 0.9
    private static let restartAfterShort = 0.15
    private static let turn = 4
    /// What a change is worth where sixteen and where thirty-two bars begin.
    private static let worth = [1.0, 0, 0.7, 0]

    /// **Shape:** one value a phrase in both. `changes` says how much changes where it begins, 0 ... 1, and `lengths` how
    /// many bars it has.
    package init(changes: [Double], lengths: [Int]) {
        self.changes = changes
        guard !changes.isEmpty else { return }
        let turn = PhraseGrid.turn
        // The first phrase begins something, however it sounds.
        var scores = (0..<turn).map { place in place == 0 ? 0.5 : 0.0 }
        var previous: [[Int]] = [[Int](0..<turn)]
        for at in 1..<max(1, changes.count) {
            let cost =
                lengths[at - 1] < StructureEstimator.phraseBars ? PhraseGrid.restartAfterShort : PhraseGrid.restart
            let best = scores.indices.max { scores[$0] < scores[$1] } ?? 0
            var next: [Double] = []
            var from: [Int] = []
            for place in 0..<turn {
                let before = (place + turn - 1) % turn
                let leaps = scores[best] - cost > scores[before]
                from.append(leaps ? best : before)
                next.append((leaps ? scores[best] - cost : scores[before]) + PhraseGrid.worth[place] * changes[at])
            }
            scores = next
            previous.append(from)
        }
        var place = scores.indices.max { scores[$0] < scores[$1] } ?? 0
        for at in changes.indices.reversed() {
            places.append(place)
            place = previous[at][place]
        }
        places.reverse()
    }

    /// Whether a phrase begins one of so many bars.
    package func begins(_ bars: Int, at phrase: Int) -> Bool {
        bars == 8 || places[phrase] == 0 || (bars == 16 && places[phrase] == 2)
    }

    /// How far the changes agree on the longer phrases, and how many of them do: 0 where they come at random, nearly 1
    /// where four or more fall on the starts of the longer phrases and none beside.
    package func confidence(_ bars: Int) -> Double {
        let step = bars == 16 ? 1 : 2
        var (on, all, count) = (0.0, 0.0, 0.0)
        for at in changes.indices.dropFirst() where places[at] % step == 0 {
            all += changes[at]
            if places[at] % (2 * step) == 0 {
                on += changes[at]
                count += min(1, changes[at])
            }
        }
        guard all > 0 else { return 0 }
        return max(0, 2 * on / all - 1) * (1 - pow(0.5, count))
    }
}
