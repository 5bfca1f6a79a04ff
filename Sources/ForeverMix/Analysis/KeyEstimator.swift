import Foundation

/// The key of a track from its chromagram.
///
/// The sum over the track is compared with major and minor profiles in all twelve keys (Krumhansl & Schmuckler's
/// method), with the mean of two profiles: Sha'ath's (2011) and that for electronic music of Faraldo, Gómez, Jordà &
/// Herrera (ECIR 2016).
package struct KeyEstimator: Sendable {
    package struct Result: Sendable {
        package var key: MusicalKey
        /// Correlation with the best key's profiles, and how far it is ahead of the next key's.
        package var match: Double
        package var lead: Double
        /// 0 ... 1: how likely the key is right.
        package var confidence: Double
    }

    /// Tonic upwards: a profile of each author.
    private static let major: [[Double]] = [
        [1.00, 0.00, 0.42, 0.00, 0.53, 0.37, 0.00, 0.77, 0.00, 0.38, 0.21, 0.30],
        [6.6, 2.0, 3.5, 2.3, 4.6, 4.0, 2.5, 5.2, 2.4, 3.7, 2.3, 3.4],
    ]
    private static let minor: [[Double]] = [
        [1.00, 0.00, 0.36, 0.39, 0.00, 0.38, 0.00, 0.74, 0.27, 0.00, 0.42, 0.23],
        [6.5, 2.7, 3.5, 5.4, 2.6, 3.5, 2.5, 5.2, 4.0, 2.7, 4.3, 3.2],
    ]

    package init() {}

    /// nil where there is too little sound with a pitch.
    package func estimate(_ chromagram: Chromagram) -> Result? {
        let needed = AnalysisLimits.keySecondsMin * Double(AnalysisLimits.chromaFramesPerSecond)
        guard Double(chromagram.soundingCount) >= needed else { return nil }
        let sum = chromagram.sum
        guard sum.reduce(0, +) > 0 else { return nil }
        var scores: [(score: Double, key: MusicalKey)] = []
        for tonic in 0..<12 {
            let turned = (0..<12).map { sum[(tonic + $0) % 12] }
            for (mode, profiles) in [(MusicalKey.Mode.major, KeyEstimator.major), (.minor, KeyEstimator.minor)] {
                let match = profiles.reduce(0) { $0 + KeyEstimator.correlation(turned, $1) } / Double(profiles.count)
                scores.append((match, MusicalKey(pitchClass: tonic, mode: mode)))
            }
        }
        let bass = KeyEstimator.bassShares(chromagram)
        let withBass = scores.max { one, other in
            one.score + KeyEstimator.bassSupport(one.key, bass) < other.score
                + KeyEstimator.bassSupport(other.key, bass)
        }
        scores.sort { $0.score > $1.score }
        let second = scores[1]
        let confidence = KeyEstimator.confidence(match: scores[0].score, lead: scores[0].score - second.score)
        return Result(
            key: scores[0].key, match: scores[0].score, lead: scores[0].score - second.score,
            confidence: withBass?.key == scores[0].key ? confidence : KeyEstimator.doubt * confidence)
    }

    /// What is left of the confidence where the bass prefers another key, the relative one most often.
    private static let doubt = 0.8

    /// How much more than by chance the bass plays each pitch class: 1 is as much as any.
    private static func bassShares(_ chromagram: Chromagram) -> [Double] {
        var shares = [Double](repeating: 0, count: 12)
        for row in chromagram.bass { for k in 0..<12 { shares[k] += Double(row[k]) } }
        let total = shares.reduce(0, +)
        return shares.map { total > 0 ? 12 * $0 / total : 1 }
    }

    /// A bass plays the tonic, and less of the fifth, more than other notes.
    private static func bassSupport(_ key: MusicalKey, _ shares: [Double]) -> Double {
        0.1 * shares[key.pitchClass] + 0.02 * shares[(key.pitchClass + 7) % 12]
    }

    /// How often such a match and lead were right: a logistic curve fitted to rendered tracks with known keys.
    static func confidence(match: Double, lead: Double) -> Double {
        1 / (1 + exp(-(confidenceWeights.bias + confidenceWeights.match * match + confidenceWeights.lead * lead)))
    }

    private static let confidenceWeights = (bias: -1.383, match: 1.993, lead: 11.52)

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
