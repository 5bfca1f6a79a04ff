/// One track's fade at one end of its time in the mix. **Units:** output frames.
///
/// The upper band follows an equal-power curve from `startFrame` to `endFrame`. With a bass swap the band below
/// `MixSettings.bassSwapHertz` is handed over around one frame instead, so that two basses never sound together.
public struct Fade: Codable, Hashable, Sendable {
    /// How the gain moves between the two ends.
    public enum Shape: String, Codable, Sendable {
        /// sin(πu/2) in, cos(πu/2) out: the powers of both sides add up to 1.
        case equalPower
    }

    /// The frame from which the gain moves.
    public var startFrame: Int64
    /// The frame from which it is at its goal.
    public var endFrame: Int64
    public var shape: Shape
    /// Where the bass is handed over; nil where the bass fades with the rest.
    public var bassSwap: BassSwap?

    /// When one track's bass gives way to the other's. **Units:** output frames.
    public struct BassSwap: Codable, Hashable, Sendable {
        public var startFrame: Int64
        public var endFrame: Int64

        public init(startFrame: Int64, endFrame: Int64) {
            self.startFrame = startFrame
            self.endFrame = endFrame
        }
    }

    public init(startFrame: Int64, endFrame: Int64, shape: Shape = .equalPower, bassSwap: BassSwap? = nil) {
        self.startFrame = startFrame
        self.endFrame = endFrame
        self.shape = shape
        self.bassSwap = bassSwap
    }
}
