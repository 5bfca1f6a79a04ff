import Foundation
import ForeverMix

/// What stretching did to known music, against the same music played at the new speed.
///
/// The measures are those of the usual comparisons of stretchers: where attacks lie, how long they last, what is heard
/// before them, how the spectrum differs, and what is added to steady tones.
struct StretchJudge {
    /// Hits by kind, at their source times. **Units:** s.
    struct Hit {
        enum Kind { case kick, snare, hat }
        var kind: Kind
        var seconds: Double
    }

    static let rate = Double(AudioFormat.sampleRate)

    /// A beat with off-beat hats, a bass and, every two beats, a chord, played along `map` (source to output seconds).
    static func beat(
        tempo: Double = 124, seconds: Double, map: (Double) -> Double = { $0 }
    ) -> (sound: [Float], hits: [Hit]) {
        var music = SynthesisedMusic(seconds: map(seconds))
        var hits: [Hit] = []
        let period = 60 / tempo
        for (at, beat) in stride(from: 0.25, to: seconds - 0.8, by: period).enumerated() {
            music.kick(map(beat))
            hits.append(Hit(kind: .kick, seconds: beat))
            if at % 2 == 1 {
                music.snare(map(beat))
                hits.append(Hit(kind: .snare, seconds: beat))
            }
            let off = beat + period / 2
            music.hat(map(off))
            hits.append(Hit(kind: .hat, seconds: off))
            music.chord([33], map(off), length: map(off + 0.4 * period) - map(off), gain: 0.12)
            if at % 2 == 0 {
                music.chord([57, 60, 64], map(beat), length: map(beat + 1.9 * period) - map(beat), gain: 0.02)
            }
        }
        return (music.samples, hits)
    }

    /// Hats in a thick hiss, over kicks and a bass, all driven into saturation; the hats' times in seconds.
    static func dense(seconds: Double) -> (sound: [Float], hats: [Double]) {
        var music = SynthesisedMusic(seconds: seconds)
        music.noise(gain: 0.06)
        let hats = Array(stride(from: 0.3, to: seconds - 0.3, by: 0.24))
        for (at, time) in hats.enumerated() {
            music.hat(time, gain: 0.1)
            if at % 2 == 0 { music.kick(time + 0.12) } else { music.chord([33], time + 0.12, length: 0.1, gain: 0.2) }
        }
        return (music.samples.map { tanh(3 * $0) }, hats)
    }

    /// Chords of three notes, one a beat of 0.6 s, nothing else.
    static func chords(seconds: Double, map: (Double) -> Double = { $0 }) -> (sound: [Float], times: [Double]) {
        var music = SynthesisedMusic(seconds: map(seconds))
        let notes = [[57, 60, 64, 67], [53, 57, 60, 64], [48, 55, 60, 64], [55, 59, 62, 65]]
        let times = Array(stride(from: 0.3, to: seconds - 0.7, by: 0.6))
        for (at, time) in times.enumerated() {
            music.chord(notes[at / 2 % 4], map(time), length: map(time + 0.58) - map(time), gain: 0.05)
        }
        return (music.samples, times)
    }

    /// Four steady notes of three partials each.
    static let tones = [220.0, 277.1826, 329.6276, 415.3047].flatMap { note in [1, 2, 3].map { note * $0 } }

    static func steady(seconds: Double) -> [Float] {
        var music = SynthesisedMusic(seconds: seconds)
        for (at, tone) in tones.enumerated() { music.sine(tone, gain: 0.06, phase: Double(at)) }
        return music.samples
    }

    static func stretch(_ sound: [Float], anchors: [Double], seconds: Double, map: (Double) -> Double) -> [Float] {
        let times = [0] + anchors + [seconds]
        let knots = times.map { time in
            MapKnot(sourceFrame: (time * rate).rounded(), outputFrame: Int64((map(time) * rate).rounded()))
        }
        var result = StereoBuffer(frameCount: Int((map(seconds) * rate).rounded()))
        StretchedSound(BufferSource(mono: sound), map: knots).read(from: 0, into: &result)
        return result.left
    }

    // MARK: Attacks

    /// How far each hit lies from where it does in `ideal`. **Units:** ms.
    static func lags(_ sound: [Float], _ ideal: [Float], at times: [Double]) -> [Double] {
        times.compactMap { time in
            let around = Int(time * rate)
            let (reach, search) = (960, 960)
            guard around > reach + search, around + reach + search < min(sound.count, ideal.count) else { return nil }
            let wanted = rises(ideal, around - reach..<around + reach)
            let found = rises(sound, around - reach - search..<around + reach + search)
            var best = (score: -1.0, lag: 0)
            for lag in -search...search {
                var (product, square) = (0.0, 1e-12)
                for i in stride(from: 0, to: wanted.count, by: 1) {
                    let value = found[i + lag + search]
                    product += wanted[i] * value
                    square += value * value
                }
                let score = product / square.squareRoot()
                if score > best.score { best = (score, lag) }
            }
            return Double(best.lag) / rate * 1000
        }
    }

    /// The rising part of the 1.5 ms envelope's slope.
    private static func rises(_ sound: [Float], _ frames: Range<Int>) -> [Double] {
        let level = envelope(sound, frames.lowerBound - 1..<frames.upperBound, width: 72)
        return zip(level.dropFirst(), level).map { max(0, $0 - $1) }
    }

    /// Root mean square over `width` frames around each frame.
    private static func envelope(_ sound: [Float], _ frames: Range<Int>, width: Int) -> [Double] {
        var sum = 0.0
        for i in frames.lowerBound - width / 2..<frames.lowerBound + width / 2 { sum += Double(sound[i] * sound[i]) }
        return frames.map { i in
            let value = (max(sum, 0) / Double(width)).squareRoot()
            sum += Double(sound[i + width / 2] * sound[i + width / 2])
            sum -= Double(sound[i - width / 2] * sound[i - width / 2])
            return value
        }
    }

    /// Rise of the 1 ms envelope from a tenth to nine tenths. **Units:** ms.
    static func attack(_ sound: [Float], at time: Double) -> Double {
        let around = Int(time * rate)
        let level = envelope(sound, around - 576..<around + 2160, width: 48)
        let peak = level.indices.max { level[$0] < level[$1] }!
        let base = level.prefix(288).sorted()[144]
        let low = level[...peak].lastIndex { $0 < base + 0.1 * (level[peak] - base) } ?? 0
        let high = level[low...].firstIndex { $0 >= base + 0.9 * (level[peak] - base) } ?? peak
        return Double(high - low) / rate * 1000
    }

    /// The loudest millisecond of an attack's first five, of what is high in it. **Units:** dB.
    static func strength(_ sound: [Float], at time: Double) -> Double {
        let around = Int((time * rate).rounded())
        let part = sound[around - 96..<around + 312]
        let slope = zip(part.dropFirst(), part).map { $0 - $1 }
        let bright = zip(slope.dropFirst(), slope).map { $0 - $1 }
        return 20 * log10(envelope(bright, 48..<bright.count - 48, width: 48).max()! + 1e-9)
    }

    /// Energy from 15 to 1.5 ms before a hit against the hit's. **Units:** dB.
    static func echo(_ sound: [Float], before time: Double) -> Double {
        let around = Int(time * rate)
        func power(_ frames: Range<Int>) -> Double {
            frames.reduce(0.0) { $0 + Double(sound[$1] * sound[$1]) } / Double(frames.count)
        }
        return 10 * log10(power(around - 720..<around - 72) / (power(around..<around + 960) + 1e-15) + 1e-9)
    }

    // MARK: Spectra

    private static func powers(_ sound: ArraySlice<Float>, size: Int, window: (Double) -> Double) -> [Double] {
        let fft = FFT(size: size)
        var windowed = [Float](repeating: 0, count: size)
        for (i, value) in sound.enumerated() { windowed[i] = value * Float(window(Double(i) / Double(sound.count))) }
        var re = [Float](repeating: 0, count: fft.binCount)
        var im = re
        fft.forward(real: windowed, into: &re, &im)
        return zip(re, im).map { Double($0 * $0 + $1 * $1) }
    }

    private static func hann(_ x: Double) -> Double { 0.5 - 0.5 * cos(2 * .pi * x) }
    private static func blackman(_ x: Double) -> Double { 0.42 - 0.5 * cos(2 * .pi * x) + 0.08 * cos(4 * .pi * x) }

    /// Mean over frames of the root mean square distance of log spectra, 40 Hz to 16 kHz, 70 dB deep. **Units:** dB.
    static func spectralDistance(_ sound: [Float], _ ideal: [Float]) -> Double {
        let starts = Array(stride(from: 24_000, to: min(sound.count, ideal.count) - 28_096, by: 2048))
        let pairs = starts.map { start in
            (
                powers(sound[start..<start + 4096], size: 4096, window: hann),
                powers(ideal[start..<start + 4096], size: 4096, window: hann)
            )
        }
        let floor = pairs.flatMap { $0.1 }.max()! * 1e-7
        let bins = Int(40 * 4096 / rate) + 1..<Int(16_000 * 4096 / rate)
        let distances = pairs.map { one, other in
            let sum = bins.reduce(0.0) { sum, k in
                let difference = 10 * log10((one[k] + floor) / (other[k] + floor))
                return sum + difference * difference
            }
            return (sum / Double(bins.count)).squareRoot()
        }
        return distances.reduce(0, +) / Double(distances.count)
    }

    /// Of steady tones: how far the middle one of the partials lies from its place (cents) and what lies beyond 6 Hz of all of them (dB).
    static func tones(_ sound: [Float]) -> (cents: Double, noise: Double) {
        let size = 1 << 18
        let part = sound[48_000..<min(sound.count - 48_000, 48_000 + size)]
        let power = powers(part, size: size, window: blackman)
        let hertz = rate / Double(size)
        var isKept = [Bool](repeating: false, count: power.count)
        var distances: [Double] = []
        for tone in tones {
            let near = Int((tone - 4) / hertz)...Int((tone + 4) / hertz)
            let peak = near.max { power[$0] < power[$1] }!
            let (a, b, c) = (log(power[peak - 1]), log(power[peak]), log(power[peak + 1]))
            let found = (Double(peak) + 0.5 * (a - c) / (a - 2 * b + c)) * hertz
            distances.append(abs(1200 * log2(found / tone)))
            for k in peak - Int(6 / hertz)...peak + Int(6 / hertz) { isKept[k] = true }
        }
        var (inside, outside) = (0.0, 0.0)
        for k in power.indices { if isKept[k] { inside += power[k] } else { outside += power[k] } }
        return (median(distances), 10 * log10(outside / inside))
    }
}
