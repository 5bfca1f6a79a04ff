import ForeverHTTP

/// The relays of a root: who they are, how they are, whose turn it is. **Thread:** the loop's; time is handed in.
public final class RelayDirectory {
    /// Relays known at once.
    public static let relaysMax = 256
    /// A relay silent for so long is forgotten.
    public static let forgetNanoseconds: Int64 = 600_000_000_000

    private var records: [RelayRecord] = []
    private var generator: any RandomNumberGenerator
    /// Where networks are.
    public var regions = RegionTable()
    /// Whether relays get listeners only once they have been found good: set by who finds out.
    public internal(set) var inspects = false
    /// What the operator calls a relay.
    var name: (_ id: String) -> String? = { _ in nil }
    /// How many listeners the operator lets a relay have; nil for as many as it says.
    var granted: (_ id: String) -> Int? = { _ in nil }

    public init(generator: any RandomNumberGenerator) { self.generator = generator }

    /// Takes a report; the first registers the relay. False when there is no place, or no address for listeners.
    ///
    /// A relay that came back under another id replaces the one with its address, once it is found there where relays are
    /// inspected. `root` is where the root itself stands now.
    public func take(
        _ report: RelayReport, from peer: SocketAddress?, now: Int64, root: RootStanding? = nil
    ) -> Bool {
        records.removeAll { now - $0.lastReportNanoseconds > Self.forgetNanoseconds }
        guard let url = Self.url(of: report, from: peer) else { return false }
        if let index = records.firstIndex(where: { $0.report.id == report.id }) {
            if records[index].url != url { records[index].trust = RelayTrust(isInspected: inspects, now: now) }
            records[index].take(report, url: url, now: now, root: root)
            hear(index, from: peer, now: now)
            return true
        }
        // Where nobody finds out whose address it is, the last who says so has it.
        if !inspects { records.removeAll { $0.url == url } }
        guard records.count < Self.relaysMax else { return false }
        records.append(RelayRecord(report: report, url: url, now: now, root: root))
        records[records.count - 1].trust = RelayTrust(isInspected: inspects, now: now)
        hear(records.count - 1, from: peer, now: now)
        return true
    }

    private func hear(_ index: Int, from peer: SocketAddress?, now: Int64) {
        let report = records[index].report
        records[index].trust.reported(
            report, from: peer.flatMap { IPAddress($0) }, granted: granted(report.id), now: now)
    }

    /// What was found out about a relay. Whoever is found at an address has it: a relay that came back under another id takes
    /// the place of its former self.
    func stand(_ id: String, _ standing: RelayStanding) {
        guard let index = records.firstIndex(where: { $0.report.id == id }) else { return }
        records[index].trust.standing = standing
        guard standing == .good else { return }
        let url = records[index].url
        records.removeAll { $0.url == url && $0.report.id != id }
    }

    /// A relay's sound is being compared.
    func sampled(_ id: String) {
        guard let index = records.firstIndex(where: { $0.report.id == id }) else { return }
        records[index].trust.assignedSinceSample = 0
    }

    static func url(of report: RelayReport, from peer: SocketAddress?) -> String? {
        if let url = report.url {
            guard let address = HTTPAddress(url), address.target == "/" else { return nil }
            return "\(address.scheme)://\(address.authority)"
        }
        guard let peer, report.port > 0 else { return nil }
        let host = peer.host.utf8.contains(UInt8(ascii: ":")) ? "[\(peer.host)]" : peer.host
        return "http://\(host):\(report.port)"
    }

    /// All relays, in the order they came.
    public var all: [RelayRecord] { records }

    /// Listeners at relays that spoke lately.
    public func listeners(now: Int64) -> Int {
        records.reduce(0) { $1.isHeard(now: now) ? $0 + $1.report.listeners : $0 }
    }

    /// The relay for one listener, and a slot there reserved until its next report; nil when nobody can take it.
    public func choose(_ question: RelayQuestion, now: Int64) -> String? {
        let region = question.client.flatMap { regions.region(of: $0) }
        let candidates = records.map { record in
            Self.suits(record, question)
                ? record.candidate(region: region, now: now)
                : RelayChoice.Candidate(costPerGB: .infinity, isNear: false, share: 0)
        }
        let draw = Double(generator.next() >> 11) / Double(1 << 53)
        guard let chosen = RelayChoice.choose(candidates, draw: draw) else { return nil }
        records[chosen].reserve(now: now)
        return records[chosen].url
    }

    private static func suits(_ record: RelayRecord, _ question: RelayQuestion) -> Bool {
        !question.leftOut.contains(record.report.id) && (!question.needsProtection || record.url.hasPrefix("https:"))
    }

    /// Listeners that healthy relays can still take together.
    public func freeSlots(now: Int64) -> Int {
        records.reduce(0) { sum, record in
            guard record.isHealthy(now: now), record.report.weight > 0 else { return sum }
            let (result, overflow) = sum.addingReportingOverflow(record.freeSlots)
            return overflow ? .max : result
        }
    }

    /// Knows a relay no more.
    public func forget(_ id: String) { records.removeAll { $0.report.id == id } }

    /// Addresses of healthy relays, for playlists.
    public func healthyURLs(_ question: RelayQuestion = RelayQuestion(), now: Int64) -> [String] {
        records.filter { $0.isHealthy(now: now) && Self.suits($0, question) }.map(\.url)
    }

    /// The relays as `/status.json` and `/relays` show them.
    ///
    /// - ledger: sums of what they have sent in their billing periods.
    package func json(now: Int64, ledger: TrafficLedger = TrafficLedger()) -> JSONValue {
        .array(
            records.map { record in
                let report = record.report
                let period = ledger.newest(of: report.id)
                return [
                    "id": .string(report.id), "url": .string(record.url), "listeners": .count(report.listeners),
                    "connections": .count(report.connections),
                    "listenerLimit": .count(report.listenerLimit),
                    "listenersMax": .count(record.trust.listenersMax),
                    "standing": .string(record.trust.standing.word),
                    "standingReason": .text(record.trust.standing.reason),
                    "name": .text(name(report.id)),
                    "healthy": .bool(record.isHealthy(now: now)),
                    "lastReportSecondsAgo": .rounded(Double(now - record.lastReportNanoseconds) / 1e9),
                    "weight": .count(report.weight), "location": .text(report.location),
                    "bytesSent": .integer(report.bytesSent), "livePosition": .integer(report.livePosition),
                    "mixingEdgePosition": .integer(report.mixingEdgePosition), "version": .string(report.version),
                    "listenersPeak": .count(report.listenersPeak), "agents": report.agents.json,
                    "load": .rounded(report.load), "depth": .count(report.depth),
                    "source": .text(report.source), "budget": report.budget?.json ?? .null,
                    "isBehind": .bool(record.isBehind), "isDraining": .bool(report.isDraining),
                    "isAsleep": .bool(report.isAsleep), "periodStart": .text(period?.start.description),
                    "periodSentBytes": .integer(period?.totals.sentBytes ?? 0),
                    "periodReceivedBytes": .integer(period?.totals.receivedBytes ?? 0),
                ]
            })
    }
}
