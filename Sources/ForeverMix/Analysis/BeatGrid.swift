import Foundation

/// Beats as times: one constant line through the whole track where the tempo is constant, else a beat map.
///
/// A median of beat intervals is off by the hop's rounding, half a percent; a line fitted through hundreds of beats is
/// right to some thousandths of a percent, and runs on through passages without drums.
package struct BeatGrid: Sendable {
    /// Ascending. **Units:** s.
    package var beats: [Double]
    /// Whether `beats` are one line.
    package var isConstant: Bool
    /// **Units:** beats a minute.
    package var tempo: Double
    /// Root mean square of the inliers' distance from the line or map. **Units:** s.
    package var residualSeconds: Double
    /// Share of the tracked beats, weighted by how clear they are, that lie on the line or map.
    package var inlierShare: Double

    /// A line is accepted below this residual and above this share.
    package static let residualSecondsMax = 0.012
    package static let inlierShareMin = 0.75
    /// How far an attack may lie from its place on the line. **Units:** s.
    private static let inlierSeconds = 0.025

    /// A tracked beat, its time taken from the attack near it.
    package struct Mark: Sendable {
        package var seconds: Double
        /// How clear the attack is, 0 ... 1.
        package var weight: Double
    }

    /// `time = first + period * index`.
    struct Line {
        var first: Double
        var period: Double
        func index(_ seconds: Double) -> Double { ((seconds - first) / period).rounded() }
        func time(_ index: Double) -> Double { first + period * index }
    }

    /// Fits a grid to tracked beats; nil for fewer than eight. The grid covers `from ..< until`.
    package static func fit(_ marks: [Mark], from: Double, until: Double) -> BeatGrid? {
        guard marks.count >= 8 else { return nil }
        if let line = fitLine(marks) {
            let judged = judge(marks, line)
            if judged.residual <= residualSecondsMax, judged.share >= inlierShareMin, judged.bend <= 0.010 {
                let first = ((from - line.first) / line.period - 0.1).rounded(.up)
                let last = ((until - line.first) / line.period).rounded(.down)
                if last > first {
                    let beats = stride(from: first, through: last, by: 1).map { line.time($0) }.filter { $0 >= 0 }
                    return BeatGrid(
                        beats: beats, isConstant: true, tempo: 60 / line.period, residualSeconds: judged.residual,
                        inlierShare: judged.share)
                }
            }
        }
        return map(marks, from: from, until: until)
    }

    /// The line that most of the beats lie on: grown from the steadiest run of beats outward.
    static func fitLine(_ marks: [Mark]) -> Line? {
        var best: (line: Line, weight: Double)?
        let run = min(24, marks.count)
        var starts: [Int] = []
        let candidates = 24
        for k in 0..<candidates { starts.append((marks.count - run) * k / max(1, candidates - 1)) }
        var seen = -1
        for start in starts where start != seen {
            seen = start
            guard let seed = seedLine(marks[start..<(start + run)]) else { continue }
            guard let line = grow(marks, seed, around: start + run / 2) else { continue }
            let weight = marks.reduce(0) { sum, mark in
                let distance = abs(mark.seconds - line.time(line.index(mark.seconds)))
                return sum + (distance < inlierSeconds ? mark.weight * (1 - distance / inlierSeconds) : 0)
            }
            if weight > best?.weight ?? 0 { best = (line, weight) }
        }
        return best?.line
    }

    /// A line through one run of beats, from the median interval and least squares.
    private static func seedLine(_ run: ArraySlice<Mark>) -> Line? {
        let times = run.map(\.seconds)
        let intervals = zip(times.dropFirst(), times).map { $0 - $1 }.sorted()
        guard let median = intervals.isEmpty ? nil : intervals[intervals.count / 2], median > 0.1 else { return nil }
        var points: [(index: Double, seconds: Double, weight: Double)] = []
        var index = 0.0
        var last = times[0]
        for mark in run {
            index += ((mark.seconds - last) / median).rounded()
            last = mark.seconds
            points.append((index, mark.seconds, mark.weight + 0.05))
        }
        return leastSquares(points)
    }

    /// Takes in beats farther and farther from `centre` and fits again at each doubling.
    private static func grow(_ marks: [Mark], _ seed: Line, around centre: Int) -> Line? {
        var line = seed
        var reach = 16
        while true {
            let range = max(0, centre - reach)..<min(marks.count, centre + reach)
            for limit in [0.05, 0.03, inlierSeconds] {
                let points = marks[range].compactMap { mark -> (Double, Double, Double)? in
                    let index = line.index(mark.seconds)
                    guard abs(mark.seconds - line.time(index)) < limit else { return nil }
                    return (index, mark.seconds, mark.weight + 0.02)
                }
                guard points.count >= 6, let better = leastSquares(points) else { return nil }
                line = better
            }
            if range.count == marks.count { return line }
            reach *= 2
        }
    }

    private static func leastSquares(_ points: [(index: Double, seconds: Double, weight: Double)]) -> Line? {
        var w = 0.0
        var wx = 0.0
        var wy = 0.0
        for point in points {
            w += point.weight
            wx += point.weight * point.index
            wy += point.weight * point.seconds
        }
        guard w > 0 else { return nil }
        let meanX = wx / w
        let meanY = wy / w
        var xx = 0.0
        var xy = 0.0
        for point in points {
            xx += point.weight * (point.index - meanX) * (point.index - meanX)
            xy += point.weight * (point.index - meanX) * (point.seconds - meanY)
        }
        guard xx > 0, xy > 0 else { return nil }
        let period = xy / xx
        return Line(first: meanY - period * meanX, period: period)
    }

    /// Residual of the inliers, their weighted share, and the largest mean deviation of an eighth of the track.
    private static func judge(_ marks: [Mark], _ line: Line) -> (residual: Double, share: Double, bend: Double) {
        var all = 0.0
        var inside = 0.0
        var square = 0.0
        let parts = 8
        var sums = [Double](repeating: 0, count: parts)
        var weights = sums
        for (at, mark) in marks.enumerated() {
            all += mark.weight
            let distance = mark.seconds - line.time(line.index(mark.seconds))
            guard abs(distance) < inlierSeconds else { continue }
            inside += mark.weight
            square += mark.weight * distance * distance
            let part = at * parts / marks.count
            sums[part] += mark.weight * distance
            weights[part] += mark.weight
        }
        guard inside > 0 else { return (1, 0, 1) }
        var bend = 0.0
        for part in 0..<parts where weights[part] > 0.04 * inside { bend = max(bend, abs(sums[part] / weights[part])) }
        return ((square / inside).squareRoot(), inside / all, bend)
    }

    /// Beats as tracked, each drawn to a line through its neighbours so that one late attack does not bend the map.
    private static func map(_ marks: [Mark], from: Double, until: Double) -> BeatGrid {
        let count = marks.count
        let reach = 3
        var beats: [Double] = []
        beats.reserveCapacity(count)
        var square = 0.0
        var inside = 0.0
        var all = 0.0
        for at in 0..<count {
            let range = max(0, at - reach)...min(count - 1, at + reach)
            let points = range.map { k in
                (Double(k - at), marks[k].seconds, (marks[k].weight + 0.05) * (1 - Double(abs(k - at)) / Double(reach + 1)))
            }
            let smooth = leastSquares(points)?.time(0) ?? marks[at].seconds
            let distance = marks[at].seconds - smooth
            all += marks[at].weight
            if abs(distance) < inlierSeconds {
                inside += marks[at].weight
                square += marks[at].weight * distance * distance
            }
            if smooth > (beats.last ?? -1) + 0.1 { beats.append(smooth) }
        }
        let intervals = zip(beats.dropFirst(), beats).map { $0 - $1 }.sorted()
        let median = intervals.isEmpty ? 0.5 : intervals[intervals.count / 2]
        // Run on to both ends of the sound at the tempo found there.
        if let first = beats.first, beats.count > 8 {
            let period = (beats[8] - first) / 8
            var time = first - period
            var before: [Double] = []
            while time >= max(0, from - 0.1 * period) {
                before.append(time)
                time -= period
            }
            beats = before.reversed() + beats
        }
        if let last = beats.last, beats.count > 8 {
            let period = (last - beats[beats.count - 9]) / 8
            var time = last + period
            while time < until {
                beats.append(time)
                time += period
            }
        }
        // The mean over the steady middle half of the intervals, finer than the median's hop.
        let middle = intervals.dropFirst(intervals.count / 4).dropLast(intervals.count / 4)
        let mean = middle.isEmpty ? median : middle.reduce(0, +) / Double(middle.count)
        return BeatGrid(
            beats: beats.filter { $0 >= 0 }, isConstant: false, tempo: 60 / mean,
            residualSeconds: inside > 0 ? (square / inside).squareRoot() : 1, inlierShare: all > 0 ? inside / all : 0)
    }
}
