/// A rise from 0 to 1 over a range of output frames, and its mirror, with squares that add up to 1.
///
/// A pure function of the frame number, so that a block may begin anywhere.
package struct FadeCurve: Sendable {
    package enum Direction: Sendable { case rising, falling }

    private let start: Int64
    private let end: Int64
    private let direction: Direction
    private let perFrame: Float

    /// A range that is empty or runs backwards is a step at `startFrame`.
    package init(startFrame: Int64, endFrame: Int64, _ direction: Direction) {
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
        let done = Float(frame - start) * perFrame
        return FadeCurve.quarterSine(direction == .rising ? done : 1 - done)
    }

    /// Writes the gains of `count` frames from `firstFrame` on.
    package func write(from firstFrame: Int64, count: Int, into gains: UnsafeMutablePointer<Float>) {
        let before = Int(min(max(start - firstFrame, 0), Int64(count)))
        let through = Int(min(max(end - firstFrame, 0), Int64(count)))
        let first: Float = direction == .rising ? 0 : 1
        for i in 0..<before { gains[i] = first }
        if through > before {
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
