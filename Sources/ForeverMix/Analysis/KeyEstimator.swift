import Foundation

/// The key of a track from its chroma.
///
/// Every frame is brought to one weight before the sum, so that loud parts do not decide alone; the sum is compared
/// with major and minor profiles in all twelve keys (Krumhansl & Schmuckler's method; profiles for electronic music of
/// Faraldo, Gómez, Jordà & Herrera, ECIR 2016).
package struct KeyEstimator: Sendable {
    package struct Result: Sendable {
        package var key: MusicalKey
        /// 0 ... 1: how far the best key is ahead of the best one that would not mix with it.
        package var confidence: Double
    }

    /// C ... B over the tonic.
    private static let major: [Double] = [1.00, 0.00, 0.42, 0.00, 0.53, 0.37, 0.00, 0.77, 0.00, 0.38, 0.21, 0.30]
    private static let minor: [Double] = [1.00, 0.00, 0.36, 0.39, 0.00, 0.38, 0.00, 0.74, 0.27, 0.00, 0.42, 0.23]

    package init() {}

    /// nil where there is too little sound with a pitch.
    package func estimate(chroma: [[Float]]) -> Result? {
        var sum = [Double](repeating: 0, count: 12)
        var frames = 0
        let loudest = chroma.reduce(Float(0)) { max($0, $1.reduce(0, +)) }
        guard loudest > 0 else { return nil }
        for row in chroma {
            let total = row.reduce(0, +)
            guard total > loudest * 0.01 else { continue }
            frames += 1
            let weight = 1 / Double(total).squareRoot()
            for pitchClass in 0..<12 { sum[pitchClass] += Double(row[pitchClass]) * weight }
        }
        guard Double(frames) >= AnalysisLimits.keySecondsMin * Double(AnalysisLimits.chromaFramesPerSecond) else {
            return nil
        }
        var scores: [(score: Double, key: MusicalKey)] = []
        for tonic in 0..<12 {
            let turned = (0..<12).map { sum[(tonic + $0) % 12] }
            scores.append((KeyEstimator.correlation(turned, KeyEstimator.major), MusicalKey(pitchClass: tonic, mode: .major)))
            scores.append((KeyEstimator.correlation(turned, KeyEstimator.minor), MusicalKey(pitchClass: tonic, mode: .minor)))
        }
        scores.sort { $0.score > $1.score }
        let best = scores[0]
        let rival = scores.dropFirst().first { !KeyEstimator.related($0.key, best.key) } ?? scores[1]
        let lead = best.score - rival.score
        let second = best.score - scores[1].score
        let confidence = max(0, min(1, (best.score - 0.4) / 0.5)) * max(0, min(1, 0.35 + 2.0 * lead + 3.0 * second))
        return Result(key: best.key, confidence: max(0, min(1, confidence)))
    }

    /// Relative keys and neighbours in the circle of fifths of one mode.
    static func related(_ a: MusicalKey, _ b: MusicalKey) -> Bool {
        let step = (a.pitchClass - b.pitchClass + 12) % 12
        if a.mode == b.mode { return step == 5 || step == 7 }
        return a.mode == .minor ? step == 9 : step == 3
    }

    private static func correlation(_ a: [Double], _ b: [Double]) -> Double {
        let meanA = a.reduce(0, +) / Double(a.count)
        let meanB = b.reduce(0, +) / Double(b.count)
        var ab = 0.0
        var aa = 0.0
        var bb = 0.0
        for k in 0..<a.count {
            ab += (a[k] - meanA) * (b[k] - meanB)
            aa += (a[k] - meanA) * (a[k] - meanA)
            bb += (b[k] - meanB) * (b[k] - meanB)
        }
        return aa * bb > 0 ? ab / (aa * bb).squareRoot() : 0
    }
}
