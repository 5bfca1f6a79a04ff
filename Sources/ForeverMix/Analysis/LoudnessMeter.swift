import Foundation

/// Loudness of a stereo stream, ITU-R BS.1770-4.
///
/// K-weighting (two biquads a channel, the standard's coefficients for 48 kHz), the mean square of both channels
/// summed, 400 ms blocks every 100 ms, gated at -70 LUFS and then at 10 LU below what is left. **Thread:** one.
package final class LoudnessMeter {
    /// K-weighted energy (mean square, both channels summed) of every whole 100 ms so far.
    package private(set) var stepEnergies: [Float] = []

    package static let silence = -70.0
    private static let stepFrames = AudioFormat.sampleRate / 10

    private var shelf = BiquadState()
    private var highPass = BiquadState()
    private var energy = SIMD2<Double>.zero
    private var filled = 0

    /// Left and right in the two lanes.
    private struct BiquadState {
        var s1 = SIMD2<Double>.zero
        var s2 = SIMD2<Double>.zero
    }

    /// - expectedSeconds: how much is to come: for so long nothing more is allocated
    package init(expectedSeconds: Double = 0) { stepEnergies.reserveCapacity(Int(expectedSeconds * 10) + 1) }

    /// Adds `count` frames to the stream.
    package func push(left: UnsafePointer<Float>, right: UnsafePointer<Float>, count: Int) {
        var a = shelf
        var b = highPass
        var sum = energy
        var n = 0
        while n < count {
            let run = min(count - n, LoudnessMeter.stepFrames - filled)
            for k in n..<(n + run) {
                let x = SIMD2(Double(left[k]), Double(right[k]))
                let y = 1.53512485958697 * x + a.s1
                a.s1 = -2.69169618940638 * x + 1.69065929318241 * y + a.s2
                a.s2 = 1.19839281085285 * x - 0.73248077421585 * y
                let z = y + b.s1
                b.s1 = -2 * y + 1.99004745483398 * z + b.s2
                b.s2 = y - 0.99007225036621 * z
                sum += z * z
            }
            n += run
            filled += run
            if filled == LoudnessMeter.stepFrames {
                stepEnergies.append(Float((sum.x + sum.y) / Double(filled)))
                sum = .zero
                filled = 0
            }
        }
        flushDenormals(&a)
        flushDenormals(&b)
        shelf = a
        highPass = b
        energy = sum
    }

    private func flushDenormals(_ state: inout BiquadState) {
        if abs(state.s1.x) + abs(state.s1.y) + abs(state.s2.x) + abs(state.s2.y) < 1e-30 { state = BiquadState() }
    }

    /// Ends the stream: what is left of the last 100 ms counts as a whole step, silence after it.
    package func finish() {
        if filled > 0 {
            stepEnergies.append(Float((energy.x + energy.y) / Double(LoudnessMeter.stepFrames)))
            energy = .zero
            filled = 0
        }
    }

    /// Integrated loudness of all that was pushed; -70 for silence. **Units:** LUFS.
    ///
    /// A stream shorter than one block is measured as one block of its own length.
    package var integrated: Double {
        LoudnessMeter.integrated(blocks: blockEnergies())
    }

    /// Energy of every 400 ms block.
    package func blockEnergies() -> [Double] {
        let count = stepEnergies.count
        guard count >= 4 else {
            guard count > 0 else { return [] }
            return [stepEnergies.reduce(0) { $0 + Double($1) } / Double(count)]
        }
        var blocks = [Double](repeating: 0, count: count - 3)
        for at in blocks.indices {
            for step in at..<(at + 4) { blocks[at] += Double(stepEnergies[step]) }
            blocks[at] /= 4
        }
        return blocks
    }

    /// Both gates over block energies.
    package static func integrated(blocks: [Double]) -> Double {
        let loud = blocks.filter { lufs($0) > silence }
        guard !loud.isEmpty else { return silence }
        let gate = lufs(loud.reduce(0, +) / Double(loud.count)) - 10
        let kept = loud.filter { lufs($0) > gate }
        guard !kept.isEmpty else { return silence }
        return max(silence, lufs(kept.reduce(0, +) / Double(kept.count)))
    }

    /// Momentary loudness every `TrackAnalysis.loudnessCurveHop`, the 400 ms centred on each.
    package func curve(frameCount: Int64) -> [Float] {
        let stepsPerPoint = Int((TrackAnalysis.loudnessCurveHop * 10).rounded())
        let points = Int(AudioFormat.seconds(frameCount) / TrackAnalysis.loudnessCurveHop) + 1
        return (0..<points).map { point in
            var sum = 0.0
            for step in (point * stepsPerPoint - 2)..<(point * stepsPerPoint + 2)
            where stepEnergies.indices.contains(step) {
                sum += Double(stepEnergies[step])
            }
            return Float(max(LoudnessMeter.silence, LoudnessMeter.lufs(sum / 4)))
        }
    }

    /// Loudness of a K-weighted mean square.
    package static func lufs(_ energy: Double) -> Double {
        energy > 0 ? -0.691 + 10 * log10(energy) : -.infinity
    }
}
