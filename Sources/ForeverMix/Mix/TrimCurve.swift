/// The gain of a bass that is turned down for the time of a fade: straight from 1 to the trim's gain, or back.
///
/// A pure function of the frame number, so that a block may begin anywhere.
struct TrimCurve: Sendable {
    /// The frame at which the gain leaves what it was before, and how many it takes.
    private let start: Int64
    private let frames: Int64
    private let before: Float
    private let after: Float

    /// nil where the fade has no trim.
    init?(_ fade: Fade, _ direction: FadeCurve.Direction) {
        guard let trim = fade.bassTrim else { return nil }
        frames = min(max(trim.frames, 1), max(fade.endFrame - fade.startFrame, 1))
        let gain = Float(min(max(trim.gain, 0), 1))
        switch direction {
        case .falling: (start, before, after) = (fade.startFrame, 1, gain)
        case .rising: (start, before, after) = (fade.endFrame - frames, gain, 1)
        }
    }

    /// Multiplies the gains of `count` frames from `firstFrame` on.
    func multiply(_ gains: UnsafeMutablePointer<Float>, from firstFrame: Int64, count: Int) {
        let turn = Int(min(max(start - firstFrame, 0), Int64(count)))
        let turned = Int(min(max(start + frames - firstFrame, 0), Int64(count)))
        if before != 1 {
            for i in 0..<turn { gains[i] *= before }
        }
        let step = (after - before) / Float(frames)
        let offset = Int32(clamping: firstFrame - start)
        for i in turn..<max(turn, turned) {
            gains[i] *= before + step * Float(offset &+ Int32(truncatingIfNeeded: i))
        }
        if after != 1 {
            for i in max(turn, turned)..<count { gains[i] *= after }
        }
    }
}
