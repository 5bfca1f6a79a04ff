import ForeverCore
import ForeverMix

extension TrackAnalysis {
    /// The analysis with what somebody put right by hand: what a hand says is trusted, however sure the analysis was.
    package func corrected(by correction: Correction) -> TrackAnalysis {
        guard analysisVersion > 0, !correction.isEmpty else { return self }
        var result = self
        if let bar = correction.beatsPerBar {
            result.beatsPerBar = bar
            result.timeSignature = TimeSignature(beatsPerBar: bar)
        }
        if let beats = correction.beats {
            result.take(beats: beats.filter { $0 <= duration }, downbeats: correction.downbeats)
        } else if let tempo = correction.tempo, let first = correction.firstBeat {
            result.take(beats: grid(tempo: tempo, through: first), throughDownbeat: first)
        } else if let octave = correction.tempoOctave ?? correction.tempo.flatMap(octave(towards:)) {
            result.shift(octaves: octave)
        } else if let range = correction.tempoRange, let octave = octave(into: range[0]...range[1]) {
            // A range for many tracks says which level is meant, not that the beats were found.
            result.shift(octaves: octave)
            result.confidence.beats = confidence.beats
            result.trusted.beats = trusted.beats
        }
        if let key = correction.key.flatMap({ KeyFact(written: $0) }), let pitch = key.pitchClass {
            result.key = MusicalKey(pitchClass: pitch, mode: key.isMinor == true ? .minor : .major)
            result.confidence.key = 1
            result.trusted.key = true
        }
        if correction.neverMix == true {
            result.trusted.beats = false
            result.trusted.downbeats = false
            result.trusted.phrases = false
        }
        return result
    }

    /// How often the tempo doubles to come near the one given; nil where none was found.
    private func octave(towards wanted: Double) -> Int? {
        guard let tempo, tempo > 0 else { return nil }
        return (-2...2).min { abs(tempo * exp2(of: $0) - wanted) < abs(tempo * exp2(of: $1) - wanted) }
    }

    /// How often the tempo doubles to lie in a range; nil where it does already, or no octave of it would.
    private func octave(into range: ClosedRange<Double>) -> Int? {
        guard let tempo, tempo > 0, !range.contains(tempo) else { return nil }
        return [1, -1, 2, -2].first { range.contains(tempo * exp2(of: $0)) }
    }

    private func exp2(of octave: Int) -> Double { octave >= 0 ? Double(1 << octave) : 1 / Double(1 << -octave) }

    /// Times of a steady pulse over the whole sound.
    private func grid(tempo: Double, through first: Double) -> [Double] {
        let period = 60 / tempo
        let from = ((soundStart - first) / period).rounded(.up)
        let until = ((min(soundEnd, duration) - first) / period).rounded(.down)
        guard until >= from else { return [] }
        return stride(from: from, through: until, by: 1).map { first + $0 * period }.filter { $0 >= 0 }
    }

    private mutating func take(beats: [Double], throughDownbeat first: Double) {
        let at = beats.indices.min { abs(beats[$0] - first) < abs(beats[$1] - first) } ?? 0
        let bar = max(1, beatsPerBar)
        take(beats: beats, downbeats: stride(from: at % bar, to: beats.count, by: bar).map { beats[$0] })
    }

    private mutating func take(beats: [Double], downbeats given: [Double]?) {
        guard beats.count >= 2 else { return }
        self.beats = beats
        // How late attacks are was told of the old ones.
        attackDelay = 0
        let bar = max(1, beatsPerBar)
        downbeats = given ?? stride(from: 0, to: beats.count, by: bar).map { beats[$0] }
        let intervals = zip(beats.dropFirst(), beats).map { $0 - $1 }.sorted()
        tempo = 60 / intervals[intervals.count / 2]
        leaveOldBeats()
        // Bars that nobody gave are no better than a guess.
        confidence.downbeats = given == nil ? 0 : 1
        trusted.downbeats = given != nil
    }

    /// Twice or half as many beats in a minute; bars keep their count of beats, so they halve or double too.
    private mutating func shift(octaves: Int) {
        guard octaves != 0, beats.count >= 2 else { return }
        for _ in 0..<abs(octaves) { octaves > 0 ? double() : halve() }
        leaveOldBeats()
    }

    /// The beats are others than were found: what was counted in the old ones is not known any more.
    private mutating func leaveOldBeats() {
        confidence.beats = 1
        trusted.beats = true
        structure = TrackStructure()
        confidence.phrases = 0
        trusted.phrases = false
        timbre = BeatTimbre(mean: timbre.mean, deviation: timbre.deviation)
    }

    private mutating func double() {
        let bar = max(1, beatsPerBar)
        var starts: [Double] = []
        let places = Dictionary(beats.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { one, _ in one })
        for downbeat in downbeats {
            starts.append(downbeat)
            // The middle of the old bar: half of its beats later, which may lie between two of them.
            guard let at = places[downbeat], at + (bar + 1) / 2 < beats.count else { continue }
            let low = beats[at + bar / 2]
            starts.append(bar % 2 == 0 ? low : (low + beats[at + bar / 2 + 1]) / 2)
        }
        beats = zip(beats, beats.dropFirst()).flatMap { [$0, ($0 + $1) / 2] } + beats.suffix(1)
        downbeats = starts
        tempo = tempo.map { $0 * 2 }
    }

    private mutating func halve() {
        let first = downbeats.first.flatMap { beats.firstIndex(of: $0) } ?? 0
        beats = stride(from: first % 2, to: beats.count, by: 2).map { beats[$0] }
        let kept = Set(beats)
        downbeats = stride(from: 0, to: downbeats.count, by: 2).map { downbeats[$0] }.filter(kept.contains)
        tempo = tempo.map { $0 / 2 }
    }
}
