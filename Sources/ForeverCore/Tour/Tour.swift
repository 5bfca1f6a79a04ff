/// One step of a tour and why it costs what it does.
public struct TourLeg: Codable, Hashable, Sendable {
    public var from: String
    public var to: String
    /// 0 ... 1, the weighted mean of `terms`.
    public var cost: Double
    /// Value by term name, 0 ... 1; terms that nothing is known for are absent.
    public var terms: [String: Double]
    /// The kind of transition to expect.
    public var kind: String

    public init(from: String, to: String, cost: Double, terms: [String: Double], kind: String) {
        self.from = from
        self.to = to
        self.cost = cost
        self.terms = terms
        self.kind = kind
    }
}

/// An order of tracks with what each step costs: the JSON of `order --json`.
public struct Tour: Codable, Hashable, Sendable {
    public var order: [String]
    /// Sum of the legs' costs.
    public var cost: Double
    public var legs: [TourLeg]
    /// The rules that could not be held throughout, in words.
    public var relaxed: [String]
    /// Whether the time ran out before the planned work was done: only then can another machine give another tour.
    public var stoppedByClock: Bool

    public init(order: [String], legs: [TourLeg], relaxed: [String] = [], stoppedByClock: Bool = false) {
        self.order = order
        self.legs = legs
        self.relaxed = relaxed
        self.stoppedByClock = stoppedByClock
        cost = legs.reduce(0) { $0 + $1.cost }
    }
}

/// Why there is no tour.
public enum TourError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownStart(String)
    case repeatedID(String)
    case tooManyTracks(count: Int, limit: Int)

    public var description: String {
        switch self {
        case .unknownStart(let id): "no track has the id \"\(id)\" to start from"
        case .repeatedID(let id): "the id \"\(id)\" stands twice among the tracks"
        case .tooManyTracks(let count, let limit): "\(count) tracks are more than the \(limit) of one tour"
        }
    }
}
