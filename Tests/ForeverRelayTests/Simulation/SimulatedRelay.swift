import ForeverHTTP
import ForeverRelay
import ForeverTestKit

/// One relay's machine: its clocks, its folder, the network around it, and the relay, while it runs.
final class SimulatedRelay {
    let number: Int
    let clock: DriftingClock
    let loop: EventLoop
    /// between others and this relay
    let network: NetworkProxy
    /// between this relay and the root
    let toRoot: NetworkProxy
    private(set) var relay: TestRelay?
    /// it has been told to leave
    var isLeaving = false
    private let world: TestWorld
    private let folder: TemporaryFolder
    private let room: Int
    private let lingerSeconds: Double?

    init(_ world: TestWorld, number: Int, room: Int, driftMillionths: Int64, lingerSeconds: Double?) throws {
        self.world = world
        self.number = number
        self.room = room
        self.lingerSeconds = lingerSeconds
        clock = DriftingClock(world.clock, driftMillionths: driftMillionths)
        loop = try EventLoop(clock: clock)
        folder = try TemporaryFolder()
        network = NetworkProxy(world)
        toRoot = NetworkProxy(world)
    }

    var node: RelayNode? { relay?.node }

    func start() throws {
        guard relay == nil, let root = HTTPAddress(toRoot.address + "/") else { return }
        isLeaving = false
        let started = try TestRelay(world, of: root, folder: folder, lingerSeconds: lingerSeconds, loop: loop) {
            $0.publicURL = network.address
            $0.relayFanout = room
        }
        relay = started
        network.target = started.port
    }

    /// Nothing is said to anybody, every connection is gone.
    func kill() {
        guard let relay else { return }
        network.target = nil
        network.cut()
        toRoot.cut()
        relay.stop()
        self.relay = nil
        // What was to be done later is done now, with nobody there.
        loop.turn(sleepMillisecondsMax: 0)
    }

    func turn() { if relay != nil { loop.turn(sleepMillisecondsMax: 0) } }
}
