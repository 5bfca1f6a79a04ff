/// One track's fade at one end of its time in the mix, in three bands. **Units:** output frames.
///
/// Every band follows a curve of `shape` from `startFrame` to `endFrame`, unless it has a span of its own. Bass is
/// what lies below `MixSettings.bassSwapHertz`, treble what lies above `MixSettings.trebleHertz`.
public struct Fade: Codable, Hashable, Sendable {
    /// How the gain moves between the two ends.
    public enum Shape: String, Codable, Sendable {
        /// sin(πu/2) in, cos(πu/2) out: the powers of both sides add up to 1.
        case equalPower
        /// Powers that add up to 1, their ratio going evenly, in decibels, from -30 to +30: what only one track has comes
        /// up (goes down) by as much in every second.
        case steady
    }

    /// The frame from which the gain moves.
    public var startFrame: Int64
    /// The frame from which it is at its goal.
    public var endFrame: Int64
    public var shape: Shape
    /// When the bass moves; basses are handed over, so that two never sound together for long.
    public var bassSwap: Span?
    /// How far the bass is turned down while both tracks sound.
    public var bassTrim: Trim?
    /// When the middle moves.
    public var middle: Span?
    /// When the highs move.
    public var treble: Span?
    /// What is heard instead of the track's going on.
    public var echo: Echo?
    /// When a track that comes in is brought up to its level at once, whatever the bands have reached.
    public var lift: Span?

    /// Some time. **Units:** output frames.
    public struct Span: Codable, Hashable, Sendable {
        public var startFrame: Int64
        public var endFrame: Int64

        public init(startFrame: Int64, endFrame: Int64) {
            self.startFrame = startFrame
            self.endFrame = endFrame
        }

        func moved(by frames: Int64) -> Span {
            Span(startFrame: startFrame + frames, endFrame: endFrame + frames)
        }
    }

    /// A gain that holds while both tracks sound: reached in `frames` from the start of a fade out, left in as many
    /// before the end of a fade in.
    public struct Trim: Codable, Hashable, Sendable {
        /// 0 ... 1.
        public var gain: Double
        public var frames: Int64

        public init(gain: Double, frames: Int64) {
            self.gain = gain
            self.frames = frames
        }
    }

    /// The last `delayFrames` before `startFrame` sound again and again from there on, each time `gain` as loud.
    public struct Echo: Codable, Hashable, Sendable {
        public var startFrame: Int64
        /// At most `EchoTail.delayFramesMax`.
        public var delayFrames: Int64
        public var gain: Double

        public init(startFrame: Int64, delayFrames: Int64, gain: Double) {
            self.startFrame = startFrame
            self.delayFrames = delayFrames
            self.gain = gain
        }
    }

    public init(
        startFrame: Int64, endFrame: Int64, shape: Shape = .equalPower, bassSwap: Span? = nil, bassTrim: Trim? = nil,
        middle: Span? = nil, treble: Span? = nil, echo: Echo? = nil, lift: Span? = nil
    ) {
        self.startFrame = startFrame
        self.endFrame = endFrame
        self.shape = shape
        self.bassSwap = bassSwap
        self.bassTrim = bassTrim
        self.middle = middle
        self.treble = treble
        self.echo = echo
        self.lift = lift
    }

    /// The same, `frames` later.
    func moved(by frames: Int64) -> Fade {
        Fade(
            startFrame: startFrame + frames, endFrame: endFrame + frames, shape: shape,
            bassSwap: bassSwap?.moved(by: frames), bassTrim: bassTrim, middle: middle?.moved(by: frames),
            treble: treble?.moved(by: frames),
            echo: echo.map {
                Echo(startFrame: $0.startFrame + frames, delayFrames: $0.delayFrames, gain: $0.gain)
            }, lift: lift?.moved(by: frames))
    }

    /// Whether a band has a gain of its own somewhere in `frames`.
    func partsBands(in frames: Range<Int64>) -> Bool {
        [bassSwap, middle, treble].contains { span in
            guard let span else { return false }
            return min(startFrame, span.startFrame) < frames.upperBound
                && max(endFrame, span.endFrame) > frames.lowerBound
        }
    }

    /// Whether the highs have another gain than the middle somewhere in `frames`.
    func partsTreble(in frames: Range<Int64>) -> Bool { (middle != nil || treble != nil) && partsBands(in: frames) }
}
