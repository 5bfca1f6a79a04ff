import Foundation

/// Which beats begin a bar, and how many beats a bar has.
///
/// Three kinds of evidence at each beat: chords and bass notes change there (Davies & Plumbley, EUSIPCO 2006), the low
/// drums are loud there, and the sound as a whole becomes another. One phase is kept through the track.
package struct DownbeatEstimator: Sendable {
    package struct Result: Sendable {
        package var beatsPerBar: Int
        /// Index into the beats of the first downbeat.
        package var phase: Int
        /// 0 ... 1: how far the best phase is ahead of the next.
        package var confidence: Double
    }

    package init() {}

    /// `beats` in seconds; nil for fewer than sixteen.
    package func estimate(beats: [Double], frames: OnsetFrames, chromagram: Chromagram) -> Result? {
        guard beats.count >= 16 else { return nil }
        let count = beats.count
        let low = DownbeatEstimator.standardised(
            DownbeatEstimator.peaks(OnsetStrength.bands(frames)[0], beats))
        let chord = DownbeatEstimator.standardised(DownbeatEstimator.changes(chromagram.chroma, beats))
        let bassChange = DownbeatEstimator.standardised(DownbeatEstimator.changes(chromagram.bass, beats))
        let novelty = DownbeatEstimator.standardised(levelChanges(frames, beats))
        var evidence = [Double](repeating: 0, count: count)
        for at in 0..<count {
            evidence[at] = 0.5 * low[at] + chord[at]
            evidence[at] += bassChange[at] + 0.7 * novelty[at]
        }

        var results: [(bar: Int, phase: Int, score: Double, lead: Double)] = []
        for bar in [4, 3] {
            var scores: [Double] = []
            for phase in 0..<bar {
                let places = Swift.stride(from: phase, to: count, by: bar)
                var sum = 0.0
                var number = 0.0
                for at in places {
                    sum += evidence[at]
                    number += 1
                }
                scores.append(sum / max(1, number))
            }
            let order = scores.indices.sorted { scores[$0] > scores[$1] }
            results.append((bar, order[0], scores[order[0]], scores[order[0]] - scores[order[1]]))
        }
        let four = results[0]
        let three = results[1]
        let isThree = three.score > 1.25 * four.score && three.score > 0.35
        let chosen = isThree ? three : four
        let confidence = max(0, min(1, chosen.lead / 1.2)) * min(1, Double(count) / 64)
        return Result(beatsPerBar: chosen.bar, phase: chosen.phase, confidence: confidence)
    }

    private static func peaks(_ band: [Float], _ beats: [Double]) -> [Double] {
        beats.map { beat in
            let place = Int((beat * 100).rounded())
            var top: Float = 0
            for k in max(0, place - 2)...max(0, min(band.count - 1, place + 3)) where k < band.count {
                top = max(top, band[k])
            }
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

    /// How much the level of the four beats after differs from that of the four before.
    private func levelChanges(_ frames: OnsetFrames, _ beats: [Double]) -> [Double] {
        let levels = beats.indices.map { at -> (Double, Double) in
            let from = max(0, min(frames.count - 1, Int(beats[at] * 100)))
            let end = at + 1 < beats.count ? beats[at + 1] : beats[at] + 0.5
            let until = max(from + 1, min(frames.count, Int(end * 100)))
            var low: Float = 0
            var all: Float = 0
            for k in from..<until {
                low += frames.lowLevel[k]
                all += frames.level[k]
            }
            let scale = 1 / Double(until - from)
            return (log(1e-3 + Double(low) * scale), log(1e-3 + Double(all) * scale))
        }
        return beats.indices.map { at in
            guard at >= 4, at + 4 <= beats.count else { return 0 }
            let before = levels[(at - 4)..<at]
            let after = levels[at..<(at + 4)]
            let low = abs(after.reduce(0) { $0 + $1.0 } - before.reduce(0) { $0 + $1.0 }) / 4
            let all = abs(after.reduce(0) { $0 + $1.1 } - before.reduce(0) { $0 + $1.1 }) / 4
            return min(2, low + all)
        }
    }

    private static func standardised(_ values: [Double]) -> [Double] {
        let mean = values.reduce(0, +) / Double(max(1, values.count))
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, values.count))
        guard variance > 1e-12 else { return values.map { _ in 0 } }
        return values.map { ($0 - mean) / variance.squareRoot() }
    }
}
