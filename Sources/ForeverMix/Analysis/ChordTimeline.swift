import Foundation

/// Which chord sounds in each half of each bar, as likelihoods: the chroma against the twelve major and twelve minor
/// triads, the bass against their roots (Fujishima, "Realtime Chord Recognition of Musical Sound", ICMC 1999).
package struct ChordTimeline: Sendable {
    package struct Segment: Sendable {
        /// Which bar, and whether it is the beginning of it.
        package var bar: Int
        package var isBarStart: Bool
        /// Loud enough to count.
        package var sounds: Bool
        /// C ... B major, C ... B minor; they sum up to 1.
        package var chords: [Double]
    }

    package private(set) var segments: [Segment] = []

    /// How sharply a better match is preferred, and what the bass counts.
    private static let sharpness = 12.0
    private static let bassWeight = 0.6
    /// Segments with less than this share of what sounds in the fullest tenth are silent.
    private static let soundingShare = 0.1
    private static let triads = [[0, 4, 7], [0, 3, 7]]

    /// `bars` in order; of a track without any, stretches of time. Bars of three beats are one chord each.
    package init(_ chromagram: Chromagram, bars: [(start: Double, end: Double)], beatsPerBar: Int) {
        let rate = Double(AnalysisLimits.chromaFramesPerSecond)
        var weights: [Float] = []
        for (at, bar) in bars.enumerated() {
            let halves = beatsPerBar == 3 ? 1 : 2
            for half in 0..<halves {
                let length = (bar.end - bar.start) / Double(halves)
                let first = Int(((bar.start + Double(half) * length) * rate).rounded())
                let last = max(first + 1, Int(((bar.start + Double(half + 1) * length) * rate).rounded()))
                guard first >= 0, first < chromagram.chroma.count else { continue }
                let rows = first..<min(last, chromagram.chroma.count)
                let all = ChordTimeline.sum(chromagram.chroma[rows])
                let bass = ChordTimeline.sum(chromagram.bass[rows])
                weights.append(all.reduce(0, +) / Float(rows.count))
                segments.append(
                    Segment(
                        bar: at, isBarStart: half == 0, sounds: true, chords: ChordTimeline.likelihoods(all, bass)))
            }
        }
        let least = Float(ChordTimeline.soundingShare) * OnsetStrength.percentile(weights, 0.9)
        for at in segments.indices { segments[at].sounds = weights[at] > least }
    }

    private static func sum(_ rows: ArraySlice<[Float]>) -> [Float] {
        rows.reduce(into: [Float](repeating: 0, count: 12)) { sum, row in for k in 0..<12 { sum[k] += row[k] } }
    }

    private static func likelihoods(_ all: [Float], _ bass: [Float]) -> [Double] {
        func direction(_ values: [Float]) -> [Double] {
            let length = values.reduce(0) { $0 + Double($1 * $1) }.squareRoot()
            return values.map { length > 0 ? Double($0) / length : 0 }
        }
        let (all, bass) = (direction(all), direction(bass))
        let norm = 3.0.squareRoot()
        let matches = triads.flatMap { triad -> [Double] in
            (0..<12).map { root -> Double in
                let notes: Double = triad.reduce(0) { $0 + all[(root + $1) % 12] }
                return notes / norm + bassWeight * bass[root]
            }
        }
        let best = matches.max() ?? 0
        let weights = matches.map { exp(sharpness * ($0 - best)) }
        let total = weights.reduce(0, +)
        return weights.map { $0 / total }
    }
}
