import Foundation

/// Decides at which metrical level and phase a pulse is the beat.
///
/// A tracker finds some pulse of the music nearly always; whether it is the beat, its double, its half or the off-beat
/// is decided here, over the whole track, between explicit hypotheses.
package struct BeatLevel: Sendable {
    /// A way to hear the pulse.
    package struct Hypothesis: Sendable {
        package var name: String
        /// Frames of its beats, fractional.
        package var beats: [Double]
        package var features: [Double]
        package var score: Double
    }

    private let low: [Float]
    private let middle: [Float]
    private let high: [Float]
    private let linear: [Float]

    package init(frames: OnsetFrames) {
        low = OnsetStrength.normalised(frames.low)
        middle = OnsetStrength.normalised(frames.middle)
        high = OnsetStrength.normalised(frames.high)
        linear = OnsetStrength.normalised(frames.linear)
    }

    /// All hypotheses about a pulse, the likeliest first.
    package func hypotheses(_ pulse: [Int]) -> [Hypothesis] {
        guard pulse.count >= 8 else { return [] }
        let beats = pulse.map(Double.init)
        let between = zip(beats.dropFirst(), beats).map { ($0 + $1) / 2 }
        let even = stride(from: 0, to: beats.count, by: 2).map { beats[$0] }
        let odd = stride(from: 1, to: beats.count, by: 2).map { beats[$0] }
        let double = (beats + between).sorted()
        let lists: [(String, [Double])] = [
            ("as tracked", beats), ("off-beat", between), ("double", double), ("half, even", even), ("half, odd", odd),
        ]
        var result = lists.compactMap { name, list -> Hypothesis? in
            guard let tempo = BeatLevel.tempo(list), tempo >= AnalysisLimits.tempoMin, tempo <= AnalysisLimits.tempoMax
            else { return nil }
            let features = features(list, tempo: tempo)
            let score = zip(features, BeatLevel.weights).reduce(0) { $0 + $1.0 * $1.1 }
            return Hypothesis(name: name, beats: list, features: features, score: score)
        }
        result.sort { $0.score > $1.score }
        return result
    }

    /// Beats a minute from the median interval of frames.
    package static func tempo(_ beats: [Double]) -> Double? {
        guard beats.count >= 4 else { return nil }
        let intervals = zip(beats.dropFirst(), beats).map { $0 - $1 }.sorted()
        let middle = intervals.dropFirst(intervals.count / 4).dropLast(intervals.count / 4)
        return 6_000 * Double(middle.count) / middle.reduce(0, +)
    }

    /// Weights of `features`.
    package static let weights: [Double] = [-4, 0.4, 0.1, 0, 0.8, 0, 0, 0, 0, 0]

    private func features(_ beats: [Double], tempo: Double) -> [Double] {
        let distance = log2(tempo / 118)
        var result = [distance * distance]
        for band in [low, middle, high, linear] {
            let on = mean(band, beats, 0)
            let off = mean(band, beats, 0.5)
            result.append(log((on + 0.05) / (off + 0.05)))
        }
        for band in [low, middle, high, linear] {
            let even = mean(band, stride(from: 0, to: beats.count, by: 2).map { beats[$0] }, 0)
            let odd = mean(band, stride(from: 1, to: beats.count, by: 2).map { beats[$0] }, 0)
            result.append(abs(log((even + 0.05) / (odd + 0.05))))
        }
        result.append(1)
        return result
    }

    /// Mean of a band's peaks at one phase of every beat.
    private func mean(_ band: [Float], _ beats: [Double], _ phase: Double) -> Double {
        guard beats.count >= 2 else { return 0 }
        var sum = 0.0
        for at in 0..<(beats.count - 1) {
            let place = Int((beats[at] + phase * (beats[at + 1] - beats[at])).rounded())
            var top: Float = 0
            for k in max(0, place - 2)...max(0, min(band.count - 1, place + 2)) { top = max(top, band[k]) }
            sum += Double(top)
        }
        return sum / Double(beats.count - 1)
    }
}
