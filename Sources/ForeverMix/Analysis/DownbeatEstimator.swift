import Foundation

/// Which beats begin a bar, and how many beats a bar has.
///
/// Every bar length and phase is a hypothesis, kept through the whole track. What happens at the bar's places, chords
/// and bass notes that change (Davies & Plumbley, EUSIPCO 2006), drums by band, levels that rise or fall, is scored by
/// a linear model fitted to music with known bars.
package struct DownbeatEstimator: Sendable {
    package struct Hypothesis: Sendable {
        package var beatsPerBar: Int
        /// Index into the beats of the first downbeat.
        package var phase: Int
        package var features: [Double]
        package var score: Double
        /// Share of belief among all hypotheses, 0 ... 1.
        package var probability: Double
    }

    /// Streams of evidence, one number a beat each.
    private static let streamCount = 9
    /// Bars are looked for in this many beats at least.
    private static let beatsMin = 16

    package init() {}

    /// The likeliest first; none for too few beats. `beats` in seconds.
    package func hypotheses(beats: [Double], frames: OnsetFrames, chromagram: Chromagram) -> [Hypothesis] {
        guard beats.count >= DownbeatEstimator.beatsMin else { return [] }
        let streams = evidence(beats, frames, chromagram)
        let alike = [3, 4, 6, 8].map { DownbeatEstimator.similarity(streams, lag: $0) }
        var result: [Hypothesis] = []
        for bar in [4, 3] {
            // means[stream][residue]
            let means = streams.map { stream in (0..<bar).map { DownbeatEstimator.mean(stream, every: bar, from: $0) } }
            for phase in 0..<bar {
                var own: [Double] = []
                for stream in means {
                    own.append(stream[phase])
                    own.append(stream[(phase + bar - 1) % bar])
                    if bar == 4 { own.append(stream[(phase + 2) % bar]) }
                }
                let other = [Double](repeating: 0, count: DownbeatEstimator.streamCount * (bar == 4 ? 2 : 3))
                var features = bar == 4 ? own + other : other + own
                let sign = bar == 4 ? 1.0 : -1.0
                features.append(sign)
                features.append(sign * (alike[1] - alike[0]))
                features.append(sign * (alike[3] - alike[2]))
                var score = 0.0
                for (feature, weight) in zip(features, DownbeatModel.weights) { score += feature * weight }
                result.append(
                    Hypothesis(beatsPerBar: bar, phase: phase, features: features, score: score, probability: 0))
            }
        }
        result.sort { $0.score > $1.score }
        let top = result[0].score
        let total = result.reduce(0) { $0 + exp($1.score - top) }
        for at in result.indices { result[at].probability = exp(result[at].score - top) / total }
        return result
    }

    private func evidence(_ beats: [Double], _ frames: OnsetFrames, _ chromagram: Chromagram) -> [[Double]] {
        var streams = OnsetStrength.bands(frames).map { DownbeatEstimator.peaks($0, beats) }
        streams.append(DownbeatEstimator.changes(chromagram.chroma, beats))
        streams.append(DownbeatEstimator.changes(chromagram.bass, beats))
        let levels = BeatLevels(frames: frames, beats: beats)
        streams.append(levels.changes)
        streams.append(levels.lowRises)
        // A low drum between this beat and the next.
        let between = beats.indices.map { $0 + 1 < beats.count ? (beats[$0] + beats[$0 + 1]) / 2 : beats[$0] + 0.25 }
        streams.append(DownbeatEstimator.peaks(OnsetStrength.bands(frames)[0], between))
        return streams.map { DownbeatEstimator.standardised($0) }
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

    /// Correlation of all streams with themselves `lag` beats later.
    private static func similarity(_ streams: [[Double]], lag: Int) -> Double {
        var cross = 0.0
        var own = 1e-9
        for stream in streams where stream.count > lag {
            for at in 0..<(stream.count - lag) {
                cross += stream[at] * stream[at + lag]
                own += stream[at] * stream[at]
            }
        }
        return cross / own
    }

    private static func peaks(_ band: [Float], _ beats: [Double]) -> [Double] {
        beats.map { beat in
            let place = Int((beat * AnalysisLimits.hopsPerSecond).rounded())
            var top: Float = 0
            for k in max(0, place - 2)...max(0, place + 3) where k < band.count { top = max(top, band[k]) }
            return Double(min(2, top))
        }
    }

    /// Cosine distance between the chroma of the beat before and of the beat after.
    private static func changes(_ chroma: [[Float]], _ beats: [Double]) -> [Double] {
        guard !chroma.isEmpty else { return beats.map { _ in 0 } }
        let rate = Double(AnalysisLimits.chromaFramesPerSecond)
        func sum(_ from: Double, _ until: Double) -> [Double] {
            var total = [Double](repeating: 0, count: 12)
            let first = max(0, min(chroma.count - 1, Int((from * rate).rounded())))
            let last = max(first, min(chroma.count - 1, Int((until * rate).rounded()) - 1))
            for row in chroma[first...last] {
                for k in 0..<12 { total[k] += Double(row[k]) }
            }
            return total
        }
        return beats.indices.map { at in
            guard at > 0, at + 1 < beats.count else { return 0 }
            let before = sum(beats[at - 1] + 0.05, beats[at])
            let after = sum(beats[at] + 0.1, beats[at + 1] + 0.05)
            var ab = 0.0
            var aa = 1e-12
            var bb = 1e-12
            for k in 0..<12 {
                ab += before[k] * after[k]
                aa += before[k] * before[k]
                bb += after[k] * after[k]
            }
            return 1 - ab / (aa * bb).squareRoot()
        }
    }

    private static func standardised(_ values: [Double]) -> [Double] {
        let mean = values.reduce(0, +) / Double(max(1, values.count))
        var variance = 0.0
        for value in values { variance += (value - mean) * (value - mean) }
        variance /= Double(max(1, values.count))
        guard variance > 1e-12 else { return values.map { _ in 0 } }
        return values.map { ($0 - mean) / variance.squareRoot() }
    }
}
