import ForeverHTTP

/// The root's part in the tree of relays: tells each where to pull from, gives the tickets, and decides who may pull from
/// the root itself. **Thread:** the loop's.
final class TreeDesk {
    /// A relay whose mixing edge is so far behind the root's has nothing to give.
    static let lagSecondsMax = 10.0
    /// The plan is made anew so often at most; a newcomer does not wait for it.
    static let planNanoseconds: Int64 = 1_000_000_000

    private let service: StreamService
    private let directory: RelayDirectory
    private let signer: (String) -> MessageSigner?
    private var generator: any RandomNumberGenerator
    private var tree: RelayTree
    private var plannedNanoseconds: Int64?
    /// when each relay was first met, by id, with the address it had
    private var joined: [String: (milliseconds: Int64, url: String)] = [:]
    /// relays whose sound was too far behind when they last reported
    private var laggards: Set<String> = []

    /// - signer: signs with a relay's key; nil for one that may not come
    init(
        service: StreamService, directory: RelayDirectory, generator: any RandomNumberGenerator,
        signer: @escaping (String) -> MessageSigner?
    ) {
        self.service = service
        self.directory = directory
        self.generator = generator
        self.signer = signer
        tree = RelayTree(fanout: service.settings.relayFanout)
        service.admitRelay = { [unowned self] in admit($0) }
    }

    private var now: Int64 { service.loop.nowNanoseconds }

    // MARK: Reports

    /// What the reply to a report that was just taken says of the tree.
    func members(for report: RelayReport) -> [JSONMember] {
        let isNew = meet(report)
        note(report)
        plan(atOnce: isNew)
        return [
            JSONMember(
                name: "joinedAtMilliseconds", value: .integer(joined[report.id]?.milliseconds ?? 0)),
            JSONMember(name: "sources", value: .array(sources(for: report.id).map(\.json))),
        ]
    }

    /// Remembers since when a relay is known; true when it is new.
    private func meet(_ report: RelayReport) -> Bool {
        guard joined[report.id] == nil else { return false }
        let url = directory.all.first { $0.report.id == report.id }?.url ?? ""
        let wall = service.loop.wallMilliseconds
        // A relay that came back under another id is where it was. One that has been known to the root before the
        // root's own restart says so.
        let before = joined.first { $0.value.url == url }
        if let before { joined[before.key] = nil }
        joined[report.id] = (before?.value.milliseconds ?? min(wall, report.place.joinedAtMilliseconds ?? wall), url)
        return true
    }

    private func note(_ report: RelayReport) {
        guard let feed = service.feed else { return }
        let isLagging =
            report.epoch != feed.epoch.description
            || feed.format.seconds(bytes: feed.edge - report.mixingEdgePosition) > Self.lagSecondsMax
        if isLagging { laggards.insert(report.id) } else { laggards.remove(report.id) }
    }

    private func plan(atOnce: Bool) {
        if let plannedNanoseconds, !atOnce, now - plannedNanoseconds < Self.planNanoseconds { return }
        plannedNanoseconds = now
        let records = directory.all
        let known = Set(records.map(\.report.id))
        joined = joined.filter { known.contains($0.key) }
        laggards.formIntersection(known)
        tree.update(records.filter { $0.isHeard(now: now) }.map { member($0) }, now: now)
    }

    private func member(_ record: RelayRecord) -> RelayTree.Member {
        let (report, place) = (record.report, record.report.place)
        var member = RelayTree.Member(id: report.id, order: joined[report.id]?.milliseconds ?? .max)
        member.isPulling = place.isPulling
        // One that is asleep is well, and behind until it is woken.
        member.isFit =
            place.relayRoom > 0 && record.trust.standing.allowsListeners && report.budget?.state != .hard
            && !report.isDraining
            && (report.isAsleep || place.isPulling && !laggards.contains(report.id))
        member.takesMore = report.budget.map { $0.state == .open } ?? true
        member.room = place.relayRoom
        member.depth = report.depth
        member.source = report.source
        member.location = report.location
        return member
    }

    // MARK: Sources

    private func sources(for id: String) -> [PullSource] {
        tree.sources(for: id).compactMap { parent in
            parent.map { source($0, for: id) } ?? PullSource(id: nil, address: Self.nowhere)
        }
    }

    /// The root does not say where it is: who asks knows.
    private static let nowhere = HTTPAddress("http://localhost/")!

    /// A parent with its ticket.
    private func source(_ parent: String, for child: String) -> PullSource? {
        guard let record = directory.all.first(where: { $0.report.id == parent }),
            let address = HTTPAddress(record.url), let parentSign = signer(parent), let childSign = signer(child)
        else { return nil }
        let expires = service.loop.wallMilliseconds + PullTicket.lifeMilliseconds
        let ticket = PullTicket(
            child: child, expiresMilliseconds: expires, using: &generator, parentSign: parentSign, childSign: childSign)
        return PullSource(id: parent, address: address.with(target: Upstream.target), ticket: ticket)
    }

    private func admit(_ id: String) -> RelayAdmission {
        plan(atOnce: false)
        switch tree.admit(id, connections: service.fanout?.statistics.relays ?? 0, now: now) {
        case .welcome: return .welcome
        case .elsewhere(let parent): return source(parent, for: id).map { .elsewhere($0) } ?? .full
        case .full: return .full
        }
    }
}
