import Foundation

/// Writes a score out as events and beds, asking the bank for each sound it needs.
///
/// The parts are in extensions, one for the drums, one for the notes, one for what lies under them.
struct DemoPerformer {
    let score: DemoScore
    let chords: [DemoChord]
    var bank: DemoBank
    var events: [DemoEvent] = []
    var beds: [DemoBed] = []
    var kicks: [Int32] = []
    var random: DemoRandom

    init(score: DemoScore) {
        self.score = score
        chords = score.harmony.chords(in: score.key)
        bank = DemoBank(instruments: DemoInstruments(score: score, chords: chords))
        random = DemoRandom(seed: score.seed, stream: 3)
        events.reserveCapacity(16_384)
    }

    mutating func playAll() {
        var bar = 0
        for section in score.sections {
            playDrums(section, firstBar: bar)
            playNotes(section, firstBar: bar)
            playBeds(section, firstBar: bar)
            bar += section.bars
        }
        playEnd(bar: bar)
    }

    /// The chord that sounds in a bar, as an index into `chords`.
    func chordIndex(bar: Int, answers: Bool) -> Int {
        bar / score.harmony.barsPerChord % 4 + (answers ? 4 : 0)
    }

    /// How a sound is placed: gain, pan (-1 left ... 1 right) and what else is not usual.
    struct Placing {
        var gain: Double
        var pan: Double = 0
        /// Frames until it is let go; nil: as long as the sound is.
        var frames: Int?
        var releaseFrames = 480
        var rightDelay = 0
        var isDucked = true
    }

    mutating func play(_ voice: DemoVoice, at frame: Int, _ placing: Placing) {
        guard placing.gain > 0.0005, frame >= 0, frame < score.frameCount else { return }
        let index = bank.index(of: voice)
        let slice = bank.slices[index]
        let length = min(slice.count, (placing.frames ?? slice.count) + placing.releaseFrames, score.frameCount - frame)
        let gain = Float(placing.gain) * slice.scale
        events.append(
            DemoEvent(
                start: Int32(frame), length: Int32(length), fade: Int32(min(placing.releaseFrames, length)),
                slice: Int32(index), left: gain * Float(min(1, 1 - placing.pan)),
                right: gain * Float(min(1, 1 + placing.pan)), rightDelay: Int32(placing.rightDelay),
                isDucked: placing.isDucked))
    }

    /// A sound that exists dark and bright, between the two.
    mutating func play(
        shade: Double, at frame: Int, _ placing: Placing, voice: (_ isBright: Bool) -> DemoVoice
    ) {
        var dark = placing
        var bright = placing
        dark.gain *= (1 - shade)
        bright.gain *= shade
        if shade < 0.97 { play(voice(false), at: frame, dark) }
        if shade > 0.03 { play(voice(true), at: frame, bright) }
    }

    /// A last stroke to ring out on the first beat after the last bar.
    private mutating func playEnd(bar: Int) {
        let frame = score.frame(step: bar * 16)
        play(.kick, at: frame, Placing(gain: 0.55, isDucked: false))
        play(.openHat, at: frame, Placing(gain: 0.06, pan: 0.2, isDucked: false))
        let chord = chords[0]
        for (voice, note) in chord.voices.enumerated() {
            play(
                .wash(note: note, isLead: false), at: frame,
                Placing(gain: 0.05, pan: Double(voice) * 0.3 - 0.45, rightDelay: 700))
        }
    }
}
