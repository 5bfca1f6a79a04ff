import Foundation

/// Sounds that go on for ever: loops of 2^17 frames whose every partial fits a whole number of times, so that any
/// position can be read without a seam.
enum DemoLoop {
    static let frameBits = 17
    static let frameCount = 1 << frameBits

    /// An ensemble of saws on the notes of a chord, each a few cents around its pitch. Dark and bright differ only in
    /// their filter, so that crossfading them sounds like opening it.
    static func pad(notes: [Int], darkCutoff: Double, brightCutoff: Double, random: inout DemoRandom) -> (
        dark: [Float], bright: [Float]
    ) {
        var sum = [Float](repeating: 0, count: frameCount)
        let rate = Double(AudioFormat.sampleRate)
        for note in notes {
            let frequency = DemoTone.frequency(note: Double(note))
            let table = DemoWavetable(.saw, frequency: frequency, cutoff: brightCutoff * 1.5)
            let cycles = frequency * Double(frameCount) / rate
            let spread = max(1, cycles * (pow(2, 7.0 / 1200) - 1))
            var phases: [UInt32] = []
            var increments: [UInt32] = []
            for offset in [-spread, 0, spread] {
                phases.append(UInt32(truncatingIfNeeded: random.next()))
                increments.append(UInt32(Int((cycles + offset).rounded()) << (32 - frameBits)))
            }
            table.values.withUnsafeBufferPointer { table in
                sum.withUnsafeMutableBufferPointer { sum in
                    let table = table.baseAddress!
                    var (p0, p1, p2) = (phases[0], phases[1], phases[2])
                    let (i0, i1, i2) = (increments[0], increments[1], increments[2])
                    for index in 0..<frameCount {
                        sum[index] +=
                            DemoWavetable.sample(table, p0) + DemoWavetable.sample(table, p1)
                            + DemoWavetable.sample(table, p2)
                        p0 = p0 &+ i0
                        p1 = p1 &+ i1
                        p2 = p2 &+ i2
                    }
                }
            }
        }
        DemoFilter.applyAround(.highPass, 230, resonance: 0.6, to: &sum)
        var dark = sum
        DemoFilter.applyAround(.lowPass, darkCutoff, resonance: 0.6, to: &dark)
        return (dark, sum)
    }

    /// Noise in a band, for rises.
    static func noise(band: Double, random: inout DemoRandom) -> [Float] {
        var samples = (0..<frameCount / 2).map { _ in random.bipolar() }
        DemoFilter.applyAround(.bandPass, band, resonance: 0.9, to: &samples)
        DemoFilter.applyAround(.lowPass, band * 1.6, to: &samples)
        return samples
    }

    /// An old record between the songs: soft hiss and a few ticks.
    static func crackle(random: inout DemoRandom) -> [Float] {
        var samples = (0..<frameCount).map { _ in random.bipolar() * 0.02 }
        DemoFilter.applyAround(.lowPass, 3500, to: &samples)
        for _ in 0..<26 {
            let start = random.integer(0...(frameCount - 200))
            let height = Float(random.between(0.1, 0.6) * random.unit())
            for index in 0..<60 { samples[start + index] += random.bipolar() * height * (1 - Float(index) / 60) }
        }
        DemoFilter.applyAround(.bandPass, 1800, resonance: 0.5, to: &samples)
        return samples
    }
}
