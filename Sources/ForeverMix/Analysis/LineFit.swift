import Foundation

/// A robust line from beat index to time.
///
/// Seeds from steady runs of beats all over the track are grown outward, each doubling fitted again to the beats that
/// lie near; the one that most beats lie on is kept (a deterministic kin of RANSAC, Fischler & Bolles 1981).
package enum LineFit {
    /// `time = first + period * index`. **Units:** s.
    package struct Line: Sendable {
        package var first: Double
        package var period: Double

        /// The nearest index that is a multiple of `1 / parts`.
        func index(_ seconds: Double, parts: Double) -> Double {
            ((seconds - first) / period * parts).rounded() / parts
        }

        func time(_ index: Double) -> Double { first + period * index }
    }

    package struct Point {
        package var index: Double
        package var seconds: Double
        package var weight: Double
    }

    private static let seedCount = 24
    private static let seedBeats = 24

    package static func fit(_ marks: [BeatGrid.Mark], parts: Double) -> Line? {
        var best: (line: Line, weight: Double)?
        let run = min(seedBeats, marks.count)
        var seen = -1
        for k in 0..<seedCount {
            let start = (marks.count - run) * k / (seedCount - 1)
            guard start != seen else { continue }
            seen = start
            guard let seed = seedLine(marks[start..<(start + run)]),
                let line = grow(marks, seed, around: start + run / 2, parts: parts)
            else { continue }
            var weight = 0.0
            for mark in marks {
                let distance = abs(mark.seconds - line.time(line.index(mark.seconds, parts: parts)))
                if distance < BeatGrid.inlierSeconds { weight += mark.weight * (1 - distance / BeatGrid.inlierSeconds) }
            }
            if weight > best?.weight ?? 0 { best = (line, weight) }
        }
        return best?.line
    }

    /// A line through one run of beats, from the median interval and least squares.
    private static func seedLine(_ run: ArraySlice<BeatGrid.Mark>) -> Line? {
        let times = run.map(\.seconds)
        let intervals = zip(times.dropFirst(), times).map { $0 - $1 }.sorted()
        guard !intervals.isEmpty else { return nil }
        let median = intervals[intervals.count / 2]
        guard median > 0.1 else { return nil }
        var points: [Point] = []
        var index = 0.0
        var last = times[0]
        for mark in run {
            index += ((mark.seconds - last) / median).rounded()
            last = mark.seconds
            points.append(Point(index: index, seconds: mark.seconds, weight: mark.weight + 0.05))
        }
        return leastSquares(points)
    }

    /// Takes in beats farther and farther from `centre` and fits again at each doubling.
    private static func grow(_ marks: [BeatGrid.Mark], _ seed: Line, around centre: Int, parts: Double) -> Line? {
        var line = seed
        var reach = 16
        while true {
            let range = max(0, centre - reach)..<min(marks.count, centre + reach)
            for limit in [0.05, 0.03, BeatGrid.inlierSeconds] {
                let points = marks[range].compactMap { mark -> Point? in
                    let index = line.index(mark.seconds, parts: parts)
                    guard abs(mark.seconds - line.time(index)) < limit else { return nil }
                    return Point(index: index, seconds: mark.seconds, weight: mark.weight + 0.02)
                }
                guard points.count >= 6, let better = leastSquares(points) else { return nil }
                line = better
            }
            if range.count == marks.count { return line }
            reach *= 2
        }
    }

    /// The weighted least-squares line; nil where it would not rise.
    package static func leastSquares(_ points: [Point]) -> Line? {
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
    package static func judge(_ marks: [BeatGrid.Mark], _ line: Line, parts: Double)
        -> (residual: Double, share: Double, bend: Double)
    {
        var all = 0.0
        var inside = 0.0
        var square = 0.0
        let eighths = 8
        var sums = [Double](repeating: 0, count: eighths)
        var weights = sums
        for (at, mark) in marks.enumerated() {
            all += mark.weight
            let distance = mark.seconds - line.time(line.index(mark.seconds, parts: parts))
            guard abs(distance) < BeatGrid.inlierSeconds else { continue }
            inside += mark.weight
            square += mark.weight * distance * distance
            let part = at * eighths / marks.count
            sums[part] += mark.weight * distance
            weights[part] += mark.weight
        }
        guard inside > 0 else { return (1, 0, 1) }
        var bend = 0.0
        for part in 0..<eighths where weights[part] > 0.04 * inside {
            bend = max(bend, abs(sums[part] / weights[part]))
        }
        return ((square / inside).squareRoot(), inside / all, bend)
    }
}
