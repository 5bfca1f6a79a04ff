import Foundation

/// A pulse as a function from index to time: one constant line where the tempo is constant, else a map through knots.
///
/// A median of beat intervals is off by the hop's rounding, half a percent; a line fitted through hundreds of beats is
/// right to some thousandths of a percent, and runs on through passages without drums.
package struct BeatGrid: Sendable {
    package enum Shape: Sendable {
        /// `time = first + period * index`. **Units:** s.
        case line(first: Double, period: Double)
        /// Times of index 0, 1, 2, ...; linear between them, at the end's own tempo outside. **Units:** s.
        case map([Double])
    }

    package var shape: Shape
    /// Root mean square of the inliers' distance from the grid. **Units:** s.
    package var residualSeconds: Double
    /// Share of the tracked beats, weighted by how clear they are, that lie on the grid.
    package var inlierShare: Double

    /// A line is accepted below this residual and above this share.
    package static let residualSecondsMax = 0.012
    package static let inlierShareMin = 0.75
    /// Largest mean deviation of an eighth of the track from an accepted line. **Units:** s.
    package static let bendSecondsMax = 0.010
    /// How far an attack may lie from its place on the grid. **Units:** s.
    package static let inlierSeconds = 0.025

    package var isConstant: Bool {
        if case .line = shape { return true }
        return false
    }

    /// Time of a fractional index. **Units:** s.
    package func time(_ index: Double) -> Double {
        switch shape {
        case .line(let first, let period):
            return first + period * index
        case .map(let knots):
            let last = knots.count - 1
            if index <= 0 { return knots[0] + index * BeatGrid.edgePeriod(knots.prefix(9)) }
            if index >= Double(last) {
                return knots[last] + (index - Double(last)) * BeatGrid.edgePeriod(knots.suffix(9))
            }
            let at = Int(index)
            return knots[at] + (index - Double(at)) * (knots[at + 1] - knots[at])
        }
    }

    private static func edgePeriod(_ knots: ArraySlice<Double>) -> Double {
        guard let first = knots.first, let last = knots.last, knots.count > 1 else { return 0.5 }
        return (last - first) / Double(knots.count - 1)
    }

    /// Mean period of one index, over the steadier half of the intervals. **Units:** s.
    package var period: Double {
        switch shape {
        case .line(_, let period):
            return period
        case .map(let knots):
            let intervals = zip(knots.dropFirst(), knots).map { $0 - $1 }.sorted()
            let middle = intervals.dropFirst(intervals.count / 4).dropLast(intervals.count / 4)
            return middle.isEmpty ? 0.5 : middle.reduce(0, +) / Double(middle.count)
        }
    }

    /// Times of indices `phase + k * step` within `from ... until`, ascending.
    package func times(step: Double, phase: Double, from: Double, until: Double) -> [Double] {
        let start: Double
        switch shape {
        case .line(let first, let period):
            start = ((from - first) / period - phase) / step
        case .map(let knots):
            let before = (knots[0] - from) / max(0.05, BeatGrid.edgePeriod(knots.prefix(9)))
            start = (-max(0, before) - phase) / step
        }
        var result: [Double] = []
        var k = (start - 1).rounded(.down)
        // Bounded: the index steps are at least a sixth of a tracked beat.
        let most = Int((until - from) / 0.05) + 8
        for _ in 0..<most {
            let time = time(phase + k * step)
            if time > until { break }
            if time >= from, time >= 0 { result.append(time) }
            k += 1
        }
        return result
    }

    /// A tracked beat, its time taken from the attack near it.
    package struct Mark: Sendable {
        package var seconds: Double
        /// How clear the attack is, 0 ... 1.
        package var weight: Double
        package init(seconds: Double, weight: Double) {
            self.seconds = seconds
            self.weight = weight
        }
    }

    /// Fits a grid to tracked beats; nil for fewer than eight.
    ///
    /// Each of `parts` is how finely marks may lie between indices and still be on the line, tried in order: 2 lets a
    /// tracker jump by half a beat, as it does in passages without drums, and still finds the one line; 3 by a third.
    package static func fit(_ marks: [Mark], parts: [Double]) -> BeatGrid? {
        guard marks.count >= 8 else { return nil }
        for part in parts {
            guard let line = LineFit.fit(marks, parts: part) else { continue }
            let judged = LineFit.judge(marks, line, parts: part)
            // The finer the places, the more marks lie on them by chance.
            let share = part > 2 ? max(inlierShareMin, 0.9) : inlierShareMin
            if judged.residual <= residualSecondsMax, judged.share >= share, judged.bend <= bendSecondsMax {
                return BeatGrid(
                    shape: .line(first: line.first, period: line.period), residualSeconds: judged.residual,
                    inlierShare: judged.share)
            }
        }
        return map(marks)
    }

    /// Beats as tracked, each drawn to a line through its neighbours so that one late attack does not bend the map.
    package static func map(_ marks: [Mark]) -> BeatGrid? {
        let count = marks.count
        guard count >= 8 else { return nil }
        let reach = 3
        var knots: [Double] = []
        knots.reserveCapacity(count)
        var square = 0.0
        var inside = 0.0
        var all = 0.0
        for at in 0..<count {
            let points = (max(0, at - reach)...min(count - 1, at + reach)).map { k -> LineFit.Point in
                let nearness = 1 - Double(abs(k - at)) / Double(reach + 1)
                return LineFit.Point(
                    index: Double(k - at), seconds: marks[k].seconds, weight: (marks[k].weight + 0.05) * nearness)
            }
            let smooth = LineFit.leastSquares(points)?.first ?? marks[at].seconds
            let distance = marks[at].seconds - smooth
            all += marks[at].weight
            if abs(distance) < inlierSeconds {
                inside += marks[at].weight
                square += marks[at].weight * distance * distance
            }
            if smooth > (knots.last ?? -1) + 0.1 { knots.append(smooth) }
        }
        guard knots.count >= 8 else { return nil }
        return BeatGrid(
            shape: .map(knots), residualSeconds: inside > 0 ? (square / inside).squareRoot() : 1,
            inlierShare: all > 0 ? inside / all : 0)
    }
}
