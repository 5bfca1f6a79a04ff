import ForeverMix
import Foundation

/// Samples in memory as a source, with what a test wants to happen to a reader.
final class BufferSource: SampleSource {
    struct Failure: Error {}

    let samples: StereoBuffer
    /// Reading at or after this frame throws.
    var failsAt: Int64?
    var frameCount: Int64 { Int64(samples.frameCount) }

    init(_ samples: StereoBuffer) { self.samples = samples }

    /// The same signal in both channels.
    convenience init(mono: [Float]) { self.init(StereoBuffer(left: mono, right: mono)) }

    func read(from start: Int64, count: Int, into buffer: inout StereoBuffer, at offset: Int) throws {
        if let failsAt, start + Int64(count) > failsAt { throw Failure() }
        for k in 0..<count {
            let at = Int(start) + k
            let inside = samples.left.indices.contains(at)
            buffer.left[offset + k] = inside ? samples.left[at] : 0
            buffer.right[offset + k] = inside ? samples.right[at] : 0
        }
    }
}

/// Drums, chords and tones whose every time is known.
struct SynthesisedMusic {
    static let rate = Double(AudioFormat.sampleRate)
    var samples: [Float]
    private var state: UInt64 = 0x1234_5678_9ABC_DEF1

    init(seconds: Double) {
        samples = [Float](repeating: 0, count: Int(seconds * SynthesisedMusic.rate))
    }

    var source: BufferSource { BufferSource(mono: samples) }

    private mutating func random() -> Float {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Float(Double(state >> 11) / Double(1 << 52)) - 1
    }

    private mutating func add(at seconds: Double, length: Double, _ sound: (Double, Float) -> Double) {
        let first = Int((seconds * SynthesisedMusic.rate).rounded())
        for n in 0..<Int(length * SynthesisedMusic.rate) where samples.indices.contains(first + n) {
            samples[first + n] += Float(sound(Double(n) / SynthesisedMusic.rate, random()))
        }
    }

    mutating func kick(_ seconds: Double, gain: Double = 0.7) {
        add(at: seconds, length: 0.25) { t, noise in
            let click: Double = t < 0.003 ? 0.3 * Double(noise) : 0
            let turns: Double = 50 * t + 3 * (1 - exp(-t * 40))
            let body: Double = sin(2 * Double.pi * turns) * exp(-t * 14)
            return gain * (body + click)
        }
    }

    mutating func snare(_ seconds: Double, gain: Double = 0.4) {
        add(at: seconds, length: 0.2) { t, noise in
            let hiss: Double = Double(noise) * exp(-t * 22)
            let body: Double = 0.4 * sin(2 * Double.pi * 190 * t) * exp(-t * 25)
            return gain * (hiss + body)
        }
    }

    mutating func hat(_ seconds: Double, gain: Double = 0.15) {
        var last: Float = 0
        add(at: seconds, length: 0.08) { t, noise in
            let bright = noise - last
            last = noise
            return gain * Double(bright) * exp(-t * 60)
        }
    }

    /// Notes by MIDI number, a few harmonics each, with soft edges.
    mutating func chord(_ notes: [Int], _ seconds: Double, length: Double, gain: Double = 0.06) {
        for note in notes {
            let hertz = 440 * pow(2, Double(note - 69) / 12)
            // Sines as turning pointers: a sine call a sample would be the slowest part of the tests.
            var turns = (1...5).map { harmonic -> (re: Double, im: Double, stepRe: Double, stepIm: Double) in
                let step = 2 * Double.pi * hertz * Double(harmonic) / SynthesisedMusic.rate
                return (1 / Double(harmonic * harmonic), 0, cos(step), sin(step))
            }
            add(at: seconds, length: length) { t, _ in
                let edge = min(1, min(t / 0.01, (length - t) / 0.02))
                var sum = 0.0
                for k in turns.indices {
                    let turn = turns[k]
                    sum += turn.im
                    turns[k].re = turn.re * turn.stepRe - turn.im * turn.stepIm
                    turns[k].im = turn.re * turn.stepIm + turn.im * turn.stepRe
                }
                return gain * edge * sum
            }
        }
    }

    mutating func noise(gain: Double) {
        for n in samples.indices { samples[n] += Float(gain) * random() }
    }

    mutating func sine(_ hertz: Double, gain: Double, phase: Double = 0, from: Double = 0, until: Double = .infinity) {
        for n in samples.indices {
            let t = Double(n) / SynthesisedMusic.rate
            guard t >= from, t < until else { continue }
            let value: Double = gain * sin(2 * Double.pi * hertz * t + phase)
            samples[n] += Float(value)
        }
    }

    /// House: kick on every beat, snare on two and four, hats between, a bass and a chord that changes each bar.
    static func house(
        tempo: Double, first: Double, seconds: Double, swing: Double = 0.5, drumless: Range<Double>? = nil
    ) -> (music: SynthesisedMusic, beats: [Double], downbeats: [Double]) {
        var music = SynthesisedMusic(seconds: seconds)
        let period = 60 / tempo
        let beats = Array(stride(from: first, to: seconds - 0.1, by: period))
        let chords = [[57, 60, 64], [53, 57, 60], [48, 52, 55], [55, 59, 62]]
        for (at, beat) in beats.enumerated() {
            let notes = chords[at / 4 % 4]
            if at % 4 == 0 { music.chord(notes, beat, length: min(4 * period, seconds - beat) - 0.05) }
            if drumless?.contains(beat) == true { continue }
            music.kick(beat)
            if at % 2 == 1 { music.snare(beat) }
            music.hat(beat + swing * period)
            music.chord([notes[0] - 24], beat + 0.5 * period, length: 0.4 * period, gain: 0.15)
        }
        return (music, beats, stride(from: 0, to: beats.count, by: 4).map { beats[$0] })
    }
}

/// Distances from each true time to the nearest found one. **Units:** s.
func distances(_ truth: [Double], _ found: [Double]) -> [Double] {
    truth.map { time in
        found.min { abs($0 - time) < abs($1 - time) }.map { $0 - time } ?? .infinity
    }
}

func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
}
