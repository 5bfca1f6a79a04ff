import Foundation

/// A track's short-term level after its gain, as power, for judging where two tracks may overlap.
struct LevelCurve: Sendable {
    /// Sums of power up to each point of the loudness curve; one more than points.
    private let sums: [Double]
    private static let hop = TrackAnalysis.loudnessCurveHop
    /// Half the window of short-term loudness. **Units:** s.
    private static let halfWindow = 1.5

    init(_ analysis: TrackAnalysis, gainDecibels: Double) {
        let points = max(analysis.loudnessCurve.count, 1)
        var sums = [0.0]
        sums.reserveCapacity(points + 1)
        for i in 0..<points {
            let level = i < analysis.loudnessCurve.count ? Double(analysis.loudnessCurve[i]) : analysis.loudness
            let power = level.isFinite ? pow(10, (max(level, -90) + gainDecibels) / 10) : 1e-9
            sums.append(sums[i] + power)
        }
        self.sums = sums
    }

    /// Mean power over 3 s around `seconds`.
    func power(at seconds: Double) -> Double {
        mean(from: seconds - LevelCurve.halfWindow, to: seconds + LevelCurve.halfWindow)
    }

    /// Mean of the short-term power over the ten seconds that end 1.5 s before `seconds`.
    func powerBefore(_ seconds: Double) -> Double { meanShortTerm(from: seconds - 11.5, to: seconds - 1.5) }

    /// Mean of the short-term power over the ten seconds that begin 1.5 s after `seconds`.
    func powerAfter(_ seconds: Double) -> Double { meanShortTerm(from: seconds + 1.5, to: seconds + 11.5) }

    private func meanShortTerm(from: Double, to: Double) -> Double {
        var sum = 0.0
        var count = 0.0
        var time = from
        while time <= to + 1e-9 {
            sum += power(at: time)
            count += 1
            time += 1
        }
        return sum / count
    }

    /// Mean power of the curve's points in a span of time, at least one point; the curve's ends go on as they are.
    private func mean(from: Double, to: Double) -> Double {
        let last = sums.count - 2
        let low = min(max(Int((from / LevelCurve.hop).rounded(.up)), 0), last)
        let high = min(max(Int((to / LevelCurve.hop).rounded(.down)), low), last)
        return (sums[high + 1] - sums[low]) / Double(high + 1 - low)
    }
}

/// Power ratio in decibels, bounded below.
func decibels(_ power: Double) -> Double { 10 * log10(max(power, 1e-12)) }
