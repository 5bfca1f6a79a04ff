import ForeverHTTP
import ForeverRelay
import ForeverTestKit
import Testing

/// Where a listener is sent that a server cannot take, by real servers.
@Suite struct SendingOnTests {
    private func ask(
        _ world: TestWorld, _ port: UInt16, _ path: String, method: String = "GET", _ lines: [String] = []
    ) -> TestClient {
        let client = TestClient(world, port: port, get: path, method: method, lines)
        _ = world.run(seconds: 10) { client.head != nil }
        return client
    }

    private func running(_ relay: TestRelay, of root: TestRoot, in world: TestWorld) -> Bool {
        world.run(seconds: 30) {
            (relay.node.service.feed?.leadSeconds ?? 0) > 10
                && root.desk.directory.healthyURLs(now: world.clock.monotonicNanoseconds).contains {
                    $0.hasSuffix(":\(relay.port)")
                }
        }
    }

    @Test func aFullRelaySendsBackAndTheRootLeavesItOut() throws {
        let world = try TestWorld()
        let root = try TestRoot(world) { $0.relayLimit = 0 }
        let folders = [try TemporaryFolder(), try TemporaryFolder()]
        let relays = try folders.map { folder in
            try TestRelay(world, of: root.address, folder: folder) { $0.listenerLimit = 0 }
        }
        defer { for relay in relays { relay.stop() } }
        for relay in relays { #expect(running(relay, of: root, in: world)) }
        let uuid = "3f2504e04f8911d39a0c0305e82c3301"
        let first = ask(world, relays[0].port, "/all.mp3?listener=\(uuid)")
        #expect(first.status == 302 && first.field("Cache-Control") == "no-store")
        let back = try #require(first.field("Location"))
        let ids = root.desk.directory.all.map(\.report.id)
        let id = try #require(ids.first { back.hasSuffix("&not=" + $0) })
        #expect(back == "http://127.0.0.1:\(root.port)/all.mp3?listener=\(uuid)&not=\(id)")
        let second = ask(world, relays[1].port, "/all.mp3?listener=\(uuid)&not=\(id)", method: "HEAD")
        let other = try #require(ids.first { $0 != id })
        #expect(second.status == 302)
        #expect(
            second.field("Location") == "http://127.0.0.1:\(root.port)/all.mp3?listener=\(uuid)&not=\(id),\(other)")
        // Sent back twice, it is not sent on again: the root serves it.
        let third = ask(world, root.port, "/all.mp3?listener=\(uuid)&not=\(id),\(other)")
        #expect(third.status == 200)
        let spent = ask(world, relays[0].port, "/all.mp3?not=\(id),\(other)")
        #expect(spent.status == 503 && spent.field("Retry-After") != nil)
    }

    /// A relay may reach the root by an address that listeners do not know.
    @Test func aFullRelaySendsBackToWhereTheRootSaysThatItIs() throws {
        let world = try TestWorld()
        let root = try TestRoot(world) { $0.publicURL = "https://radio.example" }
        let relay = try TestRelay(world, of: root.address, folder: TemporaryFolder()) { $0.listenerLimit = 0 }
        defer { relay.stop() }
        #expect(running(relay, of: root, in: world))
        let id = try #require(root.desk.directory.all.first?.report.id)
        #expect(ask(world, relay.port, "/all.mp3").field("Location") == "https://radio.example/all.mp3?not=\(id)")
    }

    @Test func theRootChoosesAnotherThanTheOneThatSentBack() throws {
        let world = try TestWorld()
        let root = try TestRoot(world) { $0.relayLimit = 0 }
        let folders = [try TemporaryFolder(), try TemporaryFolder()]
        let relays = try folders.map { try TestRelay(world, of: root.address, folder: $0) }
        defer { for relay in relays { relay.stop() } }
        for relay in relays { #expect(running(relay, of: root, in: world)) }
        for record in root.desk.directory.all {
            let sent = ask(world, root.port, "/all.mp3?not=\(record.report.id)")
            let location = try #require(sent.field("Location"))
            #expect(sent.status == 302 && !location.hasPrefix(record.url + "/"), "\(location)")
            #expect(location.hasSuffix("/all.mp3?not=\(record.report.id)"), "the next one knows the way so far")
        }
        let both = root.desk.directory.all.map(\.report.id).joined(separator: ",")
        #expect(ask(world, root.port, "/all.mp3?not=\(both)").status == 200)
        for record in root.desk.directory.all where record.url.hasPrefix("http:") {
            let m3u = ask(world, root.port, "/all.m3u")
            #expect(m3u.text.contains(record.url))
        }
    }

    @Test func aRootOverItsBudgetSendsToRelaysAndElseSaysWhenToComeAgain() throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        _ = world.run(seconds: 10)
        let early = ask(world, root.port, "/all.mp3")
        #expect(early.status == 200)
        root.service.isOverBudget = true
        let alone = ask(world, root.port, "/all.mp3")
        #expect(alone.status == 503 && alone.field("Retry-After") != nil)
        let folder = try TemporaryFolder()
        let relay = try TestRelay(world, of: root.address, folder: folder)
        defer { relay.stop() }
        #expect(running(relay, of: root, in: world), "a relay is served all the same")
        let sent = ask(world, root.port, "/all.mp3")
        #expect(sent.status == 302 && sent.field("Location") == "http://127.0.0.1:\(relay.port)/all.mp3")
        relay.node.service.isOverBudget = true
        let back = ask(world, relay.port, "/all.mp3")
        #expect(back.status == 302)
        #expect(!early.isEnded, "who is there stays")
    }

    @Test func aSleepingRelayOverItsBudgetIsNotWoken() throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        let folder = try TemporaryFolder()
        let relay = try TestRelay(world, of: root.address, folder: folder, lingerSeconds: 20)
        defer { relay.stop() }
        #expect(running(relay, of: root, in: world))
        #expect(world.run(seconds: 30) { relay.node.upstream.isAsleep })
        relay.node.service.isOverBudget = true
        let sent = ask(world, relay.port, "/all.mp3")
        #expect(sent.status == 302 && relay.node.upstream.isAsleep)
        relay.node.service.isOverBudget = false
        let woken = ask(world, relay.port, "/all.mp3")
        #expect(woken.status == 200 && !relay.node.upstream.isAsleep)
    }

    @Test func familiesOfPlayersAreCountedAndSmallOnesMerged() throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        let folder = try TemporaryFolder()
        let relay = try TestRelay(world, of: root.address, folder: folder)
        defer { relay.stop() }
        #expect(running(relay, of: root, in: world))
        var clients = (0..<5).map { _ in
            TestClient(world, port: relay.port, get: "/all.mp3", ["User-Agent: VLC/3.0.24 LibVLC/3.0.24"])
        }
        clients.append(TestClient(world, port: relay.port, get: "/all.mp3", ["User-Agent: mpg123/1.31.2"]))
        #expect(world.run(seconds: 20) { relay.node.service.fanout?.statistics.listeners == 6 })
        #expect(relay.node.service.fanout?.statistics.agents[.mpg123] == 1)
        _ = world.run(seconds: 4)
        let told = try #require(root.desk.directory.all.first?.report.agents)
        #expect(told[.vlc] == 5 && told[.mpg123] == 0 && told[.other] == 1)
        for client in clients { client.hangUp() }
        #expect(world.run(seconds: 10) { relay.node.service.fanout?.connectionCount == 0 })
        #expect(relay.node.service.fanout?.statistics.agents.total == 0)
    }
}
