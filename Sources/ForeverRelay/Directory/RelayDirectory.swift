import ForeverHTTP

/// The relays of a root: who they are, how they are, whose turn it is. **Thread:** the loop's; time is handed in.
public final class RelayDirectory {
    /// Relays known at once.
    public static let relaysMax = 256
    /// A relay silent for so long is forgotten.
    public static let forgetNanoseconds: Int64 = 600_000_000_000

    private var records: [RelayRecord] = []
    private var generator: any RandomNumberGenerator

    public init(generator: any RandomNumberGenerator) { self.generator = generator }

    /// Takes a report; the first registers the relay. False when there is no place, or no address for listeners.
    ///
    /// A relay that came back under another id replaces the one with its address.
    public func take(_ report: RelayReport, from peer: SocketAddress?, now: Int64) -> Bool {
        records.removeAll { now - $0.lastReportNanoseconds > Self.forgetNanoseconds }
        guard let url = Self.url(of: report, from: peer) else { return false }
        let record = RelayRecord(report: report, url: url, lastReportNanoseconds: now)
        if let index = records.firstIndex(where: { $0.report.id == report.id }) {
            records[index] = record
            return true
        }
        records.removeAll { $0.url == url }
        guard records.count < Self.relaysMax else { return false }
        records.append(record)
        return true
    }

    private static func url(of report: RelayReport, from peer: SocketAddress?) -> String? {
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

    /// The relay for the next listener: drawn with weight times free room among those healthy; nil when all are full.
    public func choose(now: Int64) -> String? {
        let shares = records.map { $0.isHealthy(now: now) ? Double($0.report.weight) * $0.freeShare : 0 }
        let total = shares.reduce(0, +)
        guard total > 0 else { return nil }
        var draw = Double(generator.next() >> 11) / Double(1 << 53) * total
        var chosen: Int?
        for (index, share) in shares.enumerated() where share > 0 {
            chosen = index
            draw -= share
            if draw < 0 { break }
        }
        guard let chosen else { return nil }
        records[chosen].assignedSinceReport += 1
        return records[chosen].url
    }

    /// Addresses of healthy relays, for playlists.
    public func healthyURLs(now: Int64) -> [String] { records.filter { $0.isHealthy(now: now) }.map(\.url) }

    /// The relays as `/status.json` and `/relays` show them.
    package func json(now: Int64) -> JSONValue {
        .array(
            records.map { record in
                let report = record.report
                return [
                    "id": .string(report.id), "url": .string(record.url), "listeners": .count(report.listeners),
                    "connections": .count(report.connections),
                    "listenerLimit": report.listenerLimit.map { .count($0) } ?? .null,
                    "healthy": .bool(record.isHealthy(now: now)),
                    "lastReportSecondsAgo": .rounded(Double(now - record.lastReportNanoseconds) / 1e9),
                    "weight": .count(report.weight), "location": .text(report.location),
                    "bytesSent": .integer(report.bytesSent), "livePosition": .integer(report.livePosition),
                    "mixingEdgePosition": .integer(report.mixingEdgePosition), "version": .string(report.version),
                ]
            })
    }
}
