import Foundation

/// One note of a pitched instrument: two wavetables, a dark and a bright one, between which an envelope moves.
struct DemoTone: Sendable {
    var shape: DemoWavetable.Shape
    /// Where the filter rests and where the attack opens it to. **Units:** Hz.
    var darkCutoff: Double
    var brightCutoff: Double
    var attackSeconds: Double = 0.002
    /// Time constants of the filter and of the level.
    var filterDecaySeconds: Double
    var decaySeconds: Double
    /// Level held after the decay, 0 ... 1.
    var sustain: Double = 0
    /// Between the two oscillators. **Units:** cents.
    var detuneCents: Double = 0
    /// A pure sine of the note itself.
    var sineLevel: Double = 0
    var vibratoCents: Double = 0
    var seconds: Double

    func samples(note: Double) -> [Float] {
        let frequency = DemoTone.frequency(note: note)
        let dark = DemoWavetable(shape, frequency: frequency, cutoff: darkCutoff)
        let bright = DemoWavetable(shape, frequency: frequency, cutoff: brightCutoff)
        let rate = Double(AudioFormat.sampleRate)
        var output = [Float](repeating: 0, count: Int(seconds * rate))
        let spread = pow(2, detuneCents / 2400)
        var firstPhase: UInt32 = 0
        var secondPhase: UInt32 = detuneCents == 0 ? 0 : 0x5555_5555
        let firstIncrement = DemoWavetable.increment(frequency: frequency * spread)
        let secondIncrement = DemoWavetable.increment(frequency: frequency / spread)
        let plainIncrement = DemoWavetable.increment(frequency: frequency)
        var plainPhase: UInt32 = 0
        let filterFall = Float(exp(-1 / (filterDecaySeconds * rate)))
        let levelFall = Float(exp(-1 / (decaySeconds * rate)))
        var opening: Float = 1
        var level = Float(1 - sustain)
        let held = Float(sustain)
        let attackStep = Float(1 / max(1, attackSeconds * rate))
        var attack: Float = 0
        let vibratoIncrement = DemoWavetable.increment(frequency: 5.1)
        var vibratoPhase: UInt32 = 0
        let vibratoDepth = Float(firstIncrement) * Float(pow(2, vibratoCents / 1200) - 1)
        let sine = Float(sineLevel)
        dark.values.withUnsafeBufferPointer { dark in
            bright.values.withUnsafeBufferPointer { bright in
                DemoWavetable.sine.values.withUnsafeBufferPointer { sineTable in
                    let (darkTable, brightTable) = (dark.baseAddress!, bright.baseAddress!)
                    let pure = sineTable.baseAddress!
                    for index in output.indices {
                        let low =
                            DemoWavetable.sample(darkTable, firstPhase) + DemoWavetable.sample(darkTable, secondPhase)
                        let high =
                            DemoWavetable.sample(brightTable, firstPhase)
                            + DemoWavetable.sample(brightTable, secondPhase)
                        var sum = (low + (high - low) * opening) * 0.5
                        if sine > 0 { sum += DemoWavetable.sample(pure, plainPhase) * sine }
                        attack = min(1, attack + attackStep)
                        output[index] = sum * (held + level) * attack
                        opening *= filterFall
                        level *= levelFall
                        var bend: UInt32 = 0
                        if vibratoDepth > 0 {
                            let ease = min(1, Float(index) * 0x1p-15)
                            bend = UInt32(
                                bitPattern: Int32(DemoWavetable.sample(pure, vibratoPhase) * vibratoDepth * ease))
                            vibratoPhase = vibratoPhase &+ vibratoIncrement
                        }
                        firstPhase = firstPhase &+ firstIncrement &+ bend
                        secondPhase = secondPhase &+ secondIncrement &+ bend
                        plainPhase = plainPhase &+ plainIncrement &+ bend
                    }
                }
            }
        }
        return output
    }

    /// **Units:** Hz; equal temperament, A4 = 440 Hz.
    static func frequency(note: Double) -> Double { 440 * pow(2, (note - 69) / 12) }

    /// A note of two sines, one bending the other's phase (Chowning 1973): electric piano and bells.
    static func frequencyModulated(
        note: Double, ratio: Double, index: Double, indexDecay: Double, decay: Double, seconds: Double
    ) -> [Float] {
        let rate = Double(AudioFormat.sampleRate)
        let frequency = frequency(note: note)
        var output = [Float](repeating: 0, count: Int(seconds * rate))
        let carrierIncrement = DemoWavetable.increment(frequency: frequency)
        let modulatorIncrement = DemoWavetable.increment(frequency: frequency * ratio)
        var (carrier, modulator) = (UInt32(0), UInt32(0))
        let (indexFall, levelFall) = (Float(exp(-1 / (indexDecay * rate))), Float(exp(-1 / (decay * rate))))
        // The body of a tine: a sine bent by its own octave a little, whatever the bell above it does.
        var depth = Float(index * 4_294_967_296 / (2 * Double.pi))
        let body = Float(0.35 * 4_294_967_296 / (2 * Double.pi))
        var level: Float = 1
        DemoWavetable.sine.values.withUnsafeBufferPointer { sineTable in
            let sine = sineTable.baseAddress!
            for index in output.indices {
                let bend =
                    DemoWavetable.sample(sine, modulator) * depth + DemoWavetable.sample(sine, carrier) * body * level
                let phase = carrier &+ UInt32(truncatingIfNeeded: Int64(bend))
                output[index] = DemoWavetable.sample(sine, phase) * level * min(1, Float(index) * 0.012)
                carrier = carrier &+ carrierIncrement
                modulator = modulator &+ modulatorIncrement
                depth *= indexFall
                level *= levelFall
            }
        }
        return output
    }
}
