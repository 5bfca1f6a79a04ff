import Foundation

/// Filters used while an instrument's samples are made; nothing of them runs while a track is read.
enum DemoFilter {
    enum Kind { case lowPass, bandPass, highPass }

    /// A state variable filter of 12 dB an octave, in place (Simper 2013, trapezoidal). **Units:** Hz.
    static func apply(_ kind: Kind, _ cutoff: Double, resonance: Double = 0.7, to samples: inout [Float]) {
        var state = StateVariable(cutoff: cutoff, resonance: resonance)
        samples.withUnsafeMutableBufferPointer { state.run(kind, $0) }
    }

    /// The same for a loop: runs twice around, so that the seam is filtered like any other place.
    static func applyAround(_ kind: Kind, _ cutoff: Double, resonance: Double = 0.7, to samples: inout [Float]) {
        var state = StateVariable(cutoff: cutoff, resonance: resonance)
        // Only the state of the first time around is wanted, and the last eighth is long enough to find it.
        var tail = Array(samples[(samples.count - samples.count / 8)...])
        tail.withUnsafeMutableBufferPointer { state.run(kind, $0) }
        samples.withUnsafeMutableBufferPointer { state.run(kind, $0) }
    }

    private struct StateVariable {
        private let g, k, a1, a2, a3: Float
        private var first: Float = 0
        private var second: Float = 0

        init(cutoff: Double, resonance: Double) {
            g = Float(tan(Double.pi * min(cutoff, 20_000) / Double(AudioFormat.sampleRate)))
            k = Float(1 / resonance)
            a1 = 1 / (1 + g * (g + k))
            a2 = g * a1
            a3 = g * a2
        }

        mutating func run(_ kind: Kind, _ samples: UnsafeMutableBufferPointer<Float>) {
            var (s1, s2) = (first, second)
            for index in samples.indices {
                let input = samples[index]
                let v3 = input - s2
                let v1 = a1 * s1 + a2 * v3
                let v2 = s2 + a2 * s1 + a3 * v3
                s1 = 2 * v1 - s1
                s2 = 2 * v2 - s2
                switch kind {
                case .lowPass: samples[index] = v2
                case .bandPass: samples[index] = v1 * k
                case .highPass: samples[index] = input - k * v1 - v2
                }
            }
            (first, second) = (s1, s2)
        }
    }

    /// The room of a sample: the wet part only, `seconds` longer. Four combs and two all-passes (Schroeder 1962), the
    /// combs damped.
    static func room(of samples: [Float], seconds: Double, decay: Float, damping: Float) -> [Float] {
        var input = samples
        input.append(contentsOf: repeatElement(0, count: Int(seconds * Double(AudioFormat.sampleRate))))
        var output = [Float](repeating: 0, count: input.count)
        var combs = (
            Comb(frames: 1427, gain: decay), Comb(frames: 1787, gain: decay * 0.97),
            Comb(frames: 2111, gain: decay * 0.95), Comb(frames: 2503, gain: decay * 0.92)
        )
        let memory = UnsafeMutablePointer<Float>.allocate(capacity: 4 * Comb.framesMax)
        memory.initialize(repeating: 0, count: 4 * Comb.framesMax)
        defer { memory.deallocate() }
        input.withUnsafeBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                // All four at once: each waits for its own last result, so that together they take the time of one.
                for index in 0..<input.count {
                    let first = combs.0.step(input[index], memory, damping)
                    let second = combs.1.step(input[index], memory + Comb.framesMax, damping)
                    let third = combs.2.step(input[index], memory + 2 * Comb.framesMax, damping)
                    let fourth = combs.3.step(input[index], memory + 3 * Comb.framesMax, damping)
                    output[index] = (first + second) + (third + fourth)
                }
            }
        }
        for length in [241, 556] { diffuse(&output, length: length) }
        return output
    }

    private struct Comb {
        static let framesMax = 2503
        let frames: Int
        let gain: Float
        private var place = 0
        private var damped: Float = 0

        init(frames: Int, gain: Float) {
            self.frames = frames
            self.gain = gain
        }

        @inline(__always)
        mutating func step(_ input: Float, _ line: UnsafeMutablePointer<Float>, _ damping: Float) -> Float {
            let delayed = line[place]
            damped += (delayed - damped) * damping
            line[place] = input + damped * gain
            place += 1
            if place == frames { place = 0 }
            return delayed
        }
    }

    private static func diffuse(_ samples: inout [Float], length: Int) {
        var line = [Float](repeating: 0, count: length)
        var place = 0
        line.withUnsafeMutableBufferPointer { line in
            samples.withUnsafeMutableBufferPointer { samples in
                for index in samples.indices {
                    let delayed = line[place]
                    let fresh = samples[index] + delayed * 0.6
                    line[place] = fresh
                    samples[index] = delayed - fresh * 0.6
                    place += 1
                    if place == length { place = 0 }
                }
            }
        }
    }
}
