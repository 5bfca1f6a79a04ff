/// Tracks that somebody asked for: first those to play next, in the order asked, then those that must be mixed in soon.
public struct WishList: Hashable, Sendable {
    /// What was asked for.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// Plays as soon as the mix can go over to it.
        case next
        /// Plays within the next tour, where it fits best.
        case mustMix
    }

    public struct Wish: Hashable, Sendable, Identifiable {
        public var id: Int64
        public var kind: Kind
        public var trackID: String

        public init(id: Int64, kind: Kind, trackID: String) {
            self.id = id
            self.kind = kind
            self.trackID = trackID
        }
    }

    public private(set) var wishes: [Wish]

    /// Tracks that must be mixed in are brought forward by their place in the tour, but no later than after so many
    /// others.
    public static let mustMixWithin = 8

    public init(_ wishes: [Wish] = []) { self.wishes = wishes }

    public mutating func add(_ wish: Wish) { wishes.append(wish) }

    @discardableResult
    public mutating func remove(_ id: Int64) -> Wish? {
        wishes.firstIndex { $0.id == id }.map { wishes.remove(at: $0) }
    }

    /// The track has been decided: the oldest wish for it is fulfilled.
    public mutating func fulfil(trackID: String) -> Wish? {
        (wishes.first { $0.trackID == trackID && $0.kind == .next } ?? wishes.first { $0.trackID == trackID })
            .flatMap { remove($0.id) }
    }

    /// What plays next: the oldest wish of that kind.
    public func first(_ kind: Kind) -> Wish? { wishes.first { $0.kind == kind } }

    /// The wishes for tracks of which `isHere` says so: one that is not at hand keeps no other waiting.
    public func only(_ isHere: (String) -> Bool) -> WishList { WishList(wishes.filter { isHere($0.trackID) }) }

    public func tracks(_ kind: Kind) -> [String] { wishes.filter { $0.kind == kind }.map(\.trackID) }

    /// The tour's proposal with the wishes in it.
    ///
    /// - Parameters:
    ///   - proposal: ids, best first
    ///   - costs: of going over from the current track to each track that must be mixed; what is missing costs most
    ///   - waited: tracks decided since the oldest such wish
    /// What plays next comes first whatever it costs; a track that must be mixed comes first when it costs no more than
    /// the tour's own proposal, or when it has waited long enough.
    public func order(
        _ proposal: [String], costs: [String: Double], proposalCost: Double?, waited: Int
    ) -> [String] {
        var result = tracks(.next)
        let must = tracks(.mustMix).sorted { (costs[$0] ?? .infinity) < (costs[$1] ?? .infinity) }
        if let best = must.first {
            let isCheap = proposal.isEmpty || (costs[best] ?? .infinity) <= (proposalCost ?? .infinity)
            if isCheap || waited >= WishList.mustMixWithin { result += must }
        }
        var seen: Set<String> = []
        return (result + proposal).filter { seen.insert($0).inserted }
    }
}
