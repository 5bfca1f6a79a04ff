import Foundation

/// Finds, in every hop of 10 ms, the steepest rise of the envelope to half a millisecond.
///
/// The envelope is the RMS above about 400 Hz (two first-order high-passes), because the click of a kick and the snap
/// of a snare say when they begin and their bodies do not, and because the envelope of a bass note ripples.
/// **Thread:** one.
package final class AttackEnvelope {
    /// One a hop: the rise (RMS of the 2 ms after less RMS of the 2 ms before), and its place in half milliseconds.
    package private(set) var strengths: [Float] = []
    package private(set) var offsets: [UInt8] = []
    /// The envelope itself.
    package private(set) var level = FineLevel()

    private static let stepFrames = 24
    private static let stepsPerHop = AnalysisLimits.hopFrames / stepFrames
    /// Steps on each side of the boundary: 2 ms.
    private static let side = 4

    /// Energies of the last 8 steps, a ring.
    private var ring = [Float](repeating: 0, count: 8)
    private var steps = 0
    private var stepFilled = 0
    private var stepEnergy: Float = 0
    private var lastInput: Float = 0
    private var lastOutput: Float = 0
    private var lastSecond: Float = 0
    private var best: Float = 0
    private var bestOffset = 0
    private let pole: Float

    package init() {
        pole = Float(exp(-2 * Double.pi * 400 / Double(AudioFormat.sampleRate)))
    }

    /// Adds `count` mono samples to the stream.
    package func push(_ mono: UnsafePointer<Float>, count: Int) {
        var input = lastInput
        var output = lastOutput
        var second = lastSecond
        var energy = stepEnergy
        var filled = stepFilled
        let pole = pole
        for n in 0..<count {
            let x = mono[n]
            let first = pole * (output + x - input)
            input = x
            second = pole * (second + first - output)
            output = first
            energy += second * second
            filled += 1
            if filled == AttackEnvelope.stepFrames {
                endStep(energy)
                energy = 0
                filled = 0
            }
        }
        // A tail of silence would otherwise crawl through denormal numbers.
        lastOutput = abs(output) < 1e-20 ? 0 : output
        lastSecond = abs(second) < 1e-20 ? 0 : second
        lastInput = input
        stepEnergy = energy
        stepFilled = filled
    }

    private func endStep(_ energy: Float) {
        level.append(power: energy / Float(AttackEnvelope.stepFrames))
        ring[steps & 7] = energy
        steps += 1
        // The boundary in the middle of the ring.
        let boundary = steps - AttackEnvelope.side
        guard boundary >= AttackEnvelope.side else { return }
        var before: Float = 0
        var after: Float = 0
        for k in 0..<AttackEnvelope.side {
            before += ring[(boundary - 1 - k) & 7]
            after += ring[(boundary + k) & 7]
        }
        let scale = 1 / Float(AttackEnvelope.side * AttackEnvelope.stepFrames)
        let rise = (after * scale).squareRoot() - (before * scale).squareRoot()
        let hop = boundary / AttackEnvelope.stepsPerHop
        while strengths.count < hop {
            strengths.append(best)
            offsets.append(UInt8(bestOffset))
            best = 0
            bestOffset = 0
        }
        if rise > best {
            best = rise
            bestOffset = boundary % AttackEnvelope.stepsPerHop
        }
    }
}
