/// Which relay gets a listener: the cheapest, of these the near ones, of these by draw. Pure.
///
/// Cost comes first because it is somebody's money: free transfer that is left over at the end of a month is lost, and
/// what was paid for meanwhile need not have been.
public enum RelayChoice {
    /// One relay with room.
    public struct Candidate: Hashable, Sendable {
        /// what the next GB costs there; 0 while its allotment lasts
        public var costPerGB: Double
        /// whether it is in the listener's region
        public var isNear: Bool
        /// weight times free room; nothing is drawn with 0
        public var share: Double

        public init(costPerGB: Double, isNear: Bool, share: Double) {
            self.costPerGB = costPerGB
            self.isNear = isNear
            self.share = share
        }
    }

    /// The index of the one that is chosen; nil when nobody can take it. `draw` is 0..<1.
    ///
    /// **Cost:** looks at each candidate three times; allocates nothing.
    public static func choose(_ candidates: [Candidate], draw: Double) -> Int? {
        var best: Candidate?
        for candidate in candidates where candidate.share > 0 {
            if best.map({ isBetter(candidate, than: $0) }) ?? true { best = candidate }
        }
        guard let best else { return nil }
        let isEqual = { (candidate: Candidate) in candidate.share > 0 && !isBetter(best, than: candidate) }
        let total = candidates.reduce(0) { isEqual($1) ? $0 + $1.share : $0 }
        var left = draw * total
        var chosen: Int?
        for (index, candidate) in candidates.enumerated() where isEqual(candidate) {
            chosen = index
            left -= candidate.share
            if left < 0 { break }
        }
        return chosen
    }

    private static func isBetter(_ a: Candidate, than b: Candidate) -> Bool {
        a.costPerGB != b.costPerGB ? a.costPerGB < b.costPerGB : a.isNear && !b.isNear
    }
}
