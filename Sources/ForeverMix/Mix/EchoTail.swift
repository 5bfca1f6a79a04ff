import Foundation

/// A track's last beat, heard again and again while it dies away.
///
/// What sounds at an output frame is a pure function of the track and the frame, so that rendering may begin in the
/// middle of an echo. **Thread:** one. **Cost:** one read of the beat; no allocation after `init`.
final class EchoTail {
    /// The longest echo. **Units:** frames.
    static let delayFramesMax: Int64 = 72_000
    /// Frames in which the end of the beat fades over into its beginning.
    static let seamFrames = 480

    let echo: Fade.Echo
    private let delay: Int
    private let left: FloatBlock
    private let right: FloatBlock
    private var isLoaded = false
    private let decay: Double

    init(_ echo: Fade.Echo) {
        self.echo = echo
        delay = Int(min(max(echo.delayFrames, Int64(2 * EchoTail.seamFrames)), EchoTail.delayFramesMax))
        left = FloatBlock(delay + EchoTail.seamFrames)
        right = FloatBlock(delay + EchoTail.seamFrames)
        decay = log(min(max(echo.gain, 1e-3), 1)) / Double(delay)
    }

    /// The first frame that sounds otherwise than the track itself.
    var startFrame: Int64 { echo.startFrame - Int64(EchoTail.seamFrames) }

    /// Writes the echo over what frames `start ..< start + count` of the track sound like; before `startFrame` they stay.
    func write(
        over track: StretchedTrack, from start: Int64, count: Int, left: UnsafeMutablePointer<Float>,
        right: UnsafeMutablePointer<Float>
    ) {
        guard start + Int64(count) > startFrame else { return }
        load(track)
        for i in max(0, Int(startFrame - start))..<count {
            let since = Int(start - echo.startFrame) + i
            let place = EchoTail.seamFrames + (since % delay + delay) % delay
            let gain = since > 0 ? Float(exp(decay * Double(since))) : 1
            left[i] = self.left.pointer[place] * gain
            right[i] = self.right.pointer[place] * gain
        }
    }

    /// Reads the beat and what comes before it, and lays its end over that, so that it runs in a circle.
    private func load(_ track: StretchedTrack) {
        guard !isLoaded else { return }
        isLoaded = true
        let seam = EchoTail.seamFrames
        track.read(
            from: echo.startFrame - Int64(delay + seam), count: delay + seam, left: left.pointer, right: right.pointer)
        for samples in [left.pointer, right.pointer] {
            for i in 0..<seam {
                let share = (Float(i) + 0.5) / Float(seam)
                samples[delay + i] += (samples[i] - samples[delay + i]) * share
            }
        }
    }
}
