import ForeverHTTP
import ForeverRelay
import ForeverTestKit

/// A root, relays in tiers and listeners under one seed, on clocks moved by hand, with a network between them that delays,
/// throttles, goes deaf, cuts and parts, and machines that die, come back, and whose clocks are wrong.
///
/// Whatever happens: each listener's sound is one piece of the root's stream, or goes on after a skip that stands in its
/// position map and lies between two frames; nobody pulls from itself in a circle for longer than word of it takes; the root
/// has no more relays than its fan-out and its reserve. When the faults are over, everybody is well and near live before
/// long.
final class NetworkSimulation {
    /// What the network does wrong on purpose, so that the checks can show that they see it.
    enum Defect: CaseIterable {
        case bytesChanged, bytesLost
    }

    static let faultSeconds = 100
    /// After the last fault everybody is well within this time ...
    static let calmSeconds = 90
    /// ... and stays so.
    static let restSeconds = 15

    let seed: UInt64
    let world: TestWorld
    let fanout: Int
    var relays: [SimulatedRelay] = []
    var listeners: [HearingWitness] = []
    let reference: ReferenceStream
    private(set) var root: TestRoot?
    private var generator: SeededGenerator
    private(set) var milliseconds: Int64 = 0
    private let startNanoseconds: Int64
    /// what is to be undone, and when
    private var undo: [(milliseconds: Int64, what: () throws -> Void)] = []
    private var log: [String] = []
    private var wrong: String?
    /// since when some pull from each other in a circle
    var circleMilliseconds: Int64?
    private static let stream = TestStream(format: StreamFormat(bitrateKbps: 32)!)
    private static let rootRing = "simulated-root.ring"

    init(seed: UInt64, defect: Defect? = nil) throws {
        self.seed = seed
        generator = SeededGenerator(seed)
        world = try TestWorld()
        startNanoseconds = world.clock.monotonicNanoseconds
        reference = ReferenceStream(Self.stream)
        fanout = Int.random(in: 2...4, using: &generator)
        let count = Int.random(in: 3...12, using: &generator)
        for number in 0..<count {
            let relay = try SimulatedRelay(
                world, number: number, room: Int.random(in: 2...3, using: &generator),
                driftMillionths: Int64.random(in: -200...200, using: &generator),
                lingerSeconds: Int.random(in: 0..<4, using: &generator) == 0 ? 8 : nil)
            relay.network.delayMilliseconds = Int64.random(in: 0...80, using: &generator)
            relay.toRoot.delayMilliseconds = Int64.random(in: 0...80, using: &generator)
            relay.network.defect = defect
            relay.toRoot.defect = defect
            relays.append(relay)
        }
        for number in 0..<(2 * count + 2) {
            let place = Int.random(in: -1..<count, using: &generator)
            listeners.append(HearingWitness(place: place < 0 ? nil : place, number: number))
        }
        world.everyTurn { [unowned self] in turn() }
    }

    // MARK: Living

    func run() throws {
        defer {
            for relay in relays { relay.kill() }
            stopRoot()
            // The world calls back without holding it.
            world.forgetPumps()
        }
        try startRoot()
        for relay in relays {
            try relay.start()
            try live(milliseconds: Int64.random(in: 0...3_000, using: &generator))
        }
        try live(milliseconds: 12_000)
        while milliseconds < Int64(Self.faultSeconds) * 1_000 {
            try fault()
            try live(milliseconds: Int64.random(in: 200...4_000, using: &generator))
        }
        for (_, what) in undo { try what() }
        undo = []
        note("calm")
        try calm()
    }

    /// Everybody is well within a bounded time, and stays so.
    ///
    /// When relays move to better places, one below them may be a tier too deep for as long as its own move takes.
    private func calm() throws {
        let end = milliseconds + Int64(Self.calmSeconds) * 1_000
        var restSeconds = 0
        var why: String?
        while restSeconds < Self.restSeconds {
            try live(milliseconds: 1_000)
            let now = unrest()
            restSeconds = now == nil ? restSeconds + 1 : 0
            why = now ?? why
            guard milliseconds < end || restSeconds > 0 else {
                throw failure("\(Self.calmSeconds) s after the last fault: \(why ?? "not well")")
            }
        }
    }

    private func live(milliseconds duration: Int64) throws {
        let end = milliseconds + duration
        while milliseconds < end {
            _ = world.run(turns: 1)
            milliseconds += 10
            if let wrong { throw failure(wrong) }
            if milliseconds % 500 == 0 {
                if let wrong = promise() { throw failure(wrong) }
            }
            for (index, due) in undo.enumerated().reversed() where due.milliseconds <= milliseconds {
                undo.remove(at: index)
                try due.what()
            }
        }
    }

    private func turn() {
        for relay in relays { relay.turn() }
        let now = world.clock.monotonicNanoseconds
        for listener in listeners where wrong == nil {
            let relay = listener.place.map { relays[$0] }
            let service = relay.map { $0.node?.service } ?? root?.service
            let port = relay.map { $0.relay?.port } ?? root?.port
            let clock: any LoopClock = relay?.clock ?? world.clock
            wrong = listener.turn(now, port: port, reference: reference) { name in
                guard case .segments(let segments) = service?.fanout?.maps.answer(name, now: clock.monotonicNanoseconds)
                else { return [] }
                return segments
            }
        }
    }

    private func failure(_ what: String) -> NetworkSimulationFailure {
        NetworkSimulationFailure(seed: seed, milliseconds: milliseconds, what: what, log: Array(log.suffix(12)))
    }

    private func note(_ what: String) { log.append("\(milliseconds) ms: \(what)") }

    // MARK: The root

    private func startRoot() throws {
        let started = try TestRoot(world, stream: Self.stream, ringName: Self.rootRing) { $0.relayFanout = fanout }
        root = started
        for relay in relays { relay.toRoot.target = started.port }
    }

    private func stopRoot() {
        for relay in relays {
            relay.toRoot.target = nil
            relay.toRoot.cut()
        }
        root?.stop()
        root = nil
        world.loop.turn(sleepMillisecondsMax: 0)
    }

    // MARK: Faults

    private func later(_ range: ClosedRange<Int64>, _ what: @escaping () throws -> Void) {
        undo.append((milliseconds + Int64.random(in: range, using: &generator), what))
    }

    private func fault() throws {
        guard let relay = relays.randomElement(using: &generator) else { return }
        let network = Bool.random(using: &generator) ? relay.network : relay.toRoot
        let link = network === relay.network ? "network" : "way to the root"
        switch Int.random(in: 0..<14, using: &generator) {
        case 0, 1:
            note("relay \(relay.number) dies")
            relay.kill()
            later(500...40_000) { try relay.start() }
        case 2:
            note("relay \(relay.number) is restarted")
            relay.kill()
            try relay.start()
        case 3:
            guard relay.relay != nil, !relay.isLeaving else { return }
            note("relay \(relay.number) leaves")
            relay.isLeaving = true
            relay.node?.leave(withinSeconds: 5) {}
            later(6_000...20_000) {
                relay.kill()
                try relay.start()
            }
        case 4, 5:
            note("relay \(relay.number)'s \(link) is deaf")
            network.isDeaf = true
            later(3_000...30_000) { network.isDeaf = false }
        case 6:
            note("relay \(relay.number)'s \(link) is cut")
            network.cut()
        case 7:
            note("relay \(relay.number)'s \(link) is slow")
            network.bytesPerSecond = [2_000, 5_000, 9_000].randomElement(using: &generator)
            later(3_000...20_000) { network.bytesPerSecond = nil }
        case 8:
            note("relay \(relay.number)'s \(link) is longer")
            network.delayMilliseconds = Int64.random(in: 0...250, using: &generator)
        case 9:
            note("relay \(relay.number)'s wall clock is set")
            relay.clock.wallOffsetMilliseconds = Int64.random(in: -3_600_000...3_600_000, using: &generator)
        case 10:
            note("relay \(relay.number)'s reports are lost")
            relay.toRoot.losesReports = true
            later(3_000...30_000) { relay.toRoot.losesReports = false }
        case 11:
            note("relay \(relay.number) reports twice")
            relay.node?.reporter?.send()
            relay.node?.reporter?.send()
        case 12:
            guard root != nil, !undo.contains(where: { $0.milliseconds == .max }) else { return }
            note("the root dies")
            stopRoot()
            later(500...25_000) { [unowned self] in if root == nil { try startRoot() } }
        default:
            // Half of them lose the root and each other.
            let part = relays.filter { _ in Bool.random(using: &generator) }
            note("relays \(part.map(\.number)) are parted from the root")
            for one in part { one.toRoot.isDeaf = true }
            later(2_000...20_000) { for one in part { one.toRoot.isDeaf = false } }
        }
    }
}

/// What a simulation of a network found, with all that is needed to see it again.
struct NetworkSimulationFailure: Error, CustomStringConvertible {
    let seed: UInt64
    let milliseconds: Int64
    let what: String
    let log: [String]

    var description: String {
        "seed \(seed), \(milliseconds) ms in: \(what) (again: FOREVER_NETWORK_SEED=\(seed), see Docs/Testing.md); "
            + log.joined(separator: "; ")
    }
}
