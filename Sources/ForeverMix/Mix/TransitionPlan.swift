/// How one track goes over into another: a pure value made from two analyses.
///
/// **Units:** output frames are relative to the overlap's start; source frames are each track's own.
public struct TransitionPlan: Codable, Hashable, Sendable {
    public var kind: TransitionKind
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
    /// Where the bass changes hands, relative; nil for a plain fade.
    public var bassSwap: Fade.BassSwap?
    /// Where the incoming track becomes the louder one, relative.
    public var titleFrame: Int64
    /// Level change that the two levelled tracks have here by themselves. **Units:** LU.
    public var expectedStepLoudnessUnits: Double

    public init(
        kind: TransitionKind, reason: String, cost: Double, outgoingFrame: Int64, incomingFrame: Int64,
        overlapFrames: Int64, outgoingMap: [MapKnot], incomingMap: [MapKnot], bassSwap: Fade.BassSwap?,
        titleFrame: Int64, expectedStepLoudnessUnits: Double
    ) {
        self.kind = kind
        self.reason = reason
        self.cost = cost
        self.outgoingFrame = outgoingFrame
        self.incomingFrame = incomingFrame
        self.overlapFrames = overlapFrames
        self.outgoingMap = outgoingMap
        self.incomingMap = incomingMap
        self.bassSwap = bassSwap
        self.titleFrame = titleFrame
        self.expectedStepLoudnessUnits = expectedStepLoudnessUnits
    }
}
