import Foundation

/// Which beats begin a bar, and in which time signature.
///
/// Every time signature and phase is a hypothesis, kept through the whole track. What happens at the bar's places, chords
/// and bass notes that change (Davies & Plumbley, EUSIPCO 2006), drums by band, levels that rise or fall, and how
/// beats are divided, is scored by a linear model fitted to music with known bars.
package struct DownbeatEstimator: Sendable {
    package struct Hypothesis: Sendable {
        package var timeSignature: TimeSignature
        /// Index into the beats of the first downbeat.
        package var phase: Int
        package var score: Double
        /// Share of belief among all hypotheses, 0 ... 1.
        package var probability: Double
    }

    /// Bars are looked for in this many beats at least.
    private static let beatsMin = 16

    package init() {}

    /// The likeliest first; none for too few beats. **Units:** `beats` s, `tempo` beats a minute.
    package func hypotheses(
        beats: [Double], tempo: Double, frames: OnsetFrames, chromagram: Chromagram
    ) -> [Hypothesis] {
        guard beats.count >= DownbeatEstimator.beatsMin else { return [] }
        let evidence = MetreEvidence(beats: beats, frames: frames, chromagram: chromagram)
        var result: [Hypothesis] = []
        for signature in [TimeSignature.fourFour, .threeFour, .sixEight] {
            let whole = DownbeatEstimator.features(of: signature, evidence: evidence, tempo: tempo)
            let weights = DownbeatModel.weights(signature)
            for phase in 0..<signature.beatsPerBar {
                let features = DownbeatEstimator.features(of: signature, phase: phase, evidence: evidence) + whole
                var score = 0.0
                for (feature, weight) in zip(features, weights) { score += feature * weight }
                result.append(Hypothesis(timeSignature: signature, phase: phase, score: score, probability: 0))
            }
        }
        result.sort { $0.score > $1.score }
        let top = result[0].score
        let total = result.reduce(0) { $0 + exp($1.score - top) }
        for at in result.indices { result[at].probability = exp(result[at].score - top) / total }
        return result
    }

    /// Every stream's mean on the downbeat, and on the beat before it and the third one where there are such.
    private static func features(of signature: TimeSignature, phase: Int, evidence: MetreEvidence) -> [Double] {
        let bar = signature.beatsPerBar
        return evidence.streams.flatMap { stream -> [Double] in
            var means = [mean(stream, every: bar, from: phase)]
            if bar > 2 { means.append(mean(stream, every: bar, from: (phase + bar - 1) % bar)) }
            if bar > 3 { means.append(mean(stream, every: bar, from: (phase + 2) % bar)) }
            return means
        }
    }

    /// What speaks for a signature against the others, whatever the phase.
    private static func features(of signature: TimeSignature, evidence: MetreEvidence, tempo: Double) -> [Double] {
        func alike(_ lag: Int, not other: Int) -> Double {
            evidence.similarity(lag: lag) - evidence.similarity(lag: other)
        }
        switch signature {
        case .fourFour: return []
        case .threeFour: return [1, alike(3, not: 4), alike(6, not: 8)]
        case .sixEight:
            let octaves = log2(tempo / 70)
            return [1, alike(2, not: 4), alike(6, not: 8)] + evidence.thirds + evidence.bothThirds
                + [min(1, abs(octaves)) * min(1, abs(octaves)), octaves]
        }
    }

    private static func mean(_ stream: [Double], every step: Int, from first: Int) -> Double {
        var sum = 0.0
        var count = 0.0
        for at in Swift.stride(from: first, to: stream.count, by: step) {
            sum += stream[at]
            count += 1
        }
        return count > 0 ? sum / count : 0
    }
}
