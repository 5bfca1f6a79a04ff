import ForeverMix

/// How well one track was heard.
struct TrackScore {
    var name: String
    var group: String
    var beats70: Double
    var beats20: Double
    var anyLevel: Double
    /// **Units:** ms.
    var offset: Double?
    var downbeats: Double
    var isTempoRight: Bool
    var isTempoRightToAnOctave: Bool
    /// nil where the tempo changes or is wrong. **Units:** percent.
    var tempoError: Double?
    var isSignatureRight: Bool
    /// nil where no key is known.
    var keyExact: Double?
    var keyWeighted: Double?
    /// Section starts that were found within half a bar, true ones, found ones.
    var cuts: (hit: Int, truth: Int, found: Int)
    var trusted: TrackAnalysis.Trusted
    var seconds: Double
    var cpuSeconds: Double

    init(_ analysis: TrackAnalysis, _ truth: Truth, cpuSeconds: Double) {
        name = truth.name
        group = truth.group
        let beats = BeatScore.trimmed(truth.beats)
        let found = BeatScore.trimmed(analysis.beats)
        beats70 = BeatScore.fMeasure(beats, found)
        beats20 = BeatScore.fMeasure(beats, found, window: 0.02)
        anyLevel = BeatScore.anyLevel(beats, found)
        offset = BeatScore.offset(beats, found).map { $0 * 1_000 }
        downbeats = BeatScore.fMeasure(BeatScore.trimmed(truth.downbeats), BeatScore.trimmed(analysis.downbeats))
        let tempo = analysis.tempo ?? 0
        isTempoRight = abs(tempo / truth.tempo - 1) < 0.04
        isTempoRightToAnOctave = [1, 2, 3, 0.5, 1.0 / 3].contains { abs(tempo * $0 / truth.tempo - 1) < 0.04 }
        tempoError = truth.isConstant && isTempoRight ? abs(tempo / truth.tempo - 1) * 100 : nil
        isSignatureRight = analysis.timeSignature.rawValue == truth.timeSignature
        keyExact = truth.key.map { $0 == analysis.key ? 1 : 0 }
        keyWeighted = truth.key.map { TrackScore.weight($0, analysis.key) }
        let bar = truth.downbeats.count > 1 ? truth.downbeats[1] - truth.downbeats[0] : 2
        let starts = analysis.structure.sections.dropFirst().map(\.start)
        cuts = (
            truth.sectionStarts.filter { time in starts.contains { abs($0 - time) < bar / 2 } }.count,
            truth.sectionStarts.count, truth.sectionStarts.isEmpty ? 0 : starts.count
        )
        trusted = analysis.trusted
        seconds = analysis.duration
        self.cpuSeconds = cpuSeconds
    }

    /// MIREX: the fifth counts half, the relative key three tenths, the parallel one two.
    private static func weight(_ truth: MusicalKey, _ found: MusicalKey?) -> Double {
        guard let found else { return 0 }
        let steps = (found.pitchClass - truth.pitchClass + 12) % 12
        if steps == 0 { return found.mode == truth.mode ? 1 : 0.2 }
        if found.mode == truth.mode { return steps == 7 ? 0.5 : 0 }
        return steps == (truth.mode == .major ? 9 : 3) ? 0.3 : 0
    }
}
