import ForeverHTTP
import ForeverRelay

/// Looks after the servers' health from outside: do they answer, do memory and descriptors stay flat?
///
/// **Thread:** the loop's.
final class Survey {
    /// What a server may still take for itself once it has lived for `warmSeconds`. **Units:** bytes.
    private static let rootGrowthMax: Int64 = 160 << 20
    private static let relayGrowthMax: Int64 = 12 << 20
    private static let warmSeconds = 30.0
    /// Descriptors beside its connections: itself, requests under way, players that have just left.
    private static let sparesMax = 64
    private static let answerSeconds: Int64 = 10

    private unowned let soak: Soak
    /// By server and life: what memory was when it was warm.
    private var warm: [Key: Int64] = [:]
    private(set) var largest: [String: Int64] = [:]
    private(set) var starved = 0
    /// The most relays seen at each depth: 0 pulls from the root.
    private var depths: [Int: Int] = [:]
    private var starvedSeen: [Key: Int] = [:]

    private struct Key: Hashable {
        var server: Int
        var life: Int
    }

    init(soak: Soak) { self.soak = soak }

    var depthsSaid: String {
        depths.sorted { $0.key < $1.key }.map { "\($0.value) at \($0.key)" }.joined(separator: ", ")
    }

    func start() {
        soak.loop.schedule(after: .seconds(Soak.surveySeconds)) { [unowned self] in
            for server in soak.servers where server.isCalm(3) { look(server) }
            start()
        }
    }

    /// Asks a server for JSON; nothing happens when it does not answer.
    func ask(_ server: Server, _ path: String, _ take: @escaping (JSONValue) -> Void) {
        soak.client.get(HTTPAddress("\(server.url)/\(path)")!, deadline: .seconds(5)) { result in
            guard case .success(let reply) = result, let json = try? JSONParser.parse(reply.body) else { return }
            take(json)
        }
    }

    private func look(_ server: Server) {
        let key = Key(server: server.number, life: server.life)
        let asked = soak.loop.nowNanoseconds
        soak.client.get(HTTPAddress("\(server.url)/status.json")!, deadline: .seconds(Self.answerSeconds)) {
            [unowned self] result in
            let took = Double(soak.loop.nowNanoseconds - asked) / 1e9
            guard server.life == key.life, server.isCalm(3 + took) else { return }
            guard case .success(let reply) = result, let json = try? JSONParser.parse(reply.body) else {
                return soak.finding("\(server.name) does not say how it is: \(result)")
            }
            take(json, server, key)
        }
    }

    private func take(_ status: JSONValue, _ server: Server, _ key: Key) {
        guard let pid = server.pid else { return }
        let file = ProcessFile(pid: pid)
        let kind = server.number == 0 ? "root" : "relay"
        largest[kind] = max(largest[kind] ?? 0, file.residentBytes)
        let connections = ["connections", "relayConnections"].reduce(0) { $0 + Int(status[$1]?.integer ?? 0) }
        if file.descriptors > connections + Self.sparesMax {
            soak.finding("\(server.name) holds \(file.descriptors) descriptors for \(connections) connections")
        }
        let seen = (status["relays"]?.array ?? []).compactMap { $0["depth"]?.integer }
        for (depth, relays) in Dictionary(grouping: seen, by: { Int($0) }) {
            depths[depth] = max(depths[depth] ?? 0, relays.count)
        }
        let age = Double(soak.loop.nowNanoseconds - server.startedNanoseconds) / 1e9
        if age > Self.warmSeconds {
            let before = warm[key] ?? file.residentBytes
            warm[key] = before
            let growthMax = server.number == 0 ? Self.rootGrowthMax : Self.relayGrowthMax
            if file.residentBytes - before > growthMax {
                soak.finding("\(server.name)'s memory has grown from \(before >> 20) to \(file.residentBytes >> 20) MB")
                warm[key] = .max / 2
            }
        }
        let count = Int(status["starvedCount"]?.integer ?? 0)
        starved += max(0, count - (starvedSeen[key] ?? 0))
        starvedSeen[key] = count
    }
}
