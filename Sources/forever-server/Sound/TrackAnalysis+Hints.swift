import ForeverCore
import ForeverMix

extension TrackAnalysis {
    /// What a cue point that somebody set counts as a place to enter or to leave, 0 ... 1.
    private static let markedScore = 0.9
    /// Share of the track at each end in which a mark is one for entering or leaving; the analyser's own reach.
    private static let markedReach = 0.45

    /// The analysis with the places that somebody marked in the file among those where transitions may begin.
    ///
    /// Marks are hints: each is taken for the bar line nearest to it, if it is within a beat of it, and only raises that place;
    /// where bars are not trusted nothing changes.
    package func hinted(by hints: TagHints?) -> TrackAnalysis {
        guard let marks = hints?.cuePoints, trusted.downbeats, downbeats.count > 1, beats.count > 1 else { return self }
        let beat = (beats[beats.count - 1] - beats[0]) / Double(beats.count - 1)
        let length = soundEnd - soundStart
        var result = self
        for mark in marks.prefix(TrackAnalysis.marksMax) {
            guard let line = downbeats.min(by: { abs($0 - mark) < abs($1 - mark) }), abs(line - mark) < beat else {
                continue
            }
            let place = (line - soundStart) / length
            if place <= TrackAnalysis.markedReach { TrackAnalysis.mark(line, in: &result.structure.entries) }
            if 1 - place <= TrackAnalysis.markedReach { TrackAnalysis.mark(line, in: &result.structure.exits) }
        }
        return result
    }

    /// Marks of one file that are looked at.
    private static let marksMax = 64

    private static func mark(_ seconds: Double, in cues: inout [TrackStructure.CuePoint]) {
        cues.removeAll { abs($0.seconds - seconds) < 0.001 && $0.score < markedScore }
        guard !cues.contains(where: { abs($0.seconds - seconds) < 0.001 }) else { return }
        let place = cues.firstIndex { $0.score < markedScore } ?? cues.endIndex
        cues.insert(TrackStructure.CuePoint(seconds: seconds, score: markedScore), at: place)
    }
}
