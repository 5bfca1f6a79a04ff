import ForeverHTTP
import ForeverRelay
import ForeverTestKit
import Glibc

/// Servers and clients on one loop, on a clock moved by hand: 10 ms pass in every turn.
final class TestWorld {
    let clock = ManualClock()
    let loop: EventLoop
    let folder: TemporaryFolder
    /// how many rings were made in it
    var rings = 0
    /// how a turn is made: a test that counts puts itself around it
    var makeTurn: (EventLoop) -> Void = { $0.turn(sleepMillisecondsMax: 0) }
    /// called in every turn
    private var pumps: [() -> Void] = []

    init() throws {
        loop = try EventLoop(clock: clock)
        folder = try TemporaryFolder()
    }

    var now: Instant {
        Instant(monotonicNanoseconds: clock.monotonicNanoseconds, wallMilliseconds: clock.wallMilliseconds)
    }

    private var seeds: UInt64 = 100

    /// Another seed for everybody, as real randomness would be.
    func nextSeed() -> UInt64 {
        seeds += 1
        return seeds
    }

    func everyTurn(_ pump: @escaping () -> Void) { pumps.append(pump) }

    /// Everybody who was called in every turn is gone.
    func forgetPumps() { pumps = [] }

    /// Turns until the condition holds; false when so many seconds of the world's time passed without it.
    func run(seconds: Int = 120, until isDone: () -> Bool = { false }) -> Bool {
        run(turns: seconds * 100, until: isDone)
    }

    func run(turns: Int, until isDone: () -> Bool = { false }) -> Bool {
        for _ in 0..<turns {
            if isDone() { return true }
            clock.advance(by: .milliseconds(10))
            makeTurn(loop)
            ScriptedCalls.aside { for pump in pumps { pump() } }
        }
        return isDone()
    }

    /// A keyed digest that is good enough for tests.
    static func signer(_ key: UInt64) -> MessageSigner {
        { message in
            let hash = message.reduce(key ^ 0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
            return (0..<8).map { UInt8(truncatingIfNeeded: hash >> ($0 * 8)) }
        }
    }

    /// The same with a key of bytes.
    static let digest: KeyedDigest = { message, key in
        signer(key.reduce(0x9E37_79B9) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })(message)
    }
}

/// A root whose sound is a `TestStream`, made 20 s ahead.
final class TestRoot {
    let world: TestWorld
    let service: StreamService
    let desk: RelayDesk
    let server: HTTPServer
    let port: UInt16
    var stream: TestStream
    private(set) var feed: StreamFeed
    var isDry = false

    /// With a ring's name it goes on with what is there.
    init(
        _ world: TestWorld, epoch: Epoch = TestStream.epoch, stream: TestStream = TestStream(), ringName: String? = nil,
        keys: RelayKeys? = nil,
        adjust: (inout ServiceSettings) -> Void = { _ in }
    ) throws {
        self.world = world
        self.stream = stream
        var settings = ServiceSettings(role: .root, version: "1")
        settings.profile = StationProfile(name: "Test Röhre", genre: "Click")
        adjust(&settings)
        service = StreamService(loop: world.loop, settings: settings)
        desk = RelayDesk(
            service: service, generator: SeededGenerator(2), keys: keys ?? RelayKeys(shared: TestWorld.signer(1)))
        let router = Router()
        service.install(into: router)
        desk.install(into: router)
        server = HTTPServer(loop: world.loop, router: router)
        port = try server.listen(host: "127.0.0.1", port: 0)
        world.rings += 1
        feed = try Self.makeFeed(world, epoch, stream, name: ringName ?? "root\(world.rings).ring")
        fill()
        service.play(feed)
        world.everyTurn { [weak self] in self?.fill() }
    }

    /// Every connection is closed and nothing is made any more.
    func stop() {
        isDry = true
        service.stop()
        server.stop()
    }

    private static func makeFeed(_ world: TestWorld, _ epoch: Epoch, _ stream: TestStream, name: String) throws
        -> StreamFeed
    {
        let format = stream.format
        let ring = try StreamRing(
            path: world.folder(name), epoch: epoch, format: format,
            capacityBytes: Int(format.bytes(seconds: 56)))
        return StreamFeed(
            ring: ring, settings: .init(startPosition: format.bytes(seconds: 6), resumeBytes: format.bytes(seconds: 1)),
            now: world.now)
    }

    /// Begins another epoch with other sound; it plays when the present one has played out.
    func begin(_ epoch: Epoch) throws {
        stream = TestStream(salt: epoch.bits)
        world.rings += 1
        feed = try Self.makeFeed(world, epoch, stream, name: "root\(world.rings).ring")
        fill()
        service.play(feed)
    }

    private func fill() {
        guard !isDry else { return }
        let from = feed.ring.writingPosition
        feed.ring.append(stream.bytes(from, feed.format.frameFloor(feed.live + 20 * feed.format.byteRate)))
    }

    var address: HTTPAddress { HTTPAddress("http://127.0.0.1:\(port)/")! }

    /// Counts and limits its transfer from now on.
    func keep(_ settings: BudgetKeeper.Settings, meter: WireMeter = WireMeter()) -> BudgetKeeper {
        let keeper = BudgetKeeper(
            service: service, client: HTTPClient(loop: world.loop), meter: meter, settings: settings,
            generator: SeededGenerator(world.nextSeed()))
        keeper.start()
        return keeper
    }
}

/// A relay of some root.
final class TestRelay {
    let node: RelayNode
    let server: HTTPServer
    let port: UInt16
    /// stays as long as the relay
    private let folder: TemporaryFolder

    init(
        _ world: TestWorld, of root: HTTPAddress, folder: TemporaryFolder, token: UInt64? = 1,
        identity: RelayIdentity? = nil, lingerSeconds: Double? = nil,
        budget: BudgetKeeper.Settings = BudgetKeeper.Settings(), loop: EventLoop? = nil,
        adjust: (inout ServiceSettings) -> Void = { _ in }
    ) throws {
        let loop = loop ?? world.loop
        self.folder = folder
        var service = ServiceSettings(role: .relay, version: "1")
        adjust(&service)
        var settings = RelayNode.Settings(root: root, dataFolder: folder.path, service: service)
        settings.lingerSeconds = lingerSeconds
        settings.budget = budget
        node = RelayNode(
            loop: loop, client: HTTPClient(loop: loop), settings: settings,
            generator: SeededGenerator(world.nextSeed()), id: identity?.id, digest: TestWorld.digest,
            sign: identity.map { identity in { TestWorld.digest($0, identity.key.bytes) } }
                ?? token.map { TestWorld.signer($0) })
        let router = Router()
        node.install(into: router)
        server = HTTPServer(loop: loop, router: router)
        port = try server.listen(host: "127.0.0.1", port: 0)
        try node.start(port: port)
    }

    func stop() {
        node.stop()
        server.stop()
    }
}
