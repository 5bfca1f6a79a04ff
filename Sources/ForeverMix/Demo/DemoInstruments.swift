/// Makes the sounds of one track from its score: voice in, samples out, nothing kept.
struct DemoInstruments: Sendable {
    let score: DemoScore
    let chords: [DemoChord]

    func samples(_ voice: DemoVoice) -> [Float] {
        let sound = score.sound
        var random = DemoRandom(seed: score.seed, stream: 100 + voice.stream)
        switch voice {
        case .kick: return DemoDrumSynth.kick(sound, endFrequency: kickEndFrequency, random: &random)
        case .snare: return DemoDrumSynth.snare(sound, random: &random)
        case .snareRoom:
            var room = DemoFilter.room(
                of: DemoDrumSynth.snare(sound, random: &random), seconds: 0.6, decay: 0.72, damping: 0.45)
            DemoFilter.apply(.highPass, 350, to: &room)
            return room
        case .clap: return DemoDrumSynth.clap(sound, random: &random)
        case .closedHat: return DemoDrumSynth.hat(decay: sound.hatDecay, random: &random)
        case .closedHatSoft: return DemoDrumSynth.hat(decay: sound.hatDecay * 0.7, random: &random)
        case .openHat: return DemoDrumSynth.hat(decay: sound.hatDecay * 3.2, random: &random)
        case .shaker: return DemoDrumSynth.shaker(random: &random)
        case .ride: return DemoDrumSynth.ride(random: &random)
        case .crash: return DemoDrumSynth.crash(random: &random)
        case .lowPercussion, .highPercussion:
            return DemoDrumSynth.percussion(
                sound.percussion, high: voice == .highPercussion, pitch: sound.percussionPitch, random: &random)
        case .bass(let note, let bright): return bass(note: note, bright: bright)
        case .keys(let note, let bright): return keys(note: note, bright: bright)
        case .arpeggio(let note, let bright): return arpeggio(note: note, bright: bright)
        case .lead(let note): return lead(note: note)
        case .wash(let note, let isLead): return wash(note: note, isLead: isLead)
        case .padDark, .padBright: preconditionFailure("pads are made in pairs")
        case .noiseLow: return DemoLoop.noise(band: 1400, random: &random)
        case .noiseHigh: return DemoLoop.noise(band: 5200, random: &random)
        case .crackle: return DemoLoop.crackle(random: &random)
        }
    }

    /// Both pads of a chord.
    func pads(chord: Int) -> (dark: [Float], bright: [Float]) {
        var random = DemoRandom(seed: score.seed, stream: 100 + DemoVoice.padDark(chord: chord).stream)
        let voices = chords[chord].voices
        return DemoLoop.pad(
            notes: voices, darkCutoff: score.sound.padCutoff * 0.33, brightCutoff: score.sound.padCutoff,
            random: &random)
    }

    /// The kick rings on the tonic or its fifth, whichever lies between 42 and 60 Hz.
    private var kickEndFrequency: Double {
        let tonic = 24 + score.key.pitchClass
        let note = [tonic, tonic + 7, tonic + 12, tonic - 5].first { (29...34).contains($0) } ?? 31
        return DemoTone.frequency(note: Double(note))
    }

    private func bass(note: Int, bright: Bool) -> [Float] {
        let sound = score.sound
        let cutoff = sound.bassCutoff * (bright ? 1.5 : 0.55)
        let seconds = seconds(sixteenths: score.bass.notes.map(\.length).max() ?? 2, release: 0.02)
        let tone = DemoTone(
            shape: sound.bassEdge > 0.55 ? .saw : .triangle, darkCutoff: cutoff * 0.5, brightCutoff: cutoff * 1.4,
            attackSeconds: 0.003, filterDecaySeconds: 0.09, decaySeconds: 0.35, sustain: 0.55,
            detuneCents: sound.bassEdge > 0.6 ? 5 : 0, sineLevel: 0.75, seconds: seconds)
        return tone.samples(note: Double(note))
    }

    /// How long a sound must be for its longest note; slow tracks' longest ones end by themselves.
    private func seconds(sixteenths: Int, release: Double) -> Double {
        min(1.1, Double(sixteenths) * score.framesPerBeat / 4 / Double(AudioFormat.sampleRate) + release)
    }

    private func keys(note: Int, bright: Bool) -> [Float] {
        let cutoff = score.sound.keyCutoff * (bright ? 1 : 0.35)
        switch score.sound.keys {
        case .electricPiano:
            return DemoTone.frequencyModulated(
                note: Double(note), ratio: bright ? 7 : 1, index: bright ? 0.5 : 0.8, indexDecay: bright ? 0.06 : 0.25,
                decay: 0.7,
                seconds: seconds(sixteenths: score.comping.strokes.map(\.length).max() ?? 4, release: 0.13))
        case .organ:
            return DemoTone(
                shape: .organ, darkCutoff: cutoff, brightCutoff: cutoff * 1.5, attackSeconds: 0.004,
                filterDecaySeconds: 0.08, decaySeconds: 0.4, sustain: 0.5, detuneCents: 4, seconds: 1.0
            ).samples(note: Double(note))
        case .stab:
            return DemoTone(
                shape: .saw, darkCutoff: cutoff * 0.3, brightCutoff: cutoff * 1.3, attackSeconds: 0.003,
                filterDecaySeconds: 0.1, decaySeconds: 0.22, detuneCents: 11, seconds: 0.8
            ).samples(note: Double(note))
        case .pluck:
            return DemoTone(
                shape: .square, darkCutoff: cutoff * 0.35, brightCutoff: cutoff * 1.2, attackSeconds: 0.002,
                filterDecaySeconds: 0.07, decaySeconds: 0.2, detuneCents: 8, seconds: 0.7
            ).samples(note: Double(note))
        }
    }

    private func arpeggio(note: Int, bright: Bool) -> [Float] {
        let cutoff = score.sound.keyCutoff * (bright ? 1.3 : 0.5)
        let isGlassy = score.sound.lead == .saw || score.sound.keys == .electricPiano
        return DemoTone(
            shape: isGlassy ? .triangle : .saw, darkCutoff: cutoff * 0.4, brightCutoff: cutoff * 1.4,
            attackSeconds: 0.002, filterDecaySeconds: 0.06, decaySeconds: 0.13, detuneCents: 9, seconds: 0.5
        ).samples(note: Double(note))
    }

    private func lead(note: Int) -> [Float] {
        let cutoff = score.sound.keyCutoff * 1.4
        let seconds = min(1.0, seconds(sixteenths: score.melody.notes.map(\.length).max() ?? 6, release: 0.08))
        switch score.sound.lead {
        case .bell:
            return DemoTone.frequencyModulated(
                note: Double(note), ratio: 3, index: 0.9, indexDecay: 0.2, decay: 0.5, seconds: seconds)
        case .flute:
            return DemoTone(
                shape: .triangle, darkCutoff: cutoff * 0.5, brightCutoff: cutoff, attackSeconds: 0.03,
                filterDecaySeconds: 0.2, decaySeconds: 0.5, sustain: 0.7, detuneCents: 4, vibratoCents: 14,
                seconds: seconds
            ).samples(note: Double(note))
        case .saw:
            return DemoTone(
                shape: .saw, darkCutoff: cutoff * 0.5, brightCutoff: cutoff, attackSeconds: 0.006,
                filterDecaySeconds: 0.2, decaySeconds: 0.45, sustain: 0.45, detuneCents: 16, vibratoCents: 6,
                seconds: seconds
            ).samples(note: Double(note))
        case .square:
            return DemoTone(
                shape: .square, darkCutoff: cutoff * 0.4, brightCutoff: cutoff * 0.8, attackSeconds: 0.006,
                filterDecaySeconds: 0.15, decaySeconds: 0.4, sustain: 0.5, detuneCents: 7, vibratoCents: 8,
                seconds: seconds
            ).samples(note: Double(note))
        }
    }

    private func wash(note: Int, isLead: Bool) -> [Float] {
        var dry = isLead ? lead(note: note) : arpeggio(note: note, bright: false)
        dry.removeLast(dry.count - min(dry.count, AudioFormat.sampleRate / 5))
        for index in 0..<2400 { dry[dry.count - 1 - index] *= Float(index) / 2400 }
        var room = DemoFilter.room(of: dry, seconds: 0.5, decay: 0.76, damping: 0.35)
        DemoFilter.apply(.highPass, 300, to: &room)
        return room
    }
}
