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
    /// The planner's name for what it would do; nil where no planner spoke.
    public var style: String?

    public init(
        from: String, to: String, cost: Double, terms: [String: Double], kind: String, style: String? = nil
    ) {
        self.from = from
        self.to = to
        self.cost = cost
        self.terms = terms
        self.kind = kind
        self.style = style
    }
}

extension TourLeg {
    /// Terms up to this value fit, from the other on they do not.
    private static let fitting = 0.15
    private static let differing = 0.5

    /// What speaks for the step and what against it: "fits in tempo, key and genre, not in energy".
    ///
    /// - Parameter weights: the terms are named in the order of their weight, at most four on either side.
    public func inWords(weights: TourWeights = TourWeights()) -> String {
        func names(_ fits: (Double) -> Bool) -> [String] {
            TourTerm.allCases.filter { term in
                term != .artist && weights[term] > 0 && terms[term.rawValue].map(fits) ?? false
            }.sorted { (weights[$1], $0.index) < (weights[$0], $1.index) }.prefix(4).map(\.inWords)
        }
        func list(_ words: [String]) -> String {
            words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " and " + words.last!
        }
        let good = list(names { $0 <= TourLeg.fitting })
        let bad = list(names { $0 >= TourLeg.differing })
        let fit =
            switch (good.isEmpty, bad.isEmpty) {
            case (false, false): "fits in \(good), not in \(bad)"
            case (false, true): "fits in \(good)"
            case (true, false): "does not fit in \(bad)"
            case (true, true): terms.isEmpty ? "nothing is known of the two" : "fits fairly"
            }
        return terms[TourTerm.artist.rawValue] == 1 ? "\(fit); by the same artist" : fit
    }
}

extension TourTerm {
    fileprivate var inWords: String {
        switch self {
        case .transition: "how they mix"
        case .timbre: "sound"
        case .shape: "the hour's energy"
        default: rawValue
        }
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
