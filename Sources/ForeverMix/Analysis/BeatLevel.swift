import Foundation

/// Decides at which metrical level and phase a pulse is the beat.
///
/// A tracker finds some pulse of the music nearly always; whether it is the beat, its double, its half, a third or the
/// off-beat is decided here, over the whole track, between explicit hypotheses. Each is described by some numbers
/// (`BeatEvidence`) and scored by a small network fitted to music with known beats.
package struct BeatLevel: Sendable {
    /// A way to hear a pulse: every `step`-th index of the grid from `phase` on.
    package struct Hypothesis: Sendable {
        /// Which of the pulses.
        package var pulse: Int
        package var step: Double
        package var phase: Double
        /// **Units:** beats a minute.
        package var tempo: Double
        /// **Units:** s.
        package var beats: [Double]
        package var features: [Double]
        package var score: Double
        /// Share of belief among all hypotheses, 0 ... 1.
        package var probability: Double
    }

    /// Steps and how many phases of each are tried.
    private static let steps: [(step: Double, phases: [Double])] = [
        (1, [0, 0.5, 1.0 / 3, 2.0 / 3]),
        (2, [0, 1, 0.5, 1.5]),
        (0.5, [0, 0.25]),
        (3, [0, 1, 2]),
        (1.5, [0, 0.5, 1]),
        (2.0 / 3, [0, 1.0 / 3]),
        (1.0 / 3, [0]),
        (4, [0, 1, 2, 3]),
        (4.0 / 3, [0, 1.0 / 3, 2.0 / 3, 1]),
        (0.75, [0, 0.25, 0.5]),
    ]

    package init() {}

    /// All hypotheses about some pulses within `tempi`, the likeliest first.
    package func hypotheses(
        _ pulses: [BeatGrid], evidence: BeatEvidence, from: Double, until: Double, tempi: ClosedRange<Double>
    ) -> [Hypothesis] {
        var result: [Hypothesis] = []
        for (at, pulse) in pulses.enumerated() {
            for (step, phases) in BeatLevel.steps {
                let tempo = 60 / (pulse.period * step)
                guard tempi.contains(tempo) else { continue }
                for phase in phases {
                    let beats = pulse.times(step: step, phase: phase, from: from, until: until)
                    guard beats.count >= 8 else { continue }
                    let features = evidence.features(beats: beats, tempo: tempo)
                    let score = BeatLevelModel.score(features)
                    result.append(
                        Hypothesis(
                            pulse: at, step: step, phase: phase, tempo: tempo, beats: beats, features: features,
                            score: score, probability: 0))
                }
            }
        }
        result.sort { $0.score > $1.score }
        return BeatLevel.believed(result)
    }

    /// Shares of belief; hypotheses that say the same about two pulses count once.
    private static func believed(_ sorted: [Hypothesis]) -> [Hypothesis] {
        guard let top = sorted.first else { return [] }
        var result: [Hypothesis] = []
        for one in sorted where !result.contains(where: { $0.says(one) }) { result.append(one) }
        let total = result.reduce(0) { $0 + exp($1.score - top.score) }
        for at in result.indices { result[at].probability = exp(result[at].score - top.score) / total }
        return result
    }
}

extension BeatLevel.Hypothesis {
    /// Share of beats that two hypotheses have in common when they are one.
    private static let sameShare = 0.9
    /// How near each other their beats then are, in beats.
    private static let sameBeats = 0.1

    /// Whether the other one has the same beats, all but a few.
    fileprivate func says(_ other: BeatLevel.Hypothesis) -> Bool {
        guard other.pulse != pulse, abs(other.tempo / tempo - 1) < 0.02 else { return false }
        let reach = BeatLevel.Hypothesis.sameBeats * 60 / tempo
        var (i, j, common) = (0, 0, 0)
        while i < beats.count, j < other.beats.count {
            let distance = other.beats[j] - beats[i]
            if abs(distance) < reach { common += 1 }
            if distance > -reach { i += 1 }
            if distance < reach { j += 1 }
        }
        return Double(common) > BeatLevel.Hypothesis.sameShare * Double(max(beats.count, other.beats.count))
    }
}
