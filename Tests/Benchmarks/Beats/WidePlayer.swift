import ForeverMix
import ForeverTestKit
import Foundation

/// Plays a drawn track into a buffer.
struct WidePlayer {
    private let track: WideTrack
    private var dice: Dice
    private let kit: DrumKit
    private let sounds: [NoteSound.Part: NoteSound]
    private var drums: StereoBuffer
    private var notes: StereoBuffer
    private var kicks: [Double] = []

    private static let drumGains: [Groove.Drum: Double] = [
        .kick: 0.9, .snare: 0.55, .clap: 0.5, .hat: 0.3, .openHat: 0.3, .ride: 0.25, .shaker: 0.2, .rim: 0.4, .tom: 0.4,
        .crash: 0.3,
    ]
    private static let layers: [Groove.Drum: WideTrack.Layer] = [
        .kick: .kick, .snare: .backbeat, .clap: .backbeat, .rim: .backbeat, .tom: .backbeat, .crash: .kick,
    ]

    /// The whole sound. **Cost:** about half a second.
    static func sound(of track: WideTrack) -> StereoBuffer {
        var player = WidePlayer(track)
        player.playAll()
        return player.mixed()
    }

    private init(_ track: WideTrack) {
        self.track = track
        var dice = Dice(seed: track.seed)
        kit = DrumKit(&dice)
        sounds = [
            .bass: NoteSound(.bass, &dice), .chords: NoteSound(.chords, &dice), .pad: NoteSound(.pad, &dice),
            .lead: NoteSound(.lead, &dice),
        ]
        self.dice = dice
        let end = (track.clock.times.last ?? 0) + track.lead + 2
        drums = StereoBuffer(frameCount: Int(end * Double(AudioFormat.sampleRate)))
        notes = drums
    }

    private mutating func playAll() {
        var bar = 0
        for section in track.sections {
            let first = bar
            for _ in 0..<section.bars {
                playDrums(bar: bar, section: section, isLast: bar == first + section.bars - 1)
                playNotes(bar: bar, section: section)
                bar += 1
            }
            if section.layers.contains(.kick) { hit(.crash, at: time(first, 0), 0.8) }
        }
    }

    /// When a step of a bar comes, swung. **Units:** s from the sound's start.
    private func time(_ bar: Int, _ step: Double) -> Double {
        let groove = track.groove
        let late = groove.steps == 16 && Int(step) % 2 == 1 ? 2 * (track.swing - 0.5) : 0
        let beats = Double(groove.beatsPerBar) * (step + late) / Double(groove.steps)
        return track.clock.seconds(Double(bar * groove.beatsPerBar) + beats) + track.lead
    }

    private mutating func playDrums(bar: Int, section: WideTrack.Section, isLast: Bool) {
        for drum in Groove.Drum.allCases {
            guard let row = track.groove.drums[drum],
                section.layers.contains(WidePlayer.layers[drum] ?? .hats)
            else { continue }
            let pattern = Groove.strengths(row)
            for (step, strength) in pattern[bar % pattern.count].enumerated() where strength > 0 {
                // A fill takes the place of the last quarter of a section.
                if isLast, drum != .kick, step >= track.groove.steps * 3 / 4 { continue }
                hit(drum, at: time(bar, Double(step)), strength)
            }
        }
        guard isLast, section.layers.contains(.backbeat) else { return }
        for step in (track.groove.steps * 3 / 4)..<track.groove.steps where dice.chance(0.8) {
            hit(dice.chance(0.6) ? .snare : .tom, at: time(bar, Double(step)), 0.4 + 0.5 * dice.unit())
        }
    }

    private mutating func hit(_ drum: Groove.Drum, at seconds: Double, _ strength: Double) {
        let stray = track.groove.looseness * (dice.unit() + dice.unit() + dice.unit() - 1.5) / 1_000
        let first = Int((seconds + stray) * Double(AudioFormat.sampleRate))
        guard first >= 0, let sound = kit.sounds[drum] else { return }
        if drum == .kick { kicks.append(seconds + stray) }
        let gain = Float((WidePlayer.drumGains[drum] ?? 0.3) * (0.9 + 0.2 * dice.unit()) * (0.25 + 0.75 * strength))
        let side: Float = drum == .hat || drum == .shaker ? 0.2 : 0
        for n in 0..<max(0, min(sound.count, drums.frameCount - first)) {
            drums.left[first + n] += gain * (1 - side) * sound[n]
            drums.right[first + n] += gain * (1 + side) * sound[n]
        }
    }

    private mutating func playNotes(bar: Int, section: WideTrack.Section) {
        let groove = track.groove
        let harmony = track.harmony
        let isEnd = bar + 1 == track.sections.reduce(0) { $0 + $1.bars }
        let chord = isEnd ? harmony.home : harmony.chord(bar: bar)
        let barSeconds = time(bar + 1, 0) - time(bar, 0)
        if section.layers.contains(.bass) {
            let root = harmony.voices(chord, near: 38)[0]
            for (step, strength, length) in strokes(groove.bass, bar: bar) {
                let turn = step > 0 && dice.chance(0.15) ? dice.pick([7, 12, -5]) : 0
                play(.bass, root + turn, bar, step, length * 0.9, 0.28 * (0.4 + 0.6 * strength), 0)
            }
        }
        if section.layers.contains(.chords) {
            for (step, strength, length) in strokes(groove.chords, bar: bar) {
                for (at, note) in harmony.voices(chord, near: 62).enumerated() {
                    play(.chords, note, bar, step, length * 0.8, 0.09 * (0.4 + 0.6 * strength), Double(at) * 0.2 - 0.3)
                }
            }
        }
        if section.layers.contains(.pad) {
            for (at, note) in (harmony.voices(chord, near: 60) + harmony.voices(chord, near: 50)).enumerated() {
                sounds[.pad]?.play(
                    note, at: time(bar, 0), seconds: barSeconds * 0.95, gain: 0.06, pan: at % 2 == 0 ? -0.3 : 0.3,
                    cents: track.cents, into: &notes)
            }
        }
        if section.layers.contains(.lead) { playLead(bar: bar, chord: chord) }
    }

    private mutating func play(
        _ part: NoteSound.Part, _ note: Int, _ bar: Int, _ step: Int, _ steps: Double, _ gain: Double, _ pan: Double
    ) {
        let start = time(bar, Double(step))
        let length = steps * (time(bar + 1, 0) - time(bar, 0)) / Double(track.groove.steps)
        let stray = track.groove.looseness * (dice.unit() - 0.5) / 1_000
        sounds[part]?.play(
            note, at: start + stray, seconds: length, gain: gain, pan: pan, cents: track.cents, into: &notes)
    }

    /// Where a row has strokes in a bar, how hard, and how many steps until the next.
    private func strokes(_ row: String, bar: Int) -> [(step: Int, strength: Double, length: Double)] {
        let rows = Groove.strengths(row)
        let pattern = rows[bar % rows.count]
        let steps = pattern.indices.filter { pattern[$0] > 0 }
        return steps.enumerated().map { at, step in
            let next = at + 1 < steps.count ? steps[at + 1] : pattern.count
            return (step, pattern[step], Double(next - step))
        }
    }

    /// Chord tones on the beats, steps of the scale between them, home every fourth bar.
    private mutating func playLead(bar: Int, chord: Harmony.Chord) {
        let harmony = track.harmony
        let perBeat = track.groove.steps / track.groove.beatsPerBar
        if bar % 4 == 3 {
            let home = harmony.voices(chord, near: 72)[0]
            play(.lead, home, bar, 0, Double(2 * perBeat), 0.14, 0.1)
            return
        }
        for beat in 0..<track.groove.beatsPerBar where dice.chance(0.75) {
            let note = dice.pick(harmony.voices(chord, near: 74))
            play(.lead, note, bar, beat * perBeat, Double(perBeat) * 0.8, 0.14, 0.1)
            guard dice.chance(0.35) else { continue }
            let pitchClasses = harmony.scale.map { ($0 + harmony.key.pitchClass) % 12 }
            let near = [1, 2, -1, -2].map { note + $0 }.filter { pitchClasses.contains($0 % 12) }
            if let step = near.first {
                play(.lead, step, bar, beat * perBeat + perBeat / 2, Double(perBeat) / 2, 0.1, 0.1)
            }
        }
    }

    /// Drums and notes together, the notes pushed down by kicks, driven into a soft limit.
    private mutating func mixed() -> StereoBuffer {
        let rate = Double(AudioFormat.sampleRate)
        let depth = Float(track.groove.ducking)
        if depth > 0 {
            for kick in kicks {
                let first = max(0, Int(kick * rate))
                for n in 0..<max(0, min(Int(0.2 * rate), notes.frameCount - first)) {
                    let gain = 1 - depth * Float(exp(-Double(n) / (0.07 * rate)))
                    notes.left[first + n] *= gain
                    notes.right[first + n] *= gain
                }
            }
        }
        let notesGain = Float(exp2(dice.between(-0.8...0.8)))
        let drive = Float(dice.between(0.7...2))
        func joined(_ drums: [Float], _ notes: [Float]) -> [Float] {
            zip(drums, notes).map { 0.9 * tanh(drive * ($0 + notesGain * $1)) }
        }
        return StereoBuffer(left: joined(drums.left, notes.left), right: joined(drums.right, notes.right))
    }
}
