import Foundation

/// Keeps the true peak at or below a ceiling, and passes everything below it bit for bit.
///
/// The gain each frame needs is held over a window (a sliding minimum) and smoothed by two running means, all in whole
/// numbers, so that no order of adding can change it: the result is a pure function of the frames around it. The
/// means lie inside the held window, so the smooth gain is never above the needed one.
/// **Thread:** one. **Cost:** next to nothing below the ceiling; no allocation after `init`.
package final class LookAheadLimiter {
    /// Frames of one running mean; two of them make the attack and the release.
    static let meanFrames = 512
    /// Frames from the first effect of a peak to the peak.
    static let aheadFrames = 2 * meanFrames - 1
    /// Frames that a peak's gain is held after it.
    static let holdFrames = 1024
    /// Frames before a chunk that its result depends on, and after it.
    package static let framesBefore = aheadFrames + holdFrames + InterSamplePeaks.reachFrames + 1
    package static let framesAfter = aheadFrames + InterSamplePeaks.reachFrames

    private static let one: Int32 = 1 << 24
    /// Between samples a signal is not looked at below this share of the ceiling.
    private static let worthwhileShare: Float = 0.5

    private let ceiling: Float
    private let chunkFrames: Int
    private let detector = InterSamplePeaks()
    private let peaks: FloatBlock
    private let needed: UnsafeMutablePointer<Int32>
    private let held: UnsafeMutablePointer<Int32>
    private let queue: UnsafeMutablePointer<Int32>
    /// Frames whose needed gain a chunk depends on.
    private let span: Int

    /// A limiter for chunks of `chunkFrames`.
    package init(ceilingDecibels: Double, chunkFrames: Int) {
        ceiling = Float(pow(10, ceilingDecibels / 20))
        self.chunkFrames = chunkFrames
        span = chunkFrames + 2 * LookAheadLimiter.aheadFrames + LookAheadLimiter.holdFrames
        peaks = FloatBlock(span)
        needed = .allocate(capacity: span)
        held = .allocate(capacity: span)
        queue = .allocate(capacity: span)
        for block in [needed, held, queue] { block.initialize(repeating: 0, count: span) }
    }

    deinit {
        needed.deallocate()
        held.deallocate()
        queue.deallocate()
    }

    /// Limits a chunk in place. **Shape:** both channels hold the chunk from `framesBefore` on, and `framesAfter` more
    /// behind it; only the chunk is written.
    package func limit(left: UnsafeMutablePointer<Float>, right: UnsafeMutablePointer<Float>) {
        let reach = InterSamplePeaks.reachFrames
        // The frame of `needed[0]`.
        let origin = LookAheadLimiter.framesBefore - LookAheadLimiter.aheadFrames - LookAheadLimiter.holdFrames
        precondition(origin >= reach)
        peaks.clear()
        let worthwhile = ceiling * LookAheadLimiter.worthwhileShare
        detector.raise(peaks.pointer, over: left + origin, count: span, worthwhile: worthwhile)
        detector.raise(peaks.pointer, over: right + origin, count: span, worthwhile: worthwhile)
        guard writeNeeded() else { return }
        hold()
        smooth(left + LookAheadLimiter.framesBefore, right + LookAheadLimiter.framesBefore)
    }

    /// The gain that each frame needs, in 2^-24; false where none needs any.
    private func writeNeeded() -> Bool {
        let peaks = peaks.pointer
        let ceiling = ceiling
        let one = LookAheadLimiter.one
        var least = one
        for i in 0..<span {
            let gain = peaks[i] > ceiling ? Int32(Float(one) * (ceiling / peaks[i]) * 0.999999) : one
            needed[i] = gain
            least = min(least, gain)
        }
        return least < one
    }

    /// held[i] = the least of needed[i - holdFrames ... i + aheadFrames], for i from holdFrames on.
    private func hold() {
        let ahead = LookAheadLimiter.aheadFrames
        let width = ahead + LookAheadLimiter.holdFrames + 1
        // A queue of indexes whose values rise: its head is the least of the window.
        var head = 0
        var tail = 0
        for j in 0..<span {
            let value = needed[j]
            while tail > head && needed[Int(queue[tail - 1])] >= value { tail -= 1 }
            queue[tail] = Int32(j)
            tail += 1
            if Int(queue[head]) <= j - width { head += 1 }
            let i = j - ahead
            if i >= LookAheadLimiter.holdFrames { held[i] = needed[Int(queue[head])] }
        }
    }

    /// Multiplies the chunk with the mean of the means of `held` over the frames that end at each frame.
    private func smooth(_ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>) {
        let length = LookAheadLimiter.meanFrames
        let first = LookAheadLimiter.holdFrames
        // Frame 0 of the chunk is held[first + aheadFrames]; the first mean begins 2 * length - 2 before it.
        let chunk = first + LookAheadLimiter.aheadFrames
        var inner: Int64 = 0
        for i in 0..<length { inner += Int64(held[chunk - 2 * length + 2 + i]) }
        // The inner mean's sum at both ends of the outer one, and the outer's sum.
        var trailing = inner
        var leading = inner
        var outer = inner
        for i in 1..<length {
            let at = chunk - length + 1 + i
            leading += Int64(held[at]) - Int64(held[at - length])
            outer += leading
        }
        let scale = 1 / (Double(LookAheadLimiter.one) * Double(length) * Double(length))
        for n in 0..<chunkFrames {
            let gain = Float(Double(outer) * scale)
            left[n] *= gain
            right[n] *= gain
            guard n + 1 < chunkFrames else { break }
            let at = chunk + n + 1
            leading += Int64(held[at]) - Int64(held[at - length])
            outer += leading - trailing
            let old = at - 2 * length + 1
            trailing += Int64(held[old + length]) - Int64(held[old])
        }
    }
}
