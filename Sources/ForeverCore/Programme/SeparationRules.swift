/// How long until the same track, or the same artist, may come again.
public struct SeparationRules: Codable, Hashable, Sendable {
    /// Other tracks between two plays of one track, at most.
    public var trackGap: Int
    /// The same as a share of the tracks there are: a small crate cannot wait as long. The smaller of both holds,
    /// so that among the tracks that are free the cheaper transition can still be chosen.
    public var trackGapShare: Double
    /// Other tracks between two by one artist.
    public var artistGap: Int

    public init(trackGap: Int = 500, trackGapShare: Double = 0.6, artistGap: Int = 2) {
        self.trackGap = trackGap
        self.trackGapShare = trackGapShare
        self.artistGap = artistGap
    }

    /// Other tracks between two plays of one track among `count` candidates; never more than can be held.
    public func trackGap(candidates count: Int) -> Int {
        let share = trackGapShare.isFinite ? min(1, max(0, trackGapShare)) : 1
        return max(0, min(trackGap, Int(Double(count) * share), count - 1))
    }
}

/// A rule that could not be held, and how much of it was.
public struct Relaxation: Codable, Hashable, Sendable, CustomStringConvertible {
    public enum Rule: String, Codable, Sendable {
        case track, artist
        /// Who is let in at all.
        case admission
    }
    public var rule: Rule
    /// Other tracks that should have stood between.
    public var wanted: Int
    /// Other tracks that did.
    public var held: Int
    /// Why the track is not let in otherwise; nil for the separations.
    public var objection: String?

    /// A track that plays although it is not let in.
    public init(objection: String) {
        rule = .admission
        (wanted, held) = (0, 0)
        self.objection = objection
    }

    public init(rule: Rule, wanted: Int, held: Int) {
        self.rule = rule
        self.wanted = wanted
        self.held = held
    }

    public var description: String {
        objection.map { "plays although not let in (\($0))" }
            ?? "\(rule.rawValue) separation \(wanted) relaxed to \(held)"
    }
}
