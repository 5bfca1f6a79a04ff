import ForeverMix
import ForeverTestKit
import Foundation

/// How one instrument's notes sound: harmonics of its own, an attack, a decay.
struct NoteSound {
    private let table: [Float]
    private let attackSeconds: Double
    private let decaySeconds: Double
    private let sustain: Double
    private let releaseSeconds: Double
    private let detuneCents: Double

    private static let tableSize = 1_024
    private static let rate = Double(AudioFormat.sampleRate)

    enum Part { case bass, chords, pad, lead }

    init(_ part: Part, _ dice: inout Dice) {
        let slope = dice.between(part == .bass ? 1.2...2.6 : 1.0...2.2)
        let isHollow = dice.chance(0.3)
        let harmonics = part == .bass ? 8 : 14
        let size = NoteSound.tableSize
        var table = [Float](repeating: 0, count: size + 1)
        for harmonic in 1...harmonics where !isHollow || harmonic % 2 == 1 {
            let gain = pow(Double(harmonic), -slope)
            for n in 0...size { table[n] += Float(gain * sin(2 * .pi * Double(harmonic * n % size) / Double(size))) }
        }
        let top = table.map(abs).max() ?? 1
        self.table = table.map { $0 / top }
        switch part {
        case .pad: (attackSeconds, decaySeconds, sustain) = (dice.between(0.08...0.4), 1, 0.9)
        case .bass: (attackSeconds, decaySeconds, sustain) = (0.003, dice.between(0.1...0.5), dice.between(0.2...0.8))
        default: (attackSeconds, decaySeconds, sustain) = (0.003, dice.between(0.1...0.7), dice.between(0...0.6))
        }
        releaseSeconds = part == .pad ? 0.3 : 0.06
        detuneCents = part == .bass ? 0 : dice.between(0...9)
    }

    /// Adds a note to both sides. **Units:** s; MIDI numbers; cents from A = 440 Hz.
    func play(
        _ note: Int, at start: Double, seconds: Double, gain: Double, pan: Double, cents: Double,
        into sound: inout StereoBuffer
    ) {
        let first = Int(start * NoteSound.rate)
        let held = max(0.02, seconds)
        let count = min(sound.frameCount - first, Int((held + 3 * releaseSeconds) * NoteSound.rate))
        guard first >= 0, count > 0 else { return }
        let sides = [-1.0, 1]
        for (side, sign) in sides.enumerated() {
            let hertz = 440 * exp2((Double(note) - 69 + (cents + sign * detuneCents) / 100) / 12)
            let step = Float(hertz / NoteSound.rate * Double(NoteSound.tableSize))
            let level = Float(gain * (1 + sign * pan) / (1 + abs(pan)))
            var place: Float = Float(note * 37 % NoteSound.tableSize)
            let samples = (0..<count).map { n -> Float in
                let whole = Int(place)
                let part = place - Float(whole)
                let value = table[whole] + part * (table[whole + 1] - table[whole])
                place += step
                if place >= Float(NoteSound.tableSize) { place -= Float(NoteSound.tableSize) }
                return level * value * envelope(Double(n) / NoteSound.rate, held: held)
            }
            if side == 0 {
                for n in 0..<count { sound.left[first + n] += samples[n] }
            } else {
                for n in 0..<count { sound.right[first + n] += samples[n] }
            }
        }
    }

    private func envelope(_ t: Double, held: Double) -> Float {
        let rise = min(1, t / attackSeconds)
        let fall = sustain + (1 - sustain) * exp(-max(0, t - attackSeconds) / decaySeconds)
        return Float(rise * fall * (t > held ? exp(-(t - held) / releaseSeconds) : 1))
    }
}
