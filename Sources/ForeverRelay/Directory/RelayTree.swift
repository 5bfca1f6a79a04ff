/// Who pulls from whom: the root's plan of the tree of relays. Pure: time and reports are handed in.
///
/// A relay only ever pulls from the root or from a relay that the root has known for longer than itself. So nobody can pull
/// from itself in a circle, whatever a stale report or a late reply says. The oldest have a place at the root, the others
/// get the best parent there is, and keep it until it is gone, unfit, or a place at the root has long been theirs.
package struct RelayTree {
    /// Relays between the root and a listener at most.
    package static let tiersMax = 3
    /// A parent that did not serve its child is not named to it again for so long.
    package static let complaintNanoseconds: Int64 = 20_000_000_000
    /// A relay for whom a place at the root has come free moves there after so long: its owner may come back.
    package static let promotionNanoseconds: Int64 = 30_000_000_000
    /// A relay that has pulled for so long from another parent than the one it was given may keep that one.
    package static let adoptionNanoseconds: Int64 = 45_000_000_000
    /// A relay that asks the root although it was given a parent so long ago has found that parent wanting.
    package static let settlingNanoseconds: Int64 = 3_000_000_000
    /// Named to a relay beside its parent and the root, for the case that both are gone.
    package static let othersMax = 3
    /// Complaints remembered.
    static let complaintsMax = 1_024

    /// One relay that spoke lately.
    package struct Member: Hashable, Sendable {
        package var id: String
        /// when the root first met it, in ms
        package var order: Int64
        /// whether it may serve others: sound leaves it, it is not far behind, and it is not about to end
        package var isFit = true
        /// whether it may be given more than those it serves: not when its transfer is used up to the soft limit
        package var takesMore = true
        package var isPulling = true
        /// relays it would serve
        package var room = 4
        /// relays between it and the root, as it says
        package var depth = 0
        /// from whom it pulls, as it says; nil: from the root
        package var source: String?
        package var location: String?

        package init(id: String, order: Int64) {
            self.id = id
            self.order = order
        }

        func isOlder(than other: Member) -> Bool { (order, id) < (other.order, other.id) }
    }

    package enum Parent: Hashable, Sendable {
        case root
        case relay(String)
        /// nobody has room: the root's reserve, if there is some
        case nobody
    }

    package enum Admission: Hashable, Sendable {
        case welcome
        case elsewhere(String)
        case full
    }

    private struct Complaint: Hashable {
        var child: String
        var parent: String
    }

    private struct Place {
        var parent: Parent
        var sinceNanoseconds: Int64
        /// since when a place at the root is its, though it pulls from a relay
        var mayRiseNanoseconds: Int64?
        /// since when it has pulled from another than its parent
        var straysNanoseconds: Int64?
    }

    /// Relays that the root serves.
    package let fanout: Int
    /// Beyond these, only in emergencies: when all that could be a relay's parent are full or gone.
    package var reserve: Int { max(1, fanout / 4) }

    private var members: [Member] = []
    private var indices: [String: Int] = [:]
    private var places: [String: Place] = [:]
    private var tiers: [String: Int] = [:]
    private var children: [String: Int] = [:]
    private var complaints: [Complaint: Int64] = [:]
    /// who was let into the reserve, and when
    private var guests: [String: Int64] = [:]

    package init(fanout: Int) { self.fanout = fanout }

    /// The parent that a relay was given; nil for one that is not known.
    package func parent(of id: String) -> Parent? { places[id]?.parent }
    /// Relays between the root and a listener there, by plan.
    package func tier(of id: String) -> Int? { tiers[id] }

    // MARK: Planning

    /// Plans anew, from all relays that spoke lately.
    package mutating func update(_ reported: [Member], now: Int64) {
        members = reported.sorted { $0.isOlder(than: $1) }
        indices = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($0.element.id, $0.offset) })
        complaints = complaints.filter { $0.value > now }
        guests = guests.filter { isGuest($0.key, since: $0.value, now) }
        let before = places
        places = [:]
        tiers = [:]
        children = [:]
        var hasRisen = false
        // Parents are older than their children: when a child's turn comes, its parent's place is known.
        for (rank, member) in members.enumerated() {
            var place = before[member.id]
            let parent = planned(member, isHolder: rank < fanout, &place, &hasRisen, now)
            if place?.parent != parent { place = Place(parent: parent, sinceNanoseconds: now) }
            put(member.id, place ?? Place(parent: parent, sinceNanoseconds: now))
        }
    }

    private func isGuest(_ id: String, since: Int64, _ now: Int64) -> Bool {
        if now - since < 2 * Self.settlingNanoseconds { return true }
        guard let index = indices[id], index >= fanout else { return false }
        return members[index].isPulling && members[index].source == nil
    }

    /// - isHolder: it is one of the oldest, to whom the places at the root belong
    private func planned(
        _ member: Member, isHolder: Bool, _ place: inout Place?, _ hasRisen: inout Bool, _ now: Int64
    ) -> Parent {
        guard let present = place?.parent else {
            // New here, or new to a root that has just started: what it has is best kept.
            if let source = member.source, member.isPulling, mayServe(source, member) { return .relay(source) }
            return isHolder ? .root : best(for: member)
        }
        switch present {
        case .root, .nobody: return isHolder ? .root : best(for: member)
        case .relay(let id):
            guard mayServe(id, member) else { return isHolder ? .root : best(for: member) }
            if isHolder {
                let since = place?.mayRiseNanoseconds ?? now
                place?.mayRiseNanoseconds = since
                if now - since >= Self.promotionNanoseconds, !hasRisen {
                    // One at a time.
                    hasRisen = true
                    return .root
                }
            } else {
                place?.mayRiseNanoseconds = nil
            }
            guard member.isPulling, let source = member.source, source != id else {
                place?.straysNanoseconds = nil
                return present
            }
            let since = place?.straysNanoseconds ?? now
            place?.straysNanoseconds = since
            return now - since >= Self.adoptionNanoseconds && mayServe(source, member) ? .relay(source) : present
        }
    }

    private mutating func put(_ id: String, _ place: Place) {
        places[id] = place
        guard case .relay(let parent) = place.parent else {
            tiers[id] = 1
            return
        }
        tiers[id] = (tiers[parent] ?? 1) + 1
        children[parent, default: 0] += 1
    }

    // MARK: Parents

    private func best(for member: Member) -> Parent {
        candidates(for: member).first.map { .relay($0) } ?? .nobody
    }

    /// Who could serve a relay, the best first.
    private func candidates(for member: Member, isFullToo: Bool = false) -> [String] {
        members.filter { $0.takesMore && mayServe($0.id, member, isFullToo: isFullToo) }
            .map { candidate -> (id: String, cost: Int, index: Int) in
                var cost = 4 * (tiers[candidate.id] ?? 1)
                if !candidate.isPulling { cost += 4 }
                if candidate.location != member.location { cost += 3 }
                // Evenly, so that a death takes few along.
                cost += min(3, 4 * children[candidate.id, default: 0] / max(1, candidate.room))
                return (candidate.id, cost, indices[candidate.id] ?? 0)
            }
            .sorted { ($0.cost, $0.index) < ($1.cost, $1.index) }
            .map(\.id)
    }

    private func mayServe(_ id: String, _ member: Member, isFullToo: Bool = false) -> Bool {
        guard let index = indices[id], case let parent = members[index], parent.isFit, parent.isOlder(than: member),
            let tier = tiers[id], tier < Self.tiersMax, !parent.isPulling || depth(of: id) + 1 < Self.tiersMax,
            isFullToo || children[id, default: 0] < parent.room,
            complaints[Complaint(child: member.id, parent: id)] == nil
        else { return false }
        return !pulls(id, from: member.id)
    }

    /// Relays between the root and a listener's relay now. What a relay says itself is as old as its connection: whom its
    /// source pulls from may have changed since, so the reports of all are followed.
    private func depth(of id: String) -> Int {
        var depth = 0
        var next = indices[id]
        while let index = next, depth <= members.count, members[index].isPulling, let source = members[index].source {
            depth += 1
            next = indices[source]
            if next == nil { return max(depth, members[index].depth) }
        }
        return depth
    }

    /// Whether a relay's sound comes by way of another, as they say themselves.
    private func pulls(_ id: String, from other: String) -> Bool {
        var next: String? = id
        for _ in 0...members.count {
            guard let id = next else { return false }
            if id == other { return true }
            next = indices[id].flatMap { members[$0].isPulling ? members[$0].source : nil }
        }
        return true
    }

    /// Whom a relay is to ask, in this order; nil stands for the root.
    package func sources(for id: String) -> [String?] {
        guard let index = indices[id], let place = places[id] else { return [nil] }
        var sources: [String?] = [nil]
        var parent: String?
        if case .relay(let id) = place.parent {
            parent = id
            sources = [id, nil]
        }
        let others = candidates(for: members[index], isFullToo: true).filter { $0 != parent }
        // Those whose own sound does not come by way of the parent come first: if it dies they live.
        let apart = parent.map { parent in others.filter { !isPlanned($0, below: parent) } } ?? others
        let rest = others.filter { !apart.contains($0) }
        return sources + (apart + rest).prefix(Self.othersMax).map { $0 }
    }

    private func isPlanned(_ id: String, below parent: String) -> Bool {
        var next = id
        for _ in 0..<Self.tiersMax {
            guard case .relay(let above) = places[next]?.parent else { return false }
            if above == parent { return true }
            next = above
        }
        return false
    }

    // MARK: Who comes to the root

    /// What becomes of a relay that wants to pull from the root.
    ///
    /// - connections: those that the root has, of other relays
    package mutating func admit(_ id: String, connections: Int, now: Int64) -> Admission {
        let isRoom = connections < fanout + reserve
        guard let index = indices[id], let place = places[id] else {
            // Not met yet.
            if members.count < fanout, isRoom { return .welcome }
            let stranger = Member(id: id, order: .max)
            if let parent = candidates(for: stranger).first { return .elsewhere(parent) }
            return receive(id, isRoom: isRoom, now)
        }
        var parent = place.parent
        if parent == .root { return isRoom ? .welcome : .full }
        if case .relay(let id) = parent, now - place.sinceNanoseconds >= Self.settlingNanoseconds {
            parent = index < fanout ? .root : .nobody
            complain(members[index].id, of: id, now)
        }
        if parent == .nobody { parent = best(for: members[index]) }
        if parent != place.parent {
            if case .relay(let old) = place.parent { children[old, default: 1] -= 1 }
            put(id, Place(parent: parent, sinceNanoseconds: now))
        }
        switch parent {
        case .root: return isRoom ? .welcome : .full
        case .relay(let parent): return .elsewhere(parent)
        case .nobody: return receive(id, isRoom: isRoom, now)
        }
    }

    private mutating func receive(_ id: String, isRoom: Bool, _ now: Int64) -> Admission {
        // The oldest must find their places, so guests never take more than the reserve.
        guard isRoom, guests[id] != nil || guests.count < reserve else { return .full }
        guests[id] = now
        return .welcome
    }

    private mutating func complain(_ child: String, of parent: String, _ now: Int64) {
        guard complaints.count < Self.complaintsMax else { return }
        complaints[Complaint(child: child, parent: parent)] = now + Self.complaintNanoseconds
    }
}
