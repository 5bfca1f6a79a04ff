/// What the planner says of one transition, asked by the tour.
public struct TransitionOpinion: Hashable, Sendable {
    /// 0 good ... 1 bad.
    public var cost: Double
    /// The kind of transition it would make: "beatMatched", "fade".
    public var kind: String
    /// What it would do more closely, if it says: "longBlend", "cut" ...
    public var style: String?

    public init(cost: Double, kind: String, style: String? = nil) {
        self.cost = cost
        self.kind = kind
        self.style = style
    }
}

/// What it costs to play one track after another: the weighted mean of named terms, 0 ... 1.
///
/// A term whose value one of the tracks lacks is left out, with its weight. With no term at all the cost is 0.5.
public struct TourCost: Sendable {
    /// The planner's opinion, nil where it has none. ForeverCore knows no sound, so it is handed in.
    /// **Thread:** whichever solves. **Cost:** asked once or twice a pair that is tried; it should be cheap.
    public typealias Opinion = @Sendable (_ from: TrackFacts, _ to: TrackFacts) -> TransitionOpinion?

    public var weights: TourWeights
    public var opinion: Opinion?

    public init(weights: TourWeights = TourWeights(), opinion: Opinion? = nil) {
        self.weights = weights
        self.opinion = opinion
    }

    /// Kinds where no planner speaks: what the tempi alone allow.
    public static let beatMatchedKind = "beatMatched"
    public static let fadeKind = "fade"

    /// One leg with all its terms.
    public func leg(from: TrackFacts, to: TrackFacts) -> TourLeg {
        TourTable(tracks: [from, to], cost: self).leg(0, 1)
    }

    /// What the leg costs, 0 ... 1.
    public func cost(from: TrackFacts, to: TrackFacts) -> Double { leg(from: from, to: to).cost }
}
