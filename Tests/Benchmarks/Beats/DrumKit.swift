import ForeverMix
import ForeverTestKit
import Foundation

/// Drum sounds drawn at random: each track has a kit of its own.
struct DrumKit {
    private(set) var sounds: [Groove.Drum: [Float]] = [:]

    private static let rate = Double(AudioFormat.sampleRate)

    init(_ dice: inout Dice) {
        let kickEnd = dice.between(44...62)
        let kickStart = dice.between(120...320)
        let kickDecay = dice.between(0.09...0.28)
        sounds[.kick] = DrumKit.make(kickDecay * 4) { t, noise in
            let drop = 0.03
            let phase = kickEnd * t + (kickStart - kickEnd) * drop * (1 - exp(-t / drop))
            return Float(sin(2 * .pi * phase) * exp(-t / kickDecay)) + 0.25 * noise * Float(exp(-t / 0.003))
        }(&dice)
        let snareTone = dice.between(160...240)
        let snareDecay = dice.between(0.06...0.16)
        sounds[.snare] = DrumKit.bright(
            DrumKit.make(snareDecay * 5) { t, noise in
                let body = 0.6 * sin(2 * .pi * snareTone * t) * exp(-t / 0.05)
                return Float(body) + 0.7 * noise * Float(exp(-t / snareDecay))
            }(&dice), above: 140)
        let clapDecay = dice.between(0.06...0.15)
        sounds[.clap] = DrumKit.bright(
            DrumKit.make(clapDecay * 5) { t, noise in
                let bursts = [0.0, 0.011, 0.022].reduce(0) { t < $1 ? $0 : max($0, exp(-(t - $1) / 0.006)) }
                return 0.8 * noise * Float(max(bursts, t > 0.022 ? exp(-(t - 0.022) / clapDecay) : 0))
            }(&dice), above: 700)
        for (drum, decay, above, gain) in [
            (Groove.Drum.hat, dice.between(0.015...0.045), 7_000.0, Float(0.5)),
            (.openHat, dice.between(0.09...0.22), 6_000, 0.5), (.ride, dice.between(0.2...0.45), 5_000, 0.35),
            (.shaker, dice.between(0.02...0.05), 5_500, 0.5), (.crash, dice.between(0.6...1.2), 3_500, 0.6),
        ] {
            let attack = drum == .shaker ? 0.012 : 0.0002
            sounds[drum] = DrumKit.bright(
                DrumKit.make(decay * 5) { t, noise in
                    gain * noise * Float(min(1, t / attack) * exp(-t / decay))
                }(&dice), above: above)
        }
        let rimTone = dice.between(700...1_300)
        sounds[.rim] = DrumKit.make(0.08) { t, noise in
            Float(0.5 * sin(2 * .pi * rimTone * t) * exp(-t / 0.012)) + 0.2 * noise * Float(exp(-t / 0.004))
        }(&dice)
        let tomTone = dice.between(90...170)
        sounds[.tom] = DrumKit.make(0.5) { t, noise in
            Float(0.6 * sin(2 * .pi * (tomTone * t + 1.2 * (1 - exp(-t / 0.02)))) * exp(-t / 0.11))
                + 0.1 * noise * Float(exp(-t / 0.004))
        }(&dice)
    }

    /// A sound from its value at each moment, noise handed in.
    private static func make(
        _ seconds: Double, _ value: @escaping (Double, Float) -> Float
    ) -> (inout Dice) -> [Float] {
        { dice in
            (0..<Int(seconds * rate)).map { value(Double($0) / rate, dice.bipolar()) }
        }
    }

    /// Without what lies below a frequency: two poles, as mild as a real drum's foot.
    private static func bright(_ samples: [Float], above hertz: Double) -> [Float] {
        let keep = Float(exp(-2 * .pi * hertz / rate))
        return (0..<2).reduce(samples) { samples, _ in
            var low: Float = 0
            return samples.map { sample in
                low = keep * low + (1 - keep) * sample
                return sample - low
            }
        }
    }
}
