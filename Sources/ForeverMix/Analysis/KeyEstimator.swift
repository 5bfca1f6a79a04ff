import Foundation

/// The key of a track: the one whose evidence weighs most, and how much of the belief it has.
package struct KeyEstimator: Sendable {
    package struct Result: Sendable {
        package var key: MusicalKey
        /// 0 ... 1: how likely the key is right.
        package var confidence: Double
    }

    package init() {}

    /// nil where there is too little sound with a pitch. `bars` and the `cuts` between them as the structure has them.
    package func estimate(
        _ chromagram: Chromagram, bars: [(start: Double, end: Double)], cuts: [Int], beatsPerBar: Int
    ) -> Result? {
        let needed = AnalysisLimits.keySecondsMin * Double(AnalysisLimits.chromaFramesPerSecond)
        let chords = ChordTimeline(chromagram, bars: bars, beatsPerBar: beatsPerBar)
        guard Double(chromagram.soundingCount) >= needed,
            let evidence = KeyEvidence(chromagram, chords: chords, cuts: cuts)
        else { return nil }
        let scores = evidence.rows.map { row in zip(row, KeyModel.weights).reduce(0) { $0 + $1.0 * $1.1 } }
        let best = scores.max() ?? 0
        let key = scores.firstIndex(of: best) ?? 0
        let belief = scores.reduce(0) { $0 + exp($1 - best) }
        return Result(
            key: MusicalKey(pitchClass: key % 12, mode: key < 12 ? .major : .minor), confidence: 1 / belief)
    }
}
