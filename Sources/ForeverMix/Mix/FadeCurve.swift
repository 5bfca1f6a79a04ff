import Foundation

/// A rise from 0 to 1 over a range of output frames, and its mirror, with squares that add up to 1.
///
/// A pure function of the frame number, so that a block may begin anywhere.
package struct FadeCurve: Sendable {
    package enum Direction: Sendable { case rising, falling }

    private let start: Int64
    private let end: Int64
    private let direction: Direction
    private let perFrame: Float
    private let shape: Fade.Shape

    /// Frames between two values of a steady curve that are computed; straight lines lie between.
    private static let steadyFrames: Int64 = 64
    /// How far a steady curve's ratio goes to either side. **Units:** dB.
    static let steadyDecibels = 30.0

    /// A range that is empty or runs backwards is a step at `startFrame`.
    package init(startFrame: Int64, endFrame: Int64, _ direction: Direction, shape: Fade.Shape = .equalPower) {
        self.shape = shape
        start = startFrame
        end = max(startFrame, endFrame)
        self.direction = direction
        perFrame = end > start ? 1 / Float(end - start) : 0
    }

    /// Whether the gain is 1 over the whole of `frames`.
    package func isOne(over frames: Range<Int64>) -> Bool {
        direction == .rising ? frames.lowerBound >= end : frames.upperBound <= start
    }

    /// Whether the gain is 0 over the whole of `frames`.
    package func isZero(over frames: Range<Int64>) -> Bool {
        direction == .rising ? frames.upperBound <= start : frames.lowerBound >= end
    }

    /// The gain at `frame`.
    package func gain(at frame: Int64) -> Float {
        if frame < start { return direction == .rising ? 0 : 1 }
        if frame >= end { return direction == .rising ? 1 : 0 }
        if shape == .steady { return steady(at: frame - start) }
        let done = Float(frame - start) * perFrame
        return FadeCurve.quarterSine(direction == .rising ? done : 1 - done)
    }

    /// Writes the gains of `count` frames from `firstFrame` on.
    package func write(from firstFrame: Int64, count: Int, into gains: UnsafeMutablePointer<Float>) {
        let before = Int(min(max(start - firstFrame, 0), Int64(count)))
        let through = Int(min(max(end - firstFrame, 0), Int64(count)))
        let first: Float = direction == .rising ? 0 : 1
        for i in 0..<before { gains[i] = first }
        if through > before && shape == .steady {
            writeSteady(before..<through, from: firstFrame, into: gains)
        } else if through > before {
            let step = perFrame
            let offset = Int32(clamping: firstFrame - start)
            if direction == .rising {
                for i in before..<through {
                    gains[i] = FadeCurve.quarterSine(Float(offset &+ Int32(truncatingIfNeeded: i)) * step)
                }
            } else {
                for i in before..<through {
                    gains[i] = FadeCurve.quarterSine(1 - Float(offset &+ Int32(truncatingIfNeeded: i)) * step)
                }
            }
        }
        for i in max(before, through)..<count { gains[i] = 1 - first }
    }

    /// What a fade in has reached after a share of its time, as power.
    static func power(_ share: Double, _ shape: Fade.Shape) -> Double {
        guard shape == .steady else {
            let sine = sin(min(max(share, 0), 1) * .pi / 2)
            return sine * sine
        }
        func logistic(_ decibels: Double) -> Double { 1 / (1 + pow(10, -decibels / 10)) }
        let least = logistic(-steadyDecibels)
        let reached = logistic(steadyDecibels * (2 * share - 1))
        return min(max((reached - least) / (1 - 2 * least), 0), 1)
    }

    /// The gain at a multiple of `steadyFrames` after the start.
    private func steadyKnot(_ knot: Int64) -> Float {
        let share = min(Double(knot * FadeCurve.steadyFrames) / Double(end - start), 1)
        return Float(FadeCurve.power(direction == .rising ? share : 1 - share, .steady).squareRoot())
    }

    private func steady(at offset: Int64) -> Float {
        let knot = offset / FadeCurve.steadyFrames
        let (a, b) = (steadyKnot(knot), steadyKnot(knot + 1))
        return FadeCurve.between(a, b, offset - knot * FadeCurve.steadyFrames)
    }

    private func writeSteady(_ range: Range<Int>, from firstFrame: Int64, into gains: UnsafeMutablePointer<Float>) {
        var knot: Int64 = -1
        var (a, b) = (Float(0), Float(0))
        for i in range {
            let offset = firstFrame - start + Int64(i)
            if offset / FadeCurve.steadyFrames != knot {
                knot = offset / FadeCurve.steadyFrames
                (a, b) = (steadyKnot(knot), steadyKnot(knot + 1))
            }
            gains[i] = FadeCurve.between(a, b, offset - knot * FadeCurve.steadyFrames)
        }
    }

    @inline(__always)
    private static func between(_ a: Float, _ b: Float, _ frames: Int64) -> Float {
        a + (b - a) * (Float(frames) / Float(steadyFrames))
    }

    /// sin(πu/2) for u in 0 ... 1 within 4e-6: an odd polynomial, the same on every machine.
    @inline(__always)
    private static func quarterSine(_ u: Float) -> Float {
        let square = u * u
        var sum: Float = 1.5146e-4
        sum = sum * square - 4.67376557e-3
        sum = sum * square + 7.9689679e-2
        sum = sum * square - 6.4596370e-1
        sum = sum * square + 1.57079632
        return sum * u
    }
}
