import ForeverHTTP
import ForeverRelay
import ForeverTestKit
import Testing

@Suite struct RelayNodeTests {
    /// Whether everything the relay holds is what the root sent.
    private func isExact(_ relay: TestRelay, _ stream: TestStream) -> Bool {
        guard let feed = relay.node.service.feed else { return false }
        let oldest = feed.oldest
        let edge = feed.edge
        return feed.ring.withBytes(at: oldest, count: Int(edge - oldest)) { Array($0) == stream.bytes(oldest, edge) }
            ?? false
    }

    @Test func twentyCutsAtAnyByteAreNotHeard() throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        var generator = SeededGenerator(11)
        let proxy = CuttingProxy(world, target: root.port) { Int.random(in: 700...60_000, using: &generator) }
        let address = try #require(HTTPAddress("http://127.0.0.1:\(proxy.port)/"))
        let folder = try TemporaryFolder()
        let relay = try TestRelay(world, of: address, folder: folder)
        defer { relay.stop() }
        #expect(world.run(seconds: 60) { relay.node.service.feed?.clock.isStarved == false })
        let listener = TestClient(world, port: relay.port, get: "/all.mp3")
        #expect(world.run(seconds: 400) { relay.node.upstream.reconnects >= 20 && listener.body.count > 1_000_000 })
        let position = listener.number("Forever-Position") ?? 0
        #expect(listener.body == root.stream.bytes(position, position + Int64(listener.body.count)))
        #expect(isExact(relay, root.stream))
        #expect(relay.node.service.feed?.clock.starvedCount == 0, "the lead covered every cut")
        #expect(relay.node.service.fanout?.statistics.skips == 0)
        #expect(proxy.cuts >= 20)
    }

    @Test(arguments: [3, 8, 16]) func aSourceThatIsBackIsFoundBeforeTheLeadIsUsedUp(seconds: Int) throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        let proxy = CuttingProxy(world, target: root.port) { nil }
        let address = try #require(HTTPAddress("http://127.0.0.1:\(proxy.port)/"))
        let folder = try TemporaryFolder()
        let relay = try TestRelay(world, of: address, folder: folder)
        defer { relay.stop() }
        #expect(world.run(seconds: 30) { (relay.node.service.feed?.leadSeconds ?? 0) > 18 })
        proxy.retarget(1)
        #expect(!world.run(seconds: seconds))
        proxy.retarget(root.port)
        #expect(world.run(seconds: 3) { relay.node.upstream.isConnected })
        #expect(relay.node.service.feed?.clock.starvedCount == 0)
    }

    @Test func theRootKnowsTheSumOneReportLater() throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        let folders = [try TemporaryFolder(), try TemporaryFolder()]
        let relays = try folders.map { try TestRelay(world, of: root.address, folder: $0) }
        defer { for relay in relays { relay.stop() } }
        #expect(
            world.run(seconds: 30) { root.desk.directory.healthyURLs(now: world.clock.monotonicNanoseconds).count == 2 }
        )
        var clients = [TestClient(world, port: root.port, get: "/all.mp3")]
        for count in 1...5 { clients.append(TestClient(world, port: relays[count % 2].port, get: "/all.mp3")) }
        let heard = { relays.reduce(0) { $0 + ($1.node.service.fanout?.statistics.listeners ?? 0) } }
        #expect(world.run(seconds: 30) { heard() == 5 })
        _ = world.run(seconds: 4)  // one report, and its way
        func status(_ port: UInt16) throws -> JSONValue {
            let client = TestClient(world, port: port, get: "/status.json", ["Connection: close"])
            _ = world.run(seconds: 10) { client.isEnded }
            return try JSONParser.parse(client.body)
        }
        var json = try status(root.port)
        #expect(json["listeners"]?["here"]?.integer == 1)
        #expect(json["listeners"]?["relays"]?.integer == 5)
        #expect(json["listeners"]?["total"]?.integer == 6)
        #expect(json["relays"]?.array?.map { $0["healthy"]?.bool } == [true, true])
        #expect(json["relayConnections"]?.integer == 2)
        let relayStatus = try status(relays[0].port)
        #expect(relayStatus["role"]?.string == "relay")
        #expect(relayStatus["name"]?.string == "Test Röhre", "the station's name, not one of its own")
        #expect(relayStatus["upstream"]?["registered"]?.bool == true)
        #expect(relayStatus["upstream"]?["connected"]?.bool == true)

        // Live is the root's live, within what a report can tell.
        let difference = (relays[0].node.service.feed?.live ?? 0) - root.feed.live
        #expect(abs(difference) < 16_000 / 10)

        clients.removeLast(2)
        _ = world.run(seconds: 6)
        #expect(try status(root.port)["listeners"]?["relays"]?.integer == 3)
        relays[0].stop()
        _ = world.run(seconds: 12)
        json = try status(root.port)
        #expect(json["relays"]?.array?.contains { $0["healthy"]?.bool == false } == true)
        #expect(
            json["listeners"]?["relays"]?.integer
                == relays[1].node.service.fanout.map { Int64($0.statistics.listeners) })
        withExtendedLifetime(clients) {}
    }

    @Test func eventsAndTimelineGoOnAsTheyAre() throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        let folder = try TemporaryFolder()
        let relay = try TestRelay(world, of: root.address, folder: folder)
        defer { relay.stop() }
        let timeline = """
            {"epoch":"\(TestStream.epoch)","byteRate":16000,"tracks":[{"title":"Eins","artist":"Ä","titlePosition":0},\
            {"title":"Zwei","artist":null,"titlePosition":400000}],"transitions":[{"from":0,"to":1}]}
            """
        root.service.events.broadcast(event: "timeline", data: timeline)
        #expect(world.run(seconds: 60) { relay.node.service.feed?.titles.titles.count == 2 })
        #expect(
            relay.node.service.feed?.titles.titles == [
                StreamTitle(position: 0, text: "Ä - Eins"), StreamTitle(position: 400_000, text: "Zwei"),
            ])
        func body(_ path: String) -> String {
            let client = TestClient(world, port: relay.port, get: path, ["Connection: close"])
            _ = world.run(seconds: 10) { client.isEnded }
            return client.text
        }
        #expect(body("/all.json") == timeline)
        let now = try JSONParser.parse(Array(body("/all.json?now").utf8))
        #expect(now["tracks"]?.array?.count == 1)
        let page = TestClient(world, port: relay.port, get: "/events")
        #expect(
            world.run(seconds: 20) { page.text.contains("data: \(timeline)\n\n") && page.text.contains("event: live") })
        #expect(body("/").contains("Eins") || body("/").contains("Zwei"))
    }

    @Test func servesFromItsRingAtOnceAfterARestart() throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        let folder = try TemporaryFolder()
        var edge: StreamPosition = 0
        var oldest: StreamPosition = -1
        do {
            let relay = try TestRelay(world, of: root.address, folder: folder)
            #expect(world.run(seconds: 30) { (relay.node.service.feed?.leadSeconds ?? 0) > 18 })
            edge = relay.node.service.feed?.edge ?? 0
            oldest = relay.node.service.feed?.oldest ?? -2
            relay.stop()
        }
        do {
            // The root cannot be reached: what the ring holds is all there is.
            let nowhere = try #require(HTTPAddress("http://127.0.0.1:1/"))
            let relay = try TestRelay(world, of: nowhere, folder: folder)
            let client = TestClient(world, port: relay.port, get: "/all.mp3")
            #expect(world.run(seconds: 5) { client.body.count > 90_000 })
            #expect(client.status == 200)
            _ = world.run(seconds: 10)
            let position = client.number("Forever-Position") ?? 0
            #expect(client.body == root.stream.bytes(position, position + Int64(client.body.count)))
            relay.stop()
        }
        let relay = try TestRelay(world, of: root.address, folder: folder)
        #expect(world.run(seconds: 30) { (relay.node.service.feed?.edge ?? 0) > edge + 100_000 })
        #expect(relay.node.service.feed?.oldest == oldest, "nothing was thrown away")
        #expect(isExact(relay, root.stream), "it went on with the very next byte")
        relay.stop()
    }

    @Test func aRelayWithoutTokenFollowsLive() throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        let folder = try TemporaryFolder()
        var generator = SeededGenerator(5)
        let proxy = CuttingProxy(world, target: root.port) { Int.random(in: 150_000...250_000, using: &generator) }
        let address = try #require(HTTPAddress("http://127.0.0.1:\(proxy.port)/"))
        let relay = try TestRelay(world, of: address, folder: folder, token: nil)
        defer { relay.stop() }
        #expect(world.run(seconds: 30) { relay.node.service.feed?.clock.isStarved == false })
        let client = TestClient(world, port: relay.port, get: "/all.mp3")
        #expect(world.run(seconds: 120) { relay.node.upstream.reconnects >= 3 && client.body.count > 700_000 })
        let position = client.number("Forever-Position") ?? 0
        #expect(client.body == root.stream.bytes(position, position + Int64(client.body.count)))
        #expect(isExact(relay, root.stream))
        #expect(root.desk.directory.all.isEmpty && root.service.fanout?.statistics.relays == 0)
    }

    @Test func anotherTokenIsNotAccepted() throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        let folder = try TemporaryFolder()
        let relay = try TestRelay(world, of: root.address, folder: folder, token: 2)
        defer { relay.stop() }
        _ = world.run(seconds: 20)
        #expect(relay.node.service.feed == nil)
        #expect(relay.node.reporter?.isRegistered == false)
        #expect(root.desk.directory.all.isEmpty)
        let client = TestClient(world, port: relay.port, get: "/all.mp3")
        #expect(world.run(seconds: 5) { client.status == 503 })
    }

    @Test func aRootThatComesBackWithANewEpochIsFollowed() throws {
        let world = try TestWorld()
        let first = try TestRoot(world)
        let proxy = CuttingProxy(world, target: first.port) { nil }
        let folder = try TemporaryFolder()
        let address = try #require(HTTPAddress("http://127.0.0.1:\(proxy.port)/"))
        let relay = try TestRelay(world, of: address, folder: folder)
        defer { relay.stop() }
        #expect(world.run(seconds: 30) { (relay.node.service.feed?.leadSeconds ?? 0) > 18 })
        let client = TestClient(world, port: relay.port, get: "/all.mp3?listener=3f2504e04f8911d39a0c0305e82c3301")
        _ = world.run(seconds: 5)

        let second = try TestRoot(world, epoch: Epoch(bits: 0xE2))
        let oldEdge = relay.node.service.feed?.edge ?? 0
        proxy.retarget(second.port)
        #expect(world.run(seconds: 60) { relay.node.service.feed?.epoch == Epoch(bits: 0xE2) })
        _ = world.run(seconds: 10)
        let answer = TestClient(
            world, port: relay.port, get: "/listeners/3f2504e04f8911d39a0c0305e82c3301", ["Connection: close"])
        #expect(world.run(seconds: 5) { answer.isEnded })
        let segments = try #require(try JSONParser.parse(answer.body)["segments"]?.array)
        #expect(segments.map { $0["epoch"]?.string } == [TestStream.epoch.description, Epoch(bits: 0xE2).description])
        let sent = Int(segments[1]["sent"]?.integer ?? 0)
        let position = segments[1]["position"]?.integer ?? -1
        #expect(position % 384 == 0)
        let start = client.number("Forever-Position") ?? 0
        #expect(Array(client.body[..<sent]) == first.stream.bytes(start, start + Int64(sent)))
        let after = Array(client.body[sent...])
        #expect(after.count > 50_000 && after == second.stream.bytes(position, position + Int64(after.count)))
        #expect(start + Int64(sent) >= oldEdge, "the old one was played out")
    }

    @Test func aGapTheRootCannotFillIsARecordedSkip() throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        let proxy = CuttingProxy(world, target: root.port) { nil }
        let folder = try TemporaryFolder()
        let address = try #require(HTTPAddress("http://127.0.0.1:\(proxy.port)/"))
        let relay = try TestRelay(world, of: address, folder: folder)
        defer { relay.stop() }
        #expect(world.run(seconds: 30) { (relay.node.service.feed?.leadSeconds ?? 0) > 18 })
        let client = TestClient(world, port: relay.port, get: "/all.mp3?listener=3f2504e04f8911d39a0c0305e82c3301")
        #expect(world.run(seconds: 5) { !client.body.isEmpty })
        proxy.retarget(1)
        let oldEdge = relay.node.service.feed?.edge ?? 0
        // The root's ring holds 56 s; that and the lead are over.
        _ = world.run(seconds: 100)
        #expect(relay.node.service.feed?.clock.isStarved == true && !client.isEnded)
        proxy.retarget(root.port)
        _ = world.run(seconds: 30)
        let answer = TestClient(
            world, port: relay.port, get: "/listeners/3f2504e04f8911d39a0c0305e82c3301", ["Connection: close"])
        #expect(world.run(seconds: 5) { answer.isEnded })
        let segments = try #require(try JSONParser.parse(answer.body)["segments"]?.array)
        try #require(segments.count == 2)
        let sent = Int(segments[1]["sent"]?.integer ?? 0)
        let position = segments[1]["position"]?.integer ?? -1
        let start = client.number("Forever-Position") ?? 0
        #expect(start + Int64(sent) >= oldEdge, "what was there was played out")
        #expect(position % 384 == 0 && position > start + Int64(sent) + 30 * 16_000)
        #expect(Array(client.body[..<sent]) == root.stream.bytes(start, start + Int64(sent)))
        let after = Array(client.body[sent...])
        #expect(after.count > 100_000 && after == root.stream.bytes(position, position + Int64(after.count)))
        #expect(abs((relay.node.service.feed?.live ?? 0) - root.feed.live) < 16_000, "it goes on at live")
        #expect(isExact(relay, root.stream))
    }

    /// Longer than the lead, and shorter.
    @Test(arguments: [60, 8]) func sleepsWhileNobodyListens(_ seconds: Int) throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        let folder = try TemporaryFolder()
        let relay = try TestRelay(world, of: root.address, folder: folder, lingerSeconds: 5)
        defer { relay.stop() }
        #expect(world.run(seconds: 30) { root.service.fanout?.statistics.relays == 1 })
        #expect(world.run(seconds: 15) { root.service.fanout?.statistics.relays == 0 })
        _ = world.run(seconds: seconds)
        let sent = root.service.fanout?.statistics.bytesSent
        #expect(root.service.events.subscriberCount == 0)
        #expect(root.desk.directory.healthyURLs(now: world.clock.monotonicNanoseconds).count == 1, "it still reports")
        _ = world.run(seconds: 5)
        #expect(root.service.fanout?.statistics.bytesSent == sent, "and costs nothing else")

        let client = TestClient(world, port: relay.port, get: "/all.mp3")
        var milliseconds = 0
        while client.body.isEmpty, milliseconds < 2_000 {
            _ = world.run(turns: 1)
            milliseconds += 10
        }
        #expect(milliseconds <= 300)
        _ = world.run(seconds: 20)
        let position = client.number("Forever-Position") ?? 0
        #expect(client.body.count > 18 * 16_000)
        #expect(client.body == root.stream.bytes(position, position + Int64(client.body.count)))
        #expect(abs((relay.node.service.feed?.live ?? 0) - root.feed.live) < 16_000)
        #expect(root.service.fanout?.statistics.relays == 1)
        #expect(root.service.events.subscriberCount == 1, "titles come again too")
        #expect(isExact(relay, root.stream))
    }

    @Test func aWakingRelayWhoseRootIsAwaySaysSo() throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        let proxy = CuttingProxy(world, target: root.port) { nil }
        let folder = try TemporaryFolder()
        let address = try #require(HTTPAddress("http://127.0.0.1:\(proxy.port)/"))
        let relay = try TestRelay(world, of: address, folder: folder, lingerSeconds: 5)
        defer { relay.stop() }
        #expect(world.run(seconds: 60) { relay.node.upstream.isAsleep })
        _ = world.run(seconds: 40)
        proxy.retarget(1)
        let early = TestClient(world, port: relay.port, get: "/all.mp3", ["Connection: close"])
        #expect(world.run(seconds: 10) { early.isEnded })
        #expect(early.status == 503 && early.field("Retry-After") != nil)
        proxy.retarget(root.port)
        // It has gone to sleep again, or comes out of its longest wait between two tries.
        _ = world.run(seconds: 12)
        let late = TestClient(world, port: relay.port, get: "/all.mp3")
        #expect(world.run(seconds: 5) { late.body.count > 80_000 })
    }

    @Test func drainsGradually() throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        let folder = try TemporaryFolder()
        let relay = try TestRelay(world, of: root.address, folder: folder)
        defer { relay.stop() }
        #expect(world.run(seconds: 30) { (relay.node.service.feed?.leadSeconds ?? 0) > 18 })
        let clients = (0..<20).map { _ in TestClient(world, port: relay.port, get: "/all.mp3") }
        #expect(world.run(seconds: 20) { clients.allSatisfy { $0.body.count > 100_000 } })
        var isOver = false
        relay.node.leave(withinSeconds: 10) { isOver = true }
        _ = world.run(seconds: 1)
        #expect(root.desk.directory.healthyURLs(now: world.clock.monotonicNanoseconds).isEmpty, "sent no more")
        let late = TestClient(world, port: relay.port, get: "/all.mp3", ["Connection: close"])
        #expect(world.run(seconds: 3) { late.isEnded })
        #expect(late.status == 302 && late.field("Location")?.contains("/all.mp3?not=") == true, "back to the root")
        let half = clients.filter(\.isEnded).count
        #expect(half > 0 && half < 20, "\(half) have gone")
        #expect(world.run(seconds: 10) { isOver })
        #expect(world.run(seconds: 5) { clients.allSatisfy(\.isEnded) })
        for client in clients {
            let position = client.number("Forever-Position") ?? 0
            #expect(client.body.count % 384 == 0, "whole frames")
            #expect(client.body == root.stream.bytes(position, position + Int64(client.body.count)))
        }
        #expect(relay.node.service.fanout?.statistics.letGo == 20)
    }
}
