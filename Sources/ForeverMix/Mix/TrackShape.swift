import Foundation

/// What the planner asks of a track's structure: where phrases begin, who sounds when. Of a track whose structure is not
/// known it knows nothing, which speaks neither for nor against a place.
struct TrackShape: Sendable {
    private let structure: TrackStructure
    private let timbre: BeatTimbre
    private let duration: Double
    /// Where phrases begin; empty where that is not trusted. **Units:** s.
    let phrases: [Double]

    /// How near a time must be to a phrase's start to be it. **Units:** s.
    static let nearSeconds = 0.06

    init(_ analysis: TrackAnalysis) {
        structure = analysis.structure
        timbre = analysis.timbre
        duration = analysis.duration
        phrases = analysis.trusted.phrases ? analysis.structure.phrases : []
    }

    /// How much begins at `seconds`: 0 where no phrase does, 0.6 for one of 8 bars, up to 1 for one of 32; nil where
    /// phrases are not known.
    func phraseWeight(at seconds: Double) -> Double? {
        guard !phrases.isEmpty else { return nil }
        func isIn(_ starts: [Double]) -> Bool { starts.contains { abs($0 - seconds) < TrackShape.nearSeconds } }
        guard isIn(phrases) else { return 0 }
        let longer = structure.phraseLevels.filter { $0.bars > BeatMatch.phraseBars && isIn($0.starts) }
        return min(1, 0.6 + longer.reduce(0) { $0 + 0.2 * $1.confidence })
    }

    /// How good a place to leave (to enter) `seconds` is, 0 ... 1.
    func exitScore(at seconds: Double) -> Double { TrackShape.score(structure.exits, at: seconds) }
    func entryScore(at seconds: Double) -> Double { TrackShape.score(structure.entries, at: seconds) }

    private static func score(_ cues: [TrackStructure.CuePoint], at seconds: Double) -> Double {
        cues.first { abs($0.seconds - seconds) < nearSeconds }?.score ?? 0
    }

    /// How much of `part` sounds at `seconds`, 0 ... 1; nil where no bar is known.
    func activity(_ part: KeyPath<TrackStructure.Bar, Double>, at seconds: Double) -> Double? {
        var low = 0
        var high = structure.bars.count
        while low < high {
            let middle = (low + high) / 2
            if structure.bars[middle].start <= seconds + TrackShape.nearSeconds {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low > 0 ? structure.bars[low - 1][keyPath: part] : nil
    }

    /// How differently beats of this and of another track sound; nil where one has no colours. **Units:** dB.
    func distance(beat: Int, to other: TrackShape, beat otherBeat: Int) -> Double? {
        guard timbre.count > 0, other.timbre.count > 0 else { return nil }
        return Double(
            timbre.distance(
                min(max(beat, 0), timbre.count - 1), to: other.timbre, min(max(otherBeat, 0), other.timbre.count - 1)))
    }
}
