/// How one track goes over into another: a pure value made from two analyses.
///
/// **Units:** output frames are relative to the overlap's start; source frames are each track's own.
public struct TransitionPlan: Codable, Hashable, Sendable {
    public var style: TransitionStyle
    /// One short sentence for people.
    public var reason: String
    /// How much is given up, 0 good ... 1 bad.
    public var cost: Double
    /// Source frame of the outgoing track at the overlap's start.
    public var outgoingFrame: Int64
    /// Source frame of the incoming track at the overlap's start.
    public var incomingFrame: Int64
    /// Length of the overlap.
    public var overlapFrames: Int64
    /// Knots to put after the outgoing track's map; empty where it keeps its tempo. The first lies on slope 1.
    public var outgoingMap: [MapKnot]
    /// The incoming track's map; at least one knot.
    public var incomingMap: [MapKnot]
    /// How either side's level moves; frames relative.
    public var fadeOut: Fade
    public var fadeIn: Fade
    /// Where the common beats lie, relative, the overlap's end included; empty where none is claimed.
    public var beatFrames: [Int64]
    /// Where attacks are to be expected around them; nil is on them.
    public var attackDelays: AttackDelays?
    /// Where the incoming track becomes the louder one, relative.
    public var titleFrame: Int64
    /// Level change that the two levelled tracks have here by themselves. **Units:** LU.
    public var expectedStepLoudnessUnits: Double
    /// What is expected of it.
    public var expectation: TransitionExpectation

    public var kind: TransitionKind { style.isBeatMatched ? .beatMatched : .fade }

    public init(
        style: TransitionStyle, reason: String, cost: Double, outgoingFrame: Int64, incomingFrame: Int64,
        overlapFrames: Int64, outgoingMap: [MapKnot], incomingMap: [MapKnot], fadeOut: Fade, fadeIn: Fade,
        beatFrames: [Int64] = [], attackDelays: AttackDelays? = nil, titleFrame: Int64,
        expectedStepLoudnessUnits: Double,
        expectation: TransitionExpectation
    ) {
        self.style = style
        self.reason = reason
        self.cost = cost
        self.outgoingFrame = outgoingFrame
        self.incomingFrame = incomingFrame
        self.overlapFrames = overlapFrames
        self.outgoingMap = outgoingMap
        self.incomingMap = incomingMap
        self.fadeOut = fadeOut
        self.fadeIn = fadeIn
        self.beatFrames = beatFrames
        self.attackDelays = attackDelays
        self.titleFrame = titleFrame
        self.expectedStepLoudnessUnits = expectedStepLoudnessUnits
        self.expectation = expectation
    }
}
