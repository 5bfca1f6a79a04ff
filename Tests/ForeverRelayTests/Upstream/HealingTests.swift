import ForeverHTTP
import ForeverRelay
import ForeverTestKit
import Testing

/// Relays of relays: who dies, and that nobody hears it.
@Suite struct HealingTests {
    private let world: TestWorld
    private let root: TestRoot

    init() throws {
        world = try TestWorld()
        root = try TestRoot(world) { $0.relayFanout = 1 }
    }

    /// A relay that everybody reaches through a network of its own.
    private func relay(_ network: NetworkProxy, through upstream: NetworkProxy? = nil, linger: Double? = nil) throws
        -> TestRelay
    {
        let address = upstream.flatMap { HTTPAddress($0.address + "/") } ?? root.address
        let relay = try TestRelay(world, of: address, folder: TemporaryFolder(), lingerSeconds: linger) {
            $0.publicURL = network.address
            $0.relayFanout = 1
        }
        network.target = relay.port
        return relay
    }

    /// A chain: each relay pulls from the one before.
    private func chain(_ count: Int) throws -> [(relay: TestRelay, network: NetworkProxy)] {
        var chain: [(relay: TestRelay, network: NetworkProxy)] = []
        for _ in 0..<count {
            let network = NetworkProxy(world)
            let relay = try relay(network)
            #expect(world.run(seconds: 60) { (relay.node.service.feed?.leadSeconds ?? 0) > 15 })
            // One report more, so that the root knows that it is well.
            _ = world.run(seconds: 4)
            chain.append((relay, network))
        }
        return chain
    }

    private func isOnePiece(_ client: TestClient) -> Bool {
        let position = client.number("Forever-Position") ?? -1
        let body = client.body
        return !body.isEmpty && body == root.stream.bytes(position, position + Int64(body.count))
    }

    @Test func titlesAndTimelinePassThroughThreeTiers() throws {
        let timeline = """
            {"epoch":"\(TestStream.epoch)","byteRate":16000,"mixingEdgePosition":5,"tracks":[{"title":"Eins","artist":"Ä",\
            "titlePosition":0}],"transitions":[]}
            """
        root.service.events.broadcast(event: "timeline", data: timeline)
        root.feed.titles.replace(with: [StreamTitle(position: 0, text: "Ä - Eins")])
        let chain = try chain(3)
        defer { for link in chain { link.relay.stop() } }
        #expect(chain.map { $0.relay.node.upstream.path.count } == [0, 1, 2])
        #expect(root.service.fanout?.statistics.relays == 1)
        #expect(root.service.events.subscriberCount == 1, "one subscription for an edge of the tree")
        let last = chain[2].relay
        let json = TestClient(world, port: last.port, get: "/all.json", ["Connection: close"])
        let here = TestClient(world, port: root.port, get: "/all.mp3", ["Icy-MetaData: 1"])
        let there = TestClient(world, port: last.port, get: "/all.mp3", ["Icy-MetaData: 1"])
        #expect(world.run(seconds: 30) { json.isEnded && there.body.count > 200_000 && here.body.count > 200_000 })
        #expect(json.text == timeline)
        #expect(Array(there.body[8_192..<8_225]) == Array(here.body[8_192..<8_225]), "the same title block")
        let live = last.node.service.feed?.live ?? 0
        #expect(abs(live - root.feed.live) < 16_000 / 10, "live is the root's live")
    }

    @Test(arguments: [false, true]) func aParentsDeathIsNotHeard(isDeaf: Bool) throws {
        let chain = try chain(3)
        defer { for link in [chain[0], chain[2]] { link.relay.stop() } }
        let listener = TestClient(world, port: chain[2].relay.port, get: "/all.mp3")
        #expect(world.run(seconds: 10) { listener.body.count > 100_000 })
        if isDeaf {
            // Nobody closes anything: it is just silent.
            chain[1].network.isDeaf = true
        } else {
            chain[1].relay.stop()
            chain[1].network.target = nil
            chain[1].network.cut()
        }
        let last = chain[2].relay.node
        let edge = last.upstream.position
        #expect(world.run(seconds: 12) { last.upstream.position > edge + 6 * 16_000 }, "within its lead")
        _ = world.run(seconds: 60)
        #expect(isOnePiece(listener) && !listener.isEnded)
        #expect(last.service.feed?.clock.starvedCount == 0 && last.service.fanout?.statistics.skips == 0)
        #expect(last.upstream.path.count == 1, "it pulls from the one that is left")
        #expect(root.service.fanout?.statistics.relays == 1, "which costs the root nothing")
        if isDeaf { chain[1].relay.stop() }
    }

    /// Else a relay further below might take its own sound from there.
    @Test func whereAParentPullsFromNowIsKnownBelow() throws {
        let chain = try chain(3)
        defer { for link in chain.dropFirst() { link.relay.stop() } }
        let listener = TestClient(world, port: chain[2].relay.port, get: "/all.mp3")
        let (middle, last) = (chain[1].relay.node, chain[2].relay.node)
        #expect(last.upstream.path == [chain[0].relay.node.id, middle.id])
        chain[0].relay.stop()
        chain[0].network.target = nil
        chain[0].network.cut()
        #expect(world.run(seconds: 30) { middle.upstream.source?.isRoot == true })
        #expect(world.run(seconds: 2) { last.upstream.path == [middle.id] })
        _ = world.run(seconds: 30)
        #expect(isOnePiece(listener) && !listener.isEnded)
        #expect(last.service.feed?.clock.starvedCount == 0)
    }

    @Test func aChildComesBackWithItsTicketThoughTheRootIsAway() throws {
        let networks = [NetworkProxy(world), NetworkProxy(world)]
        let toRoot = NetworkProxy(world, target: root.port)
        let first = try relay(networks[0])
        #expect(world.run(seconds: 60) { (first.node.service.feed?.leadSeconds ?? 0) > 15 })
        _ = world.run(seconds: 4)
        let second = try relay(networks[1], through: toRoot)
        defer { for relay in [first, second] { relay.stop() } }
        #expect(world.run(seconds: 60) { (second.node.service.feed?.leadSeconds ?? 0) > 15 })
        #expect(second.node.upstream.path.count == 1)
        let listener = TestClient(world, port: second.port, get: "/all.mp3")
        _ = world.run(seconds: 5)
        toRoot.target = nil
        toRoot.cut()
        for _ in 0..<8 {
            networks[0].cut()
            _ = world.run(seconds: 30)
            #expect(second.node.upstream.isConnected && second.node.upstream.source?.isRoot == false)
        }
        #expect(isOnePiece(listener) && !listener.isEnded)
        #expect(second.node.service.feed?.clock.starvedCount == 0)
    }

    /// The lead is 20 s.
    @Test func anOutageOfTheRootShorterThanTheLeadIsNotHeardInAnyTier() throws {
        let toRoot = NetworkProxy(world, target: root.port)
        let networks = [NetworkProxy(world), NetworkProxy(world)]
        let relays = try networks.map { network in
            let relay = try relay(network, through: toRoot)
            #expect(world.run(seconds: 60) { (relay.node.service.feed?.leadSeconds ?? 0) > 15 })
            _ = world.run(seconds: 4)
            return relay
        }
        defer { for relay in relays { relay.stop() } }
        let listeners = relays.map { TestClient(world, port: $0.port, get: "/all.mp3") }
        for isDeaf in [false, true] {
            toRoot.target = isDeaf ? root.port : nil
            toRoot.isDeaf = isDeaf
            if !isDeaf { toRoot.cut() }
            _ = world.run(seconds: 12)
            toRoot.isDeaf = false
            toRoot.target = root.port
            _ = world.run(seconds: 60)
            #expect(listeners.allSatisfy { isOnePiece($0) && !$0.isEnded })
            #expect(relays.allSatisfy { $0.node.service.feed?.clock.starvedCount == 0 }, "deaf: \(isDeaf)")
            #expect(relays.map { $0.node.upstream.path.count } == [0, 1])
            #expect(root.service.fanout?.statistics.relays == 1)
        }
    }

    /// The root has all that was missed; but it would be heard too late.
    @Test func anOutageLongerThanTheLeadEndsAtLive() throws {
        let toRoot = NetworkProxy(world, target: root.port)
        let network = NetworkProxy(world)
        let relay = try relay(network, through: toRoot)
        defer { relay.stop() }
        #expect(world.run(seconds: 60) { (relay.node.service.feed?.leadSeconds ?? 0) > 15 })
        let name = "3f2504e04f8911d39a0c0305e82c3301"
        let client = TestClient(world, port: relay.port, get: "/all.mp3?listener=\(name)")
        _ = world.run(seconds: 5)
        toRoot.target = nil
        toRoot.cut()
        _ = world.run(seconds: 30)
        #expect(relay.node.service.feed?.clock.isStarved == true)
        toRoot.target = root.port
        _ = world.run(seconds: 15)
        #expect(abs((relay.node.service.feed?.live ?? 0) - root.feed.live) < 16_000 && !client.isEnded)
        let answer = TestClient(world, port: relay.port, get: "/listeners/\(name)", ["Connection: close"])
        #expect(world.run(seconds: 5) { answer.isEnded })
        let segments = try #require(try JSONParser.parse(answer.body)["segments"]?.array)
        try #require(segments.count == 2)
        let sent = Int(segments[1]["sent"]?.integer ?? 0)
        let position = segments[1]["position"]?.integer ?? -1
        let start = client.number("Forever-Position") ?? 0
        #expect(position % 384 == 0 && (start + Int64(sent)) % 384 == 0)
        #expect(Array(client.body[..<sent]) == root.stream.bytes(start, start + Int64(sent)))
        let after = Array(client.body[sent...])
        #expect(after.count > 100_000 && after == root.stream.bytes(position, position + Int64(after.count)))
    }

    @Test func aRelayThatIsStartedWhileTheRootIsAwayAsksTheOthers() throws {
        let networks = [NetworkProxy(world), NetworkProxy(world)]
        let toRoot = NetworkProxy(world, target: root.port)
        let first = try relay(networks[0])
        defer { first.stop() }
        #expect(world.run(seconds: 60) { (first.node.service.feed?.leadSeconds ?? 0) > 15 })
        _ = world.run(seconds: 4)
        let folder = try TemporaryFolder()
        let address = try #require(HTTPAddress(toRoot.address + "/"))
        do {
            let second = try TestRelay(world, of: address, folder: folder) { $0.publicURL = networks[1].address }
            #expect(world.run(seconds: 60) { second.node.upstream.path.count == 1 })
            _ = world.run(seconds: 8)
            second.stop()
        }
        toRoot.target = nil
        toRoot.cut()
        let again = try TestRelay(world, of: address, folder: folder) { $0.publicURL = networks[1].address }
        defer { again.stop() }
        #expect(world.run(seconds: 5) { again.node.upstream.path.count == 1 })
    }

    /// A relay that sleeps costs its source nothing but reports; the first listener has sound within two round trips and
    /// 300 ms, connecting and all.
    @Test(arguments: [Int64(0), 25, 100, 250]) func theFirstListenerWakesItSoon(oneWay: Int64) throws {
        let toRoot = NetworkProxy(world, target: root.port)
        toRoot.delayMilliseconds = oneWay
        let relay = try relay(NetworkProxy(world), through: toRoot, linger: 5)
        defer { relay.stop() }
        #expect(world.run(seconds: 60) { relay.node.upstream.isAsleep })
        _ = world.run(seconds: 40)
        #expect(root.service.fanout?.statistics.relays == 0 && root.service.events.subscriberCount == 0)
        let before = toRoot.bytesCarried
        _ = world.run(seconds: 30)
        #expect(toRoot.bytesCarried - before < 30_000, "reports' replies")
        let client = TestClient(world, port: relay.port, get: "/all.mp3")
        var milliseconds: Int64 = 0
        while client.body.isEmpty, milliseconds < 5_000 {
            _ = world.run(turns: 1)
            milliseconds += 10
        }
        #expect(milliseconds <= 4 * oneWay + 300, "\(milliseconds) ms")
        _ = world.run(seconds: 20)
        #expect(isOnePiece(client) && client.body.count > 18 * 16_000)
    }

    @Test func aRelayThatIsFullSendsNobodyAway() throws {
        // Four relays with room for none: the root serves one and its reserve, and says no to the others.
        let networks = (0..<4).map { _ in NetworkProxy(world) }
        var relays: [TestRelay] = []
        for network in networks {
            let relay = try TestRelay(world, of: root.address, folder: TemporaryFolder()) {
                $0.publicURL = network.address
                $0.relayFanout = 0
            }
            network.target = relay.port
            relays.append(relay)
        }
        defer { for relay in relays { relay.stop() } }
        for _ in 0..<60 {
            _ = world.run(seconds: 1)
            #expect(root.service.fanout?.statistics.relays ?? 0 <= 2, "its fan-out and its reserve")
        }
        #expect(relays.count { $0.node.upstream.isConnected } == 2)
    }
}
