import ForeverHTTP
import ForeverRelay
import ForeverTestKit
import Testing

/// A root that inspects its relays, with relays and impostors over real sockets.
@Suite struct RelayInspectorTests {
    private let world: TestWorld
    private let root: TestRoot
    private let words = Words()

    private final class Words {
        var said: [String] = []
    }

    init() throws {
        world = try TestWorld()
        let file = RelayKeyringFile(path: world.folder("relays.json"))
        root = try TestRoot(
            world, keys: RelayKeys(shared: TestWorld.signer(1), digest: TestWorld.digest, file: file))
        let words = self.words
        root.desk.inspect(with: HTTPClient(loop: world.loop)) { words.said.append($0) }
        let root = self.root
        #expect(world.run(seconds: 10) { root.feed.hasBegun })
    }

    private var standings: [RelayStanding] { root.desk.directory.all.map(\.trust.standing) }
    private func choose() -> String? {
        root.desk.directory.choose(RelayQuestion(), now: world.clock.monotonicNanoseconds)
    }

    private func relay(at url: String? = nil) throws -> TestRelay {
        try TestRelay(world, of: root.address, folder: TemporaryFolder()) { $0.publicURL = url }
    }

    private func reason() -> String {
        if case .unreachable(let reason) = standings.first { reason } else { "\(standings)" }
    }

    @Test func aRelayThatAnswersGetsListenersAndNotBefore() throws {
        let relay = try relay()
        defer { relay.stop() }
        #expect(world.run(seconds: 20) { root.desk.directory.all.first?.report.isHealthy == true })
        #expect(world.run(seconds: 20) { standings == [.good] })
        #expect(choose() == "http://127.0.0.1:\(relay.port)")
        let listeners = (0..<3).map { _ in TestClient(world, port: relay.port, get: "/all.mp3") }
        let joined = relay.node.service.fanout?.statistics.joined ?? 0
        #expect(world.run(seconds: 400) { (relay.node.service.fanout?.statistics.joined ?? 0) > joined + 3 }, "sampled")
        _ = world.run(seconds: 30)
        #expect(standings == [.good] && words.said.isEmpty, "\(words.said)")
        withExtendedLifetime(listeners) {}
    }

    @Test func anAddressThatDoesNotAnswerGetsNobody() throws {
        let server = HTTPServer(loop: world.loop, router: Router())
        let port = try server.listen(host: "127.0.0.1", port: 0)
        let relay = try relay(at: "http://127.0.0.1:\(port)")
        defer { relay.stop() }
        #expect(world.run(seconds: 30) { reason().contains("404") })
        #expect(choose() == nil)
        #expect(words.said.count == 1 && words.said[0].contains("unreachable"))
        withExtendedLifetime((relay, server)) {}
    }

    @Test func aRedirectIsNotFollowed() throws {
        var asked = 0
        let elsewhere = Router()
        elsewhere.notFound = { _ in
            asked += 1
            return .text("what is only for this network")
        }
        let inside = HTTPServer(loop: world.loop, router: elsewhere)
        let insidePort = try inside.listen(host: "127.0.0.1", port: 0)
        let router = Router()
        router.notFound = { _ in .redirect(to: "http://127.0.0.1:\(insidePort)/latest/meta-data") }
        let server = HTTPServer(loop: world.loop, router: router)
        let port = try server.listen(host: "127.0.0.1", port: 0)
        let relay = try relay(at: "http://127.0.0.1:\(port)")
        defer { relay.stop() }
        #expect(world.run(seconds: 30) { reason().contains("302") })
        _ = world.run(seconds: 30)
        #expect(asked == 0 && choose() == nil)
        withExtendedLifetime((relay, server, inside)) {}
    }

    @Test(arguments: ["http://169.254.169.254", "http://[fe80::1]:8193", "http://0.0.0.0:8193", "http://10.1.2.3:8193"])
    func forbiddenAddressesAreNotEvenTried(url: String) throws {
        // It reports from another network than 10.1.2.3 is in.
        let report = RelayReport(
            id: "0123456789abcdef", url: url, port: 1, listeners: 0, connections: 0, listenerLimit: nil, bytesSent: 0,
            weight: 100, location: nil, isHealthy: true, epoch: nil, livePosition: 0, mixingEdgePosition: 0,
            version: "t")
        let peer = try #require(SocketAddress(numericHost: "203.0.113.7", port: 4))
        #expect(root.desk.directory.take(report, from: peer, now: world.clock.monotonicNanoseconds))
        #expect(world.run(seconds: 5) { standings.first != .unproven })
        #expect(reason().contains("the address is"), "\(reason())")
        #expect(choose() == nil)
    }

    @Test func aStrangersServerCannotBeGivenListeners() throws {
        let honest = try relay()
        defer { honest.stop() }
        #expect(world.run(seconds: 20) { standings == [.good] })
        let other = try TestRelay(world, of: root.address, folder: TemporaryFolder(), token: 1) {
            $0.publicURL = "http://127.0.0.1:\(honest.port)"
        }
        defer { other.stop() }
        #expect(world.run(seconds: 30) { standings.count == 2 && standings[1] != .unproven })
        guard case .unreachable(let why) = standings[1] else { return #expect(Bool(false), "\(standings)") }
        #expect(why.contains("another relay answers there"))
        withExtendedLifetime(other) {}
    }

    /// A relay whose public address is a proxy that changes what passes.
    private func behind(_ alter: @escaping (inout [UInt8], Int) -> Void) throws -> (TestRelay, CuttingProxy) {
        let proxy = CuttingProxy(world, target: 1) { nil }
        let relay = try relay(at: "http://127.0.0.1:\(proxy.port)")
        proxy.retarget(relay.port)
        proxy.alter = alter
        return (relay, proxy)
    }

    /// What answering by asking the real relay proves: only that the real relay helps. The sound gives it away.
    @Test func whoForwardsTheQuestionAndAltersOneByteInAHundredThousandIsDropped() throws {
        var passed = 0
        let (relay, proxy) = try behind { bytes, from in
            for index in from..<bytes.count {
                passed += 1
                if passed % 100_000 == 50_000 { bytes[index] ^= 1 }
            }
        }
        defer { relay.stop() }
        #expect(world.run(seconds: 20) { standings == [.good] }, "the question is answered: \(standings)")
        let listener = TestClient(world, port: proxy.port, get: "/all.mp3")
        let id = try #require(root.desk.directory.all.first?.report.id)
        #expect(world.run(seconds: 120) { root.desk.directory.all.isEmpty })
        #expect(words.said.last?.contains("ALTERS THE SOUND") == true, "\(words.said)")
        #expect(root.desk.keys.keyring[id]?.isWelcome == false)
        #expect(choose() == nil)
        _ = world.run(seconds: 30)
        #expect(!relay.node.upstream.isConnected && root.desk.directory.all.isEmpty, "until the operator restores it")
        withExtendedLifetime((listener, proxy)) {}
    }

    /// A relay's own report says that it pulls from an honest one.
    @Test func aRelayMayHaveGotItSoButNotWhenItsSourceIsGood() throws {
        let honest = try relay()
        defer { honest.stop() }
        #expect(world.run(seconds: 20) { standings == [.good] })
        let source = root.desk.directory.all[0].report.id
        let (relay, proxy) = try behind { bytes, from in
            if bytes.count - from > 1_000 { bytes[from + 900] ^= 1 }
        }
        defer { relay.stop() }
        #expect(world.run(seconds: 20) { standings == [.good, .good] })
        var report = root.desk.directory.all[1].report
        relay.node.reporter?.stop()
        report.source = source
        report.connections = 1
        let directory = root.desk.directory
        let clock = world.clock
        let peer = try #require(SocketAddress(numericHost: "127.0.0.1", port: 1))
        var isDropped = false
        world.everyTurn {
            if !isDropped, let feed = honest.node.service.feed {
                report.livePosition = feed.live
                _ = directory.take(report, from: peer, now: clock.monotonicNanoseconds)
            }
        }
        #expect(
            world.run(seconds: 120) {
                if case .unreachable(let why) = standings.last { why.contains("perhaps") } else { false }
            }, "\(standings)")
        #expect(root.desk.keys.keyring[source]?.isWelcome != false && root.desk.keys.keyring[report.id] == nil)
        let id = report.id
        let desk = root.desk
        #expect(
            world.run(seconds: 240) {
                isDropped = desk.keys.keyring[id]?.isWelcome == false
                return isDropped
            }, "its source is good")
        #expect(root.desk.keys.keyring[source]?.isWelcome != false)
        withExtendedLifetime((proxy, peer)) {}
    }

    @Test func whoSendsNoSoundGetsNobodyUntilItDoes() throws {
        var isMute = true
        let (relay, proxy) = try behind { bytes, from in
            // Only the stream is muted: its pieces are long.
            if isMute, bytes.count - from > 1_000 { bytes.removeSubrange(from...) }
        }
        defer { relay.stop() }
        #expect(world.run(seconds: 20) { standings == [.good] })
        let listener = TestClient(world, port: proxy.port, get: "/all.mp3")
        #expect(world.run(seconds: 120) { standings.first?.allowsListeners == false })
        #expect(choose() == nil)
        isMute = false
        #expect(world.run(seconds: 120) { standings == [.good] })
        withExtendedLifetime((listener, proxy, relay)) {}
    }

    @Test func anHonestRelayThatChangesItsEpochIsNotDropped() throws {
        let relay = try relay()
        defer { relay.stop() }
        #expect(world.run(seconds: 20) { standings == [.good] })
        var listeners: [TestClient] = []
        for number in 1...30 {
            listeners = [TestClient(world, port: relay.port, get: "/all.mp3")]
            try root.begin(Epoch(bits: UInt64(number)))
            _ = world.run(seconds: 45)
        }
        #expect((relay.node.service.fanout?.statistics.joined ?? 0) > 30 + 3, "some samples were taken")
        #expect(root.desk.directory.all.count == 1 && !words.said.contains { $0.contains("ALTERS") }, "\(words.said)")
        withExtendedLifetime(listeners) {}
    }
}
