import ForeverHTTP
import ForeverRelay
import ForeverTestKit
import Glibc
import Testing

/// Budgets at work, by real servers on a clock moved by hand.
@Suite struct BudgetKeeperTests {
    private func running(_ relay: TestRelay, of root: TestRoot, in world: TestWorld) -> Bool {
        world.run(seconds: 30) {
            (relay.node.service.feed?.leadSeconds ?? 0) > 10
                && root.desk.directory.healthyURLs(now: world.clock.monotonicNanoseconds).contains {
                    $0.hasSuffix(":\(relay.port)")
                }
        }
    }

    private func limited(_ bytes: Int64, soft: Double = 90, account: String? = nil) -> BudgetKeeper.Settings {
        var budget = BudgetSettings()
        budget.allotmentBytes = bytes
        budget.softPercent = soft
        budget.account = account
        return BudgetKeeper.Settings(budget: budget)
    }

    @Test func whatListenersGetIsCountedWithAllThatBelongsToIt() throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        let keeper = root.keep(BudgetKeeper.Settings())
        _ = world.run(seconds: 10)
        let clients = (0..<5).map { _ in TestClient(world, port: root.port, get: "/all.mp3") }
        #expect(world.run(seconds: 60) { clients.allSatisfy { $0.received.count > 600_000 } })
        _ = world.run(seconds: 3)
        func check(_ moment: String) {
            let received = clients.reduce(0) { $0 + $1.received.count }
            let sent = Double(keeper.budget.used.sentBytes) / Double(received)
            // Loopback's segments are long: hardly any headers.
            #expect((0.98...1.06).contains(sent), "\(moment): \(sent)")
            #expect(keeper.budget.used.receivedBytes > 0)
            #expect(keeper.budget.used.receivedBytes < keeper.budget.used.sentBytes / 5)
        }
        check("while they are open")
        for client in clients.prefix(3) { client.hangUp() }
        #expect(world.run(seconds: 10) { root.service.fanout?.connectionCount == 2 })
        _ = world.run(seconds: 2)
        check("some ended")
    }

    @Test func theCountOutlivesTheProgramAndDamage() throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        let folder = try TemporaryFolder()
        var used: Int64 = 0
        do {
            let relay = try TestRelay(world, of: root.address, folder: folder)
            #expect(running(relay, of: root, in: world))
            let client = TestClient(world, port: relay.port, get: "/all.mp3")
            #expect(world.run(seconds: 30) { client.received.count > 200_000 })
            _ = world.run(seconds: 12)
            relay.stop()
            used = relay.node.budget.budget.used.sentBytes
            #expect(used > 200_000)
        }
        do {
            let again = try TestRelay(world, of: root.address, folder: folder)
            #expect(again.node.budget.budget.used.sentBytes >= used)
            #expect(again.node.budget.budget.bootPeriods.last?.totals.sentBytes ?? 0 < 10_000, "this boot's own")
            again.stop()
        }
        try KeptFile(path: folder("budget.json"), bytesMax: BudgetFile.bytesMax).write(Array("{\"version\":1".utf8))
        let third = try TestRelay(world, of: root.address, folder: folder)
        defer { third.stop() }
        #expect(third.node.budget.budget.used.sentBytes == 0)
        #expect(access(folder("budget.json.damaged-1"), F_OK) == 0, "set aside")
    }

    @Test func beyondTheSoftLimitNobodyNewAndBeyondTheHardOneNobody() throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        let folder = try TemporaryFolder()
        let relay = try TestRelay(world, of: root.address, folder: folder, budget: limited(1_500_000, soft: 50))
        defer { relay.stop() }
        #expect(running(relay, of: root, in: world))
        let clients = (0..<4).map { _ in TestClient(world, port: relay.port, get: "/all.mp3") }
        #expect(world.run(seconds: 60) { relay.node.budget.budget.state == .soft })
        _ = world.run(seconds: 4)
        #expect(root.desk.directory.all.first?.report.budget?.state == .soft)
        #expect(root.desk.directory.choose(RelayQuestion(), now: world.clock.monotonicNanoseconds) == nil)
        let late = TestClient(world, port: relay.port, get: "/all.mp3")
        #expect(world.run(seconds: 5) { late.status == 302 })
        #expect(clients.allSatisfy { !$0.isEnded })
        #expect(world.run(seconds: 60) { relay.node.budget.budget.state == .hard })
        // One after the other within five minutes, each with whole frames.
        #expect(world.run(seconds: 200) { clients.contains { $0.isEnded } })
        #expect(clients.contains { !$0.isEnded }, "not all at once")
        #expect(world.run(seconds: 320) { clients.allSatisfy { $0.isEnded } })
        for client in clients {
            let position = client.number("Forever-Position") ?? 0
            #expect(client.body.count % 384 == 0)
            #expect(client.body == root.stream.bytes(position, position + Int64(client.body.count)))
        }
    }

    @Test func aRootServesItsRelaysAndLetsListenersGoOnlyWhereThereIsRoom() throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        let keeper = root.keep(limited(400_000))
        _ = world.run(seconds: 10)
        let clients = (0..<3).map { _ in TestClient(world, port: root.port, get: "/all.mp3") }
        #expect(world.run(seconds: 60) { keeper.budget.state == .hard })
        _ = world.run(seconds: 400)
        #expect(clients.allSatisfy { !$0.isEnded }, "there is nobody to take them")
        let folder = try TemporaryFolder()
        let relay = try TestRelay(world, of: root.address, folder: folder)
        defer { relay.stop() }
        #expect(running(relay, of: root, in: world), "a relay is served all the same")
        #expect(world.run(seconds: 320) { clients.allSatisfy { $0.isEnded } })
        #expect(root.service.fanout?.statistics.relays == 1)
        let sent = TestClient(world, port: root.port, get: "/all.mp3")
        #expect(world.run(seconds: 5) { sent.status == 302 })
    }

    @Test func anAccountIsToldWhatItsOthersUse() throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        let folders = [try TemporaryFolder(), try TemporaryFolder()]
        let relays = try folders.map {
            try TestRelay(world, of: root.address, folder: $0, budget: limited(100_000_000, account: "friends"))
        }
        defer { for relay in relays { relay.stop() } }
        let keeper = root.keep(limited(100_000_000, account: "friends"))
        let books = TrafficBooks(
            service: root.service, directory: root.desk.directory, budget: keeper, dataFolder: nil)
        root.desk.books = books
        for relay in relays { #expect(running(relay, of: root, in: world)) }
        let client = TestClient(world, port: relays[0].port, get: "/all.mp3")
        #expect(world.run(seconds: 40) { client.received.count > 300_000 })
        _ = world.run(seconds: 8)
        #expect(relays[1].node.budget.budget.othersBytes > 300_000, "the other's and the root's")
        #expect(relays[1].node.budget.budget.ownBytes < 100_000)
        #expect(keeper.budget.othersBytes > 300_000)
        let sum = relays[0].node.budget.budget.countedBytes
        #expect(abs(sum - relays[1].node.budget.budget.countedBytes) < 200_000, "all see about the same")
        let hours = books.history.sums
        #expect(hours.last?.totals.sentBytes ?? 0 > 600_000 && hours.last?.listenersPeak == 1)
    }

    @Test func alertsComeOnceAndAreTriedAgain() throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        let hook = try TestHook(world)
        hook.failures = 2
        var settings = limited(1_000_000)
        settings.webhook = HTTPAddress("http://127.0.0.1:\(hook.port)/hook")
        settings.levels = AlertLevels(levels: [10, 20, 90])
        let keeper = root.keep(settings)
        _ = world.run(seconds: 10)
        let client = TestClient(world, port: root.port, get: "/all.mp3")
        #expect(world.run(seconds: 120) { hook.taken.count == 2 })
        #expect(hook.asked == 4, "two tries failed")
        #expect(hook.taken.map { $0["levelPercent"]?.number } == [10, 20])
        let first = try #require(hook.taken.first)
        #expect(first["event"]?.string == "budget" && first["allotmentBytes"]?.integer == 1_000_000)
        #expect(first["periodStart"]?.string == keeper.budget.period.start.description)
        client.hangUp()
        _ = world.run(seconds: 30)
        #expect(hook.asked == 4, "once each")
    }

    @Test func statusAndMetricsShowIt() throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        var settings = limited(1_000_000_000)
        settings.budget.pricePerGB = 0.5
        let keeper = root.keep(settings)
        _ = world.run(seconds: 10)
        let client = TestClient(world, port: root.port, get: "/status.json", ["Connection: close"])
        #expect(world.run(seconds: 5) { client.isEnded })
        let budget = try #require(try JSONParser.parse(client.body)["budget"])
        #expect(budget["allotmentBytes"]?.integer == 1_000_000_000 && budget["state"]?.string == "open")
        #expect(budget["periodStart"]?.string == keeper.budget.period.start.description)
        #expect(budget["percent"]?.number != nil && budget["forecastBytes"]?.integer != nil)
        let metrics = TestClient(world, port: root.port, get: "/metrics", ["Connection: close"])
        #expect(world.run(seconds: 5) { metrics.isEnded })
        #expect(metrics.text.contains("\nforever_budget_allotment_bytes 1000000000\n"))
        #expect(metrics.text.contains("\nforever_budget_state 0\n"))
    }
}
