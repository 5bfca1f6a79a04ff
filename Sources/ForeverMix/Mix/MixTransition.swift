/// Where and how one entry gives way to the next. **Units:** output frames.
public struct MixTransition: Codable, Hashable, Sendable {
    /// Index of the entry that leaves; nil at the opening.
    public var fromIndex: Int?
    /// Index of the entry that comes in.
    public var toIndex: Int
    public var kind: TransitionKind
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

    public init(
        fromIndex: Int?, toIndex: Int, kind: TransitionKind, startFrame: Int64, endFrame: Int64, changesFrom: Int64,
        settledFrame: Int64, reason: String, expectedStepLoudnessUnits: Double
    ) {
        self.fromIndex = fromIndex
        self.toIndex = toIndex
        self.kind = kind
        self.startFrame = startFrame
        self.endFrame = endFrame
        self.changesFrom = changesFrom
        self.settledFrame = settledFrame
        self.reason = reason
        self.expectedStepLoudnessUnits = expectedStepLoudnessUnits
    }
}
