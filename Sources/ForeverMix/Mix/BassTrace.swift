import Foundation

/// How much bass the finished mix has, by the hundredth second: what lies below 150 Hz (Butterworth, fourth order), of
/// both channels together.
final class BassTrace {
    static let stepFrames = 480
    static let hertz = 150.0

    /// Mean squares.
    private(set) var powers: [Float] = []
    private var sections = [BassTrace.section(q: 0.541_196_1), BassTrace.section(q: 1.306_563)]
    private var sum = 0.0
    private var filled = 0

    /// One pair of poles and its state.
    private struct Section {
        var gain: Double
        var a1: Double
        var a2: Double
        var s1 = 0.0
        var s2 = 0.0

        @inline(__always)
        mutating func pass(_ x: Double) -> Double {
            let y = gain * x + s1
            s1 = 2 * gain * x - a1 * y + s2
            s2 = gain * x - a2 * y
            return y
        }

        mutating func flushDenormals() {
            if abs(s1) + abs(s2) < 1e-30 { (s1, s2) = (0, 0) }
        }
    }

    private static func section(q: Double) -> Section {
        let turn = 2 * Double.pi * hertz / Double(AudioFormat.sampleRate)
        let alpha = sin(turn) / (2 * q)
        return Section(
            gain: (1 - cos(turn)) / 2 / (1 + alpha), a1: -2 * cos(turn) / (1 + alpha), a2: (1 - alpha) / (1 + alpha))
    }

    /// **Cost:** allocates all that it will need for `chunkCount` chunks.
    init(chunkCount: Int) { powers.reserveCapacity(chunkCount * BandSplit.chunkFrames / BassTrace.stepFrames + 2) }

    /// Adds a chunk of the mix.
    func add(left: UnsafePointer<Float>, right: UnsafePointer<Float>) {
        var (first, second) = (sections[0], sections[1])
        var (sum, filled) = (sum, filled)
        for i in 0..<BandSplit.chunkFrames {
            let value = second.pass(first.pass(0.5 * (Double(left[i]) + Double(right[i]))))
            sum += value * value
            filled += 1
            if filled == BassTrace.stepFrames {
                powers.append(Float(sum / Double(filled)))
                (sum, filled) = (0, 0)
            }
        }
        first.flushDenormals()
        second.flushDenormals()
        (sections[0], sections[1]) = (first, second)
        (self.sum, self.filled) = (sum, filled)
    }
}
