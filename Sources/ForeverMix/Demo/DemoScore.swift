/// Everything that makes one track of the crate what it is, before any sound: a small value drawn from the seed.
struct DemoScore: Sendable {
    var seed: UInt64
    var genre: DemoGenre
    /// **Units:** BPM.
    var tempo: Double
    var key: MusicalKey
    /// Silence before the first beat.
    var leadFrames: Int
    var swing: Double
    var drums: DemoDrumPattern
    var harmony: DemoHarmony
    var comping: DemoComping
    var bass: DemoBassLine
    var arpeggio: DemoArpeggio
    var melody: DemoMelody
    var sections: [DemoSection]
    var sound: DemoSound

    /// Frames of ringing out after the last bar.
    static let tailFrames = 2 * AudioFormat.sampleRate

    /// What `seed` draws for a slot.
    init(slot: DemoSlot, seed: UInt64) {
        var random = DemoRandom(seed: seed, stream: 2)
        self.seed = seed
        genre = slot.genre
        tempo = slot.tempo
        key = slot.key
        leadFrames = random.integer(960...14_400)
        swing = random.between(slot.genre.swing.lowerBound, slot.genre.swing.upperBound)
        drums = DemoDrumPattern(genre: slot.genre, random: &random)
        harmony = DemoHarmony(genre: slot.genre, key: slot.key, random: &random)
        comping = DemoComping(genre: slot.genre, random: &random)
        bass = DemoBassLine(genre: slot.genre, drums: drums, random: &random)
        arpeggio = DemoArpeggio(genre: slot.genre, random: &random)
        melody = DemoMelody(genre: slot.genre, random: &random)
        sections = DemoArrangement.sections(genre: slot.genre, random: &random)
        sound = DemoSound(genre: slot.genre, random: &random)
    }

    var framesPerBeat: Double { Double(AudioFormat.sampleRate) * 60 / tempo }
    var barCount: Int { sections.reduce(0) { $0 + $1.bars } }

    /// The frame of a place in the music. **Units:** beats from the first beat.
    func frame(beat: Double) -> Int { leadFrames + Int((beat * framesPerBeat).rounded()) }

    /// The frame of a sixteenth counted from the first beat, swung.
    func frame(step: Int) -> Int {
        let late = step % 2 == 1 ? (2 * swing - 1) * 0.25 : 0
        return frame(beat: Double(step) * 0.25 + late)
    }

    var frameCount: Int { frame(beat: Double(barCount * 4)) + DemoScore.tailFrames }

    /// Whether a pattern is the same in both; transposition does not make a pattern another one.
    func sharesPattern(with other: DemoScore) -> Bool {
        drums == other.drums || harmony.degrees == other.harmony.degrees || comping == other.comping
            || bass == other.bass || arpeggio == other.arpeggio || melody.shape == other.melody.shape
    }
}
