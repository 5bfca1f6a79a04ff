/// Where and how one entry gives way to the next. **Units:** output frames.
public struct MixTransition: Codable, Hashable, Sendable {
    /// Index of the entry that leaves; nil at the opening.
    public var fromIndex: Int?
    /// Index of the entry that comes in.
    public var toIndex: Int
    public var kind: TransitionKind
    /// Which of the family it is; nil at the opening, and in what was written down before there was a family.
    public var style: TransitionStyle?
    /// Both tracks sound from here ...
    public var startFrame: Int64
    /// ... to here.
    public var endFrame: Int64
    /// The first frame that sounds otherwise because of this transition: `startFrame`, or where a ramp before it begins.
    public var changesFrom: Int64
    /// From here on the incoming track runs at its own tempo and level.
    public var settledFrame: Int64
    /// One short sentence for people.
    public var reason: String
    /// Level change that the two levelled tracks have here by themselves. **Units:** LU.
    public var expectedStepLoudnessUnits: Double
    /// What is expected of it; nil where nothing is.
    public var expectation: TransitionExpectation?
    /// Where the common beats lie; nil or empty where none is claimed.
    public var beatFrames: [Int64]?
    /// Where attacks are to be expected around them; nil is on them.
    public var attackDelays: AttackDelays?

    public init(
        fromIndex: Int?, toIndex: Int, kind: TransitionKind, style: TransitionStyle? = nil, startFrame: Int64,
        endFrame: Int64, changesFrom: Int64, settledFrame: Int64, reason: String, expectedStepLoudnessUnits: Double,
        expectation: TransitionExpectation? = nil, beatFrames: [Int64]? = nil, attackDelays: AttackDelays? = nil
    ) {
        self.fromIndex = fromIndex
        self.toIndex = toIndex
        self.kind = kind
        self.style = style
        self.startFrame = startFrame
        self.endFrame = endFrame
        self.changesFrom = changesFrom
        self.settledFrame = settledFrame
        self.reason = reason
        self.expectedStepLoudnessUnits = expectedStepLoudnessUnits
        self.expectation = expectation
        self.beatFrames = beatFrames
        self.attackDelays = attackDelays
    }
}
