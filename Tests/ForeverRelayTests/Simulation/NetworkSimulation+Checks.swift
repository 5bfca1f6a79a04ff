import ForeverHTTP
import ForeverRelay

/// What must hold.
extension NetworkSimulation {
    /// Live is the root's live to so much when all is well: a clock that is off by 5 s is set, a smaller error is bent away
    /// slowly.
    private static let nearSeconds = 5.5

    /// A circle that comes about while word of a change is on its way breaks when it has gone round.
    private static let circleMillisecondsMax: Int64 = 3_000

    /// What must hold at any moment; nil when it does.
    func promise() -> String? {
        if let root {
            let served = root.service.fanout?.statistics.relays ?? 0
            let most = fanout + max(1, fanout / 4)
            if served > most { return "the root serves \(served) relays, \(most) at most were promised" }
        }
        let sources = Dictionary(
            uniqueKeysWithValues: relays.compactMap { relay in relay.node.map { ($0.id, $0.upstream.source?.id) } })
        guard sources.keys.contains(where: { isInCircle($0, sources) }) else {
            circleMilliseconds = nil
            return nil
        }
        let since = circleMilliseconds ?? milliseconds
        circleMilliseconds = since
        return milliseconds - since > Self.circleMillisecondsMax ? "relays pull from each other in a circle" : nil
    }

    private func isInCircle(_ start: String, _ sources: [String: String?]) -> Bool {
        var next = sources[start] ?? nil
        for _ in 0..<sources.count {
            guard let id = next else { return false }
            next = sources[id] ?? nil
        }
        return next != nil
    }

    /// Relays on the way from the root to a relay's listeners, as they pull now.
    private func tiers(above node: RelayNode) -> Int {
        let nodes = relays.compactMap(\.node)
        var tiers = 1
        var next = node.upstream.source?.id
        while let id = next, tiers <= nodes.count {
            tiers += 1
            next = nodes.first { $0.id == id }?.upstream.source?.id
        }
        return tiers
    }

    /// Who is not well yet; nil when everybody is.
    func unrest() -> String? {
        guard let root else { return "there is no root" }
        for relay in relays {
            guard let node = relay.node else { return "relay \(relay.number) is not there" }
            if node.upstream.isAsleep { continue }
            let feed = node.service.feed
            let state = "relay \(relay.number), \(node.upstream.lastError ?? "no error")"
            if !node.upstream.isConnected { return "\(state): no sound comes to it" }
            if !node.service.isHealthy { return "\(state): no sound leaves it" }
            let apart = root.feed.format.seconds(bytes: abs((feed?.live ?? 0) - root.feed.live))
            if apart > Self.nearSeconds { return "\(state): its live is \(apart) s from the root's" }
            let tiers = tiers(above: node)
            if tiers > 3 { return "\(state): it is \(tiers) tiers deep" }
            if node.reporter?.isRegistered != true { return "\(state): the root does not take its reports" }
        }
        let now = world.clock.monotonicNanoseconds
        for (number, listener) in listeners.enumerated() where now - listener.lastHeardNanoseconds > 3_000_000_000 {
            let seconds = (now - listener.lastHeardNanoseconds) / 1_000_000_000
            return
                "listener \(number) at \(listener.place.map { "relay \($0)" } ?? "the root") has heard nothing for \(seconds) s"
        }
        return nil
    }
}
