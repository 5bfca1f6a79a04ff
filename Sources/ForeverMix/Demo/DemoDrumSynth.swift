import Foundation

/// Drum samples by synthesis. Every sample begins with its attack: its first frames are its loudest moment's start.
enum DemoDrumSynth {
    private static let rate = Double(AudioFormat.sampleRate)

    static func kick(_ sound: DemoSound, endFrequency: Double, random: inout DemoRandom) -> [Float] {
        var output = [Float](repeating: 0, count: Int(0.42 * rate))
        var phase = 0.0
        for index in output.indices {
            let time = Double(index) / rate
            let frequency = endFrequency + (sound.kickStart - endFrequency) * exp(-time / sound.kickFall)
            phase += frequency / rate
            let level = exp(-time / sound.kickDecay) * min(1, time / 0.0004)
            let body = sin(2 * Double.pi * phase) * level
            output[index] = Float(tanh(1.6 * body) / tanh(1.6))
        }
        var click = noise(0.006, decay: 0.0012, random: &random)
        DemoFilter.apply(.bandPass, 3200, resonance: 0.6, to: &click)
        mix(click, into: &output, gain: Float(sound.kickClick) * 2.2)
        return output
    }

    static func snare(_ sound: DemoSound, random: inout DemoRandom) -> [Float] {
        var output = noise(0.34, decay: sound.snareDecay, random: &random)
        DemoFilter.apply(.highPass, 1400, to: &output)
        DemoFilter.apply(.lowPass, 8200, to: &output)
        for (ratio, gain, decay) in [(1.0, 0.75, 0.075), (1.59, 0.4, 0.05)] {
            var phase = 0.0
            for index in output.indices {
                let time = Double(index) / rate
                phase += sound.snarePitch * ratio * (1 + 0.6 * exp(-time / 0.012)) / rate
                output[index] += Float(sin(2 * Double.pi * phase) * exp(-time / decay) * gain * min(1, time / 0.0005))
            }
        }
        return output
    }

    static func clap(_ sound: DemoSound, random: inout DemoRandom) -> [Float] {
        var output = noise(0.3, decay: sound.snareDecay * 0.8, random: &random)
        for start in [0.0, 0.009, 0.019] {
            mix(noise(0.02, decay: 0.004, random: &random), into: &output, gain: 0.9, at: Int(start * rate))
        }
        DemoFilter.apply(.bandPass, 1250, resonance: 1.1, to: &output)
        DemoFilter.apply(.lowPass, 7500, to: &output)
        return output
    }

    /// Six squares out of tune and some noise, as in the classic machines; `decay` makes it closed or open.
    static func hat(decay: Double, random: inout DemoRandom) -> [Float] {
        var output = noise(decay * 6, decay: decay, random: &random)
        let pitches = [2051.0, 3046, 3691, 5229, 5401, 8003].map { $0 * (0.97 + 0.06 * random.unit()) }
        for pitch in pitches {
            var phase: UInt32 = 0
            let increment = DemoWavetable.increment(frequency: pitch)
            var level = Float(0.22)
            let fall = Float(exp(-1 / (decay * 0.9 * rate)))
            for index in output.indices {
                output[index] += phase & 0x8000_0000 == 0 ? level : -level
                phase = phase &+ increment
                level *= fall
            }
        }
        DemoFilter.apply(.highPass, 7200, to: &output)
        DemoFilter.apply(.highPass, 6000, to: &output)
        DemoFilter.apply(.lowPass, 12_500, to: &output)
        return output
    }

    static func shaker(random: inout DemoRandom) -> [Float] {
        var output = noise(0.16, decay: 0.035, random: &random)
        for index in 0..<min(output.count, 240) { output[index] *= Float(index) / 240 }
        DemoFilter.apply(.bandPass, 6800, resonance: 1, to: &output)
        DemoFilter.apply(.highPass, 3500, to: &output)
        return output
    }

    static func ride(random: inout DemoRandom) -> [Float] {
        var output = hat(decay: 0.13, random: &random)
        mix(bell([523.0 * 1.5, 1187, 2310], decay: 0.12), into: &output, gain: 0.12)
        return output
    }

    static func crash(random: inout DemoRandom) -> [Float] {
        var output = noise(1.8, decay: 0.45, random: &random)
        DemoFilter.apply(.highPass, 3200, to: &output)
        DemoFilter.apply(.lowPass, 9500, to: &output)
        return output
    }

    static func percussion(_ kind: DemoPercussion, high: Bool, pitch: Double, random: inout DemoRandom) -> [Float] {
        switch kind {
        case .conga:
            return drum(frequency: (high ? 330 : 215) * pitch, drop: 0.25, decay: high ? 0.07 : 0.11, tap: 0.3, &random)
        case .tom:
            return drum(frequency: (high ? 190 : 125) * pitch, drop: 0.5, decay: high ? 0.12 : 0.16, tap: 0.15, &random)
        case .wood:
            var output = bell([(high ? 1240 : 830) * pitch, (high ? 1990 : 1410) * pitch], decay: 0.022)
            mix(noise(0.004, decay: 0.001, random: &random), into: &output, gain: 0.3)
            return output
        case .bell:
            return bell(
                [(high ? 830 : 560) * pitch, (high ? 1245 : 842) * pitch, (high ? 2105 : 1400) * pitch], decay: 0.06)
        }
    }

    private static func drum(
        frequency: Double, drop: Double, decay: Double, tap: Float, _ random: inout DemoRandom
    ) -> [Float] {
        var output = [Float](repeating: 0, count: Int(decay * 5 * rate))
        var phase = 0.0
        for index in output.indices {
            let time = Double(index) / rate
            phase += frequency * (1 + drop * exp(-time / 0.02)) / rate
            output[index] = Float(sin(2 * Double.pi * phase) * exp(-time / decay) * min(1, time / 0.0008))
        }
        var touch = noise(0.012, decay: 0.003, random: &random)
        DemoFilter.apply(.bandPass, 2400, to: &touch)
        mix(touch, into: &output, gain: tap)
        return output
    }

    private static func bell(_ frequencies: [Double], decay: Double) -> [Float] {
        var output = [Float](repeating: 0, count: Int(decay * 6 * rate))
        for (place, frequency) in frequencies.enumerated() {
            for index in output.indices {
                let time = Double(index) / rate
                let level = exp(-time * Double(place + 2) / 2 / decay) / Double(place + 1)
                output[index] += Float(sin(2 * Double.pi * frequency * time) * level * min(1, time / 0.0006))
            }
        }
        return output
    }

    /// White noise that dies away.
    static func noise(_ seconds: Double, decay: Double, random: inout DemoRandom) -> [Float] {
        let fall = Float(exp(-1 / (decay * rate)))
        var level: Float = 1
        return (0..<Int(seconds * rate)).map { _ in
            level *= fall
            return random.bipolar() * level
        }
    }

    private static func mix(_ part: [Float], into output: inout [Float], gain: Float, at start: Int = 0) {
        for index in 0..<min(part.count, output.count - start) { output[start + index] += part[index] * gain }
    }
}
