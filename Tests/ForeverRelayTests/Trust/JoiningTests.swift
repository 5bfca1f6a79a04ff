import ForeverHTTP
import ForeverRelay
import ForeverTestKit
import Testing

/// Relays that join a root over real sockets, and what becomes of them.
@Suite struct JoiningTests {
    private let world: TestWorld
    private let root: TestRoot
    private let file: RelayKeyringFile

    init() throws {
        world = try TestWorld()
        file = RelayKeyringFile(path: world.folder("relays.json"))
        root = try TestRoot(
            world, keys: RelayKeys(shared: TestWorld.signer(1), digest: TestWorld.digest, file: file))
        #expect(world.run(seconds: 10) { root.feed.hasBegun })
    }

    private func invite() throws -> RelayInvitation.Code {
        var random = SeededGenerator(world.nextSeed())
        let now = world.clock.wallMilliseconds
        let made = try file.change {
            $0.invite(
                name: "attic", listenerLimit: 3, expiresAtMilliseconds: now + 3_600_000, wallMilliseconds: now,
                using: &random)
        }
        return try #require(made).code
    }

    private func join(
        _ code: RelayInvitation.Code, at address: HTTPAddress? = nil
    ) throws -> Result<RelayIdentity, RelayJoining.Failure>? {
        var random = SeededGenerator(world.nextSeed())
        var outcome: Result<RelayIdentity, RelayJoining.Failure>?
        let joining = RelayJoining(
            client: HTTPClient(loop: world.loop), root: address ?? root.address, code: code,
            nonce: RelayProof.Nonce(using: &random), generator: SeededGenerator(world.nextSeed()),
            digest: TestWorld.digest
        ) { outcome = $0 }
        joining.start()
        _ = world.run(seconds: 30) { outcome != nil }
        return outcome
    }

    private func words(_ outcome: Result<RelayIdentity, RelayJoining.Failure>?) -> String? {
        guard case .failure(let failure) = outcome else { return nil }
        return failure.description
    }

    @Test func anInvitedRelayPullsAndReportsUnderItsOwnKey() throws {
        let identity = try #require(try join(invite())?.get())
        let relay = try TestRelay(world, of: root.address, folder: TemporaryFolder(), identity: identity)
        defer { relay.stop() }
        #expect(world.run(seconds: 20) { root.desk.directory.all.count == 1 && relay.node.upstream.isConnected })
        #expect(root.desk.directory.all[0].report.id == identity.id)
        #expect(try file.load()[identity.id]?.name == "attic", "the key is in the file")
    }

    @Test func usedExpiredForeignAndInventedCodesDoNotJoin() throws {
        let code = try invite()
        _ = try join(code)
        #expect(words(try join(code))?.contains("has been used") == true)
        let late = try invite()
        world.clock.advance(by: .seconds(3_700))
        #expect(words(try join(late))?.contains("expired") == true)
        let foreign = RelayInvitation.Code(id: "00000000000000aa", secret: code.secret)
        #expect(words(try join(foreign))?.contains("no such invitation") == true)
        #expect(try file.load().members.count == 1)
    }

    @Test func aFalseRootLearnsNothingAndIsFoundOut() throws {
        let router = Router()
        var heard: [UInt8] = []
        router.on(.POST, "/relays/join") { request in
            heard = request.body
            return .json(
                Array(
                    "{\"id\":\"00000000000000cc\",\"nonce\":\"000000000000000000000000000000aa\",\"proof\":\"00\"}".utf8
                ))
        }
        let server = HTTPServer(loop: world.loop, router: router)
        let port = try server.listen(host: "127.0.0.1", port: 0)
        let code = try invite()
        let said = words(try join(code, at: HTTPAddress("http://127.0.0.1:\(port)/")))
        #expect(said?.contains("not the station that made it") == true)
        #expect(!String(decoding: heard, as: UTF8.self).contains(code.secret.hexadecimal))
        // What it heard is of no use to it at the real one under a nonce of its own, and the honest relay still joins.
        #expect(throws: Never.self) { try #require(try join(code)).get() }
        server.stop()
    }

    @Test func garbageIsAnsweredClearly() throws {
        for body in ["", "{}", "[]", "{\"invitation\":1}", String(repeating: "x", count: 5_000)] {
            let client = TestClient(
                world, port: root.port,
                "POST /relays/join HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            #expect(world.run(seconds: 5) { client.status != nil })
            #expect(client.status == 400)
        }
    }

    @Test func aRevokedRelayIsCutOffAndComesBackWhenRestored() throws {
        let identity = try #require(try join(invite())?.get())
        let relay = try TestRelay(world, of: root.address, folder: TemporaryFolder(), identity: identity)
        defer { relay.stop() }
        let other = try TestRelay(world, of: root.address, folder: TemporaryFolder())
        defer { other.stop() }
        #expect(
            world.run(seconds: 20) {
                root.desk.directory.all.count == 2 && relay.node.upstream.isConnected && other.node.upstream.isConnected
            })
        let otherReconnects = other.node.upstream.reconnects
        try file.change { $0.change(identity.id) { $0.isRevoked = true } }
        #expect(
            world.run(seconds: 10) { root.desk.directory.all.count == 1 && !relay.node.upstream.isConnected },
            "within ten seconds, by itself")
        _ = world.run(seconds: 30)
        #expect(!relay.node.upstream.isConnected && root.desk.directory.all.map(\.report.id) != [identity.id])
        #expect(relay.node.reporter?.isRegistered == false)
        #expect(other.node.upstream.isConnected && other.node.upstream.reconnects == otherReconnects)
        try file.change { $0.change(identity.id) { $0.isRevoked = false } }
        #expect(world.run(seconds: 30) { root.desk.directory.all.count == 2 && relay.node.upstream.isConnected })
    }

    /// Its tickets would let it pull from other relays for ten minutes more.
    @Test func aRevokedRelayIsCutOffByItsParentToo() throws {
        let root = try TestRoot(
            world, keys: RelayKeys(shared: TestWorld.signer(1), digest: TestWorld.digest, file: file)
        ) { $0.relayFanout = 1 }
        let parent = try TestRelay(world, of: root.address, folder: TemporaryFolder())
        #expect(world.run(seconds: 60) { (parent.node.service.feed?.leadSeconds ?? 0) > 15 })
        _ = world.run(seconds: 4)
        let identity = try #require(try join(invite(), at: root.address)?.get())
        let child = try TestRelay(world, of: root.address, folder: TemporaryFolder(), identity: identity)
        defer { for relay in [parent, child] { relay.stop() } }
        #expect(world.run(seconds: 60) { child.node.upstream.source?.id == parent.node.id })
        try file.change { $0.change(identity.id) { $0.isRevoked = true } }
        #expect(world.run(seconds: 10) { !child.node.upstream.isConnected })
        _ = world.run(seconds: 60)
        #expect(!child.node.upstream.isConnected, "it knows where its parent is, and has a ticket")
        try file.change { $0.change(identity.id) { $0.isRevoked = false } }
        #expect(world.run(seconds: 30) { child.node.upstream.isConnected })
    }

    /// Else a stranger could use up what others pay for.
    @Test func aRelayWithItsOwnKeyIsOnAnAccountOnlyWhenTheOperatorSaysSo() throws {
        let identity = try #require(try join(invite())?.get())
        var budget = BudgetSettings()
        budget.allotmentBytes = 1_000_000_000
        budget.account = "friends"
        let relay = try TestRelay(
            world, of: root.address, folder: TemporaryFolder(), identity: identity,
            budget: BudgetKeeper.Settings(budget: budget))
        defer { relay.stop() }
        var said: [String] = []
        relay.node.budget.say = { said.append($0) }
        func account() -> String? { root.desk.directory.all.first?.report.budget?.account }
        #expect(world.run(seconds: 20) { root.desk.directory.all.first?.report.budget != nil })
        _ = world.run(seconds: 10)
        #expect(account() == nil && said.filter { $0.contains("account friends") }.count == 1, "\(said)")
        try file.change { $0.change(identity.id) { $0.account = "friends" } }
        #expect(world.run(seconds: 15) { account() == "friends" })
        #expect(try file.load()[identity.id]?.account == "friends")
    }

    @Test func theSharedTokenDoesNotOpenARelayWithAKeyOfItsOwn() throws {
        let identity = try #require(try join(invite())?.get())
        var random = SeededGenerator(9)
        let field = RelayProof.authorization(
            id: identity.id, method: .GET, target: "/relays", body: [], wallMilliseconds: world.clock.wallMilliseconds,
            using: &random, sign: TestWorld.signer(1))
        let client = TestClient(world, port: root.port, get: "/relays", ["Authorization: \(field)"])
        #expect(world.run(seconds: 5) { client.status != nil })
        #expect(client.status == 401)
    }

    @Test func aReportOfAnotherRelayIsRefused() throws {
        let identity = try #require(try join(invite())?.get())
        let report = RelayReport(
            id: "0123456789abcdef0123456789abcdef", url: "http://127.0.0.1:1", port: 1, listeners: 0, connections: 0,
            listenerLimit: nil, bytesSent: 0, weight: 100, location: nil, isHealthy: true, epoch: nil, livePosition: 0,
            mixingEdgePosition: 0, version: "t")
        let body = String(decoding: report.json.bytes, as: UTF8.self)
        var random = SeededGenerator(9)
        let field = RelayProof.authorization(
            id: identity.id, method: .POST, target: "/relays", body: report.json.bytes,
            wallMilliseconds: world.clock.wallMilliseconds, using: &random,
            sign: { TestWorld.digest($0, identity.key.bytes) })
        let client = TestClient(
            world, port: root.port,
            "POST /relays HTTP/1.1\r\nHost: x\r\nAuthorization: \(field)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        #expect(world.run(seconds: 5) { client.status != nil })
        #expect(client.status == 403)
    }
}
