import Foundation

/// A track's short-term level after its gain, as power, for judging where two tracks may overlap.
struct LevelCurve: Sendable {
    /// Sums of power up to each point of the loudness curve; one more than points.
    private let sums: [Double]
    /// Powers of the short-term curve; empty where the analysis has none that is long enough. The loudness curve looks
    /// at 400 ms of every 500, which at some tempi are always the same part of the beat.
    private let shortTerm: [Double]
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
        let whole = analysis.shortTermCurve.dropFirst(LevelCurve.firstWholePoint)
        shortTerm = whole.map { pow(10, (Double($0) + gainDecibels) / 10) }
    }

    /// The first point of a short-term curve whose three seconds lie inside the track.
    private static let firstWholePoint = 3

    /// Mean power over 3 s around `seconds`.
    func power(at seconds: Double) -> Double {
        guard let last = shortTerm.indices.last else { return loudnessPower(at: seconds) }
        let end = (seconds + LevelCurve.halfWindow) / TrackAnalysis.shortTermCurveHop
        let place = min(max(end - Double(LevelCurve.firstWholePoint), 0), Double(last))
        let at = min(Int(place), last)
        let share = place - Double(at)
        return shortTerm[at] * (1 - share) + shortTerm[min(at + 1, last)] * share
    }

    private func loudnessPower(at seconds: Double) -> Double {
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
