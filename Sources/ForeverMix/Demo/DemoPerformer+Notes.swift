extension DemoPerformer {
    private var scale: DemoScale { DemoScale(key: score.key) }

    /// Frames of some sixteenths.
    private func frames(sixteenths: Int) -> Int { Int(score.framesPerBeat / 4 * Double(sixteenths)) }

    /// Bass, keys, arpeggio and lead of one section.
    mutating func playNotes(_ section: DemoSection, firstBar: Int) {
        for bar in firstBar..<(firstBar + section.bars) {
            let chord = chords[chordIndex(bar: bar, answers: section.answers)]
            let part = { (step: Int) in (Double(bar - firstBar) + Double(step) / 16) / Double(section.bars) }
            if section.has(.bass) { playBass(section, bar: bar, chord: chord, part: part) }
            if section.has(.keys) { playKeys(section, bar: bar, chord: chord, part: part) }
            if section.has(.arpeggio) { playArpeggio(section, bar: bar, chord: chord, part: part) }
            if section.has(.lead) { playLead(section, bar: bar, chord: chord, part: part) }
        }
    }

    private mutating func playBass(_ section: DemoSection, bar: Int, chord: DemoChord, part: (Int) -> Double) {
        for note in score.bass.notes where note.step / 16 == bar % 2 {
            let step = note.step % 16
            let shade = section.shade.value(at: part(step)) * 0.8
            let pitch = inScale(chord.bass + note.interval)
            let gain = 0.23 * Double(note.velocity) / 110 * section[.bass].value(at: part(step))
            let placing = Placing(
                gain: gain, frames: max(960, frames(sixteenths: note.length) - 480), releaseFrames: 720)
            play(shade: shade, at: score.frame(step: bar * 16 + step), placing) { .bass(note: pitch, bright: $0) }
        }
    }

    /// The note itself if the key has it, otherwise the one a semitone below.
    private func inScale(_ note: Int) -> Int {
        (0..<7).contains { scale.pitchClass(degree: $0) == note % 12 } ? note : note - 1
    }

    private mutating func playKeys(_ section: DemoSection, bar: Int, chord: DemoChord, part: (Int) -> Double) {
        let isSoft = score.sound.keys == .electricPiano
        let echoes = isSoft ? 0 : 2
        for stroke in score.comping.strokes where stroke.step / 16 == bar % 2 {
            let step = stroke.step % 16
            let shade = section.shade.value(at: part(step))
            let gain = (isSoft ? 0.175 : 0.145) * Double(stroke.velocity) / 100 * section[.keys].value(at: part(step))
            let frame = score.frame(step: bar * 16 + step)
            for (index, note) in chord.voices.enumerated() {
                let pan = (Double(index) - 1.5) * (isSoft ? 0.4 : 0.46)
                let strum = isSoft ? index * 130 + random.integer(0...150) : 0
                let placing = Placing(
                    gain: gain * (index == 3 ? 1.1 : 1), pan: pan, frames: frames(sixteenths: stroke.length),
                    releaseFrames: isSoft ? 6000 : 2400)
                play(shade: shade, at: frame + strum, placing) { .keys(note: note, bright: $0) }
                for echo in 0..<echoes {
                    var tap = placing
                    tap.gain = gain * 0.34 * pow(score.sound.echoLevel, Double(echo))
                    tap.pan = echo % 2 == 0 ? 0.7 : -0.7
                    play(.keys(note: note, bright: false), at: frame + echoFrames * (echo + 1), tap)
                }
            }
        }
    }

    private var echoFrames: Int { Int((score.framesPerBeat * score.sound.echoBeats).rounded()) }

    private func pow(_ base: Double, _ exponent: Double) -> Double {
        (0..<Int(exponent)).reduce(1) { product, _ in product * base }
    }

    private mutating func playArpeggio(_ section: DemoSection, bar: Int, chord: DemoChord, part: (Int) -> Double) {
        for step in 0..<16 {
            guard let voice = score.arpeggio.voices[bar % 2 * 16 + step] else { continue }
            let note = chord.voices[voice % 4] + 12 + (voice >= 4 ? 12 : 0)
            guard note <= 91 else { continue }
            let shade = section.shade.value(at: part(step))
            let velocity = Double(score.arpeggio.velocities[bar % 2 * 16 + step]) / 100
            let gain = 0.14 * velocity * section[.arpeggio].value(at: part(step)) * brightnessTrim(note)
            let frame = score.frame(step: bar * 16 + step)
            let pan = step % 2 == 0 ? -0.4 : 0.4
            play(shade: shade, at: frame, Placing(gain: gain, pan: pan)) { .arpeggio(note: note, bright: $0) }
            for tap in 1...2 {
                let level = gain * pow(score.sound.echoLevel, Double(tap))
                play(
                    .arpeggio(note: note, bright: false), at: frame + echoFrames * tap,
                    Placing(gain: level, pan: tap == 1 ? -pan * 2 : pan * 2))
            }
            play(.wash(note: note, isLead: false), at: frame, Placing(gain: gain * 0.28, rightDelay: 743))
        }
    }

    /// High notes are softer: an ear hears them louder.
    private func brightnessTrim(_ note: Int) -> Double { min(1, 1 - Double(note - 76) * 0.02) }

    private mutating func playLead(_ section: DemoSection, bar: Int, chord: DemoChord, part: (Int) -> Double) {
        for note in score.melody.notes where note.step / 16 == bar % 4 {
            let step = note.step % 16
            let pitch = melodyPitch(note, chord: chord)
            let gain =
                0.155 * Double(note.velocity) / 100 * section[.lead].value(at: part(step)) * brightnessTrim(pitch)
            let frame = score.frame(step: bar * 16 + step)
            let placing = Placing(gain: gain, frames: frames(sixteenths: note.length), releaseFrames: 3600)
            play(.lead(note: pitch), at: frame, placing)
            for tap in 1...3 {
                var echo = placing
                echo.gain = gain * 0.8 * pow(score.sound.echoLevel, Double(tap))
                echo.pan = tap % 2 == 1 ? -0.6 : 0.6
                play(.lead(note: pitch), at: frame + echoFrames * tap, echo)
            }
            play(.wash(note: pitch, isLead: true), at: frame, Placing(gain: gain * 0.35, rightDelay: 743))
        }
    }

    /// The melody's note over `chord`: strong notes move to the nearest tone of the chord.
    private func melodyPitch(_ note: DemoMelody.Note, chord: DemoChord) -> Int {
        let pitch = scale.note(degree: note.degree, near: 72)
        guard note.leans else { return pitch }
        for distance in [0, -1, 1, -2, 2] where chord.voices.contains(where: { ($0 - pitch - distance) % 12 == 0 }) {
            return pitch + distance
        }
        return pitch
    }
}
