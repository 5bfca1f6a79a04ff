import ForeverRelay
import ForeverTestKit
import Glibc

/// A fan-out's life under a seed: listeners and relays that come, stall, crawl, vanish; a network that shortens,
/// refuses and interrupts; a stream that starves, jumps, overruns its ring and begins anew. Everything is checked
/// after every step.
///
/// One thread, a clock moved by hand, descriptors that do not exist: the same seed is the same life.
final class FanoutSimulation {
    let seed: UInt64
    let kernel: SimulatedKernel
    let settings: FanoutSettings
    let durationMilliseconds: Int64
    var peers: [SimulatedPeer] = []
    var history = StreamHistory()
    /// feeds that play or have played; the last is the one that plays
    var feeds: [StreamFeed] = []
    var fanout: Fanout!
    var now = Instant(monotonicNanoseconds: 5_000_000_000_000, wallMilliseconds: 1_700_000_000_000)
    /// connections closed by `play` and `closeAll`
    var letGo: Int64 = 0
    var joined: Int64 = 0
    /// of those that are gone
    var pastSkips: Int64 = 0
    var pastSkippedBytes: Int64 = 0
    /// of channels that are gone, what they took more than their kernels
    var pastChannelBytes: Int64 = 0
    /// how long the present tick was
    var tickNanoseconds: Int64 = 0
    /// the last long sleep, and until when it may be felt
    var lateNanoseconds: Int64 = 0
    var lateUntilNanoseconds: Int64 = 0
    private(set) var steps = 0

    private var generator: SeededGenerator
    private let startNanoseconds: Int64
    private let folder: TemporaryFolder
    private let leadSeconds: Double
    private let crowd: Int
    /// no sound is made until then
    private var dryUntilNanoseconds: Int64 = 0
    private var wantsNewEpoch = false
    private var titles = 0

    init(seed: UInt64, defect: SimulatedKernel.Defect? = nil) throws {
        self.seed = seed
        var generator = SeededGenerator(seed)
        kernel = SimulatedKernel(seed: generator.next(), defect: defect)
        var settings = FanoutSettings()
        settings.periodNanoseconds = [250_000_000, 1_000_000_000, 2_000_000_000].randomElement(using: &generator)!
        settings.stepsPerPeriod = [1, 5, 20].randomElement(using: &generator)!
        settings.burstSeconds = Double(Int.random(in: 4...12, using: &generator)) / 2
        self.settings = settings
        leadSeconds = Double(Int.random(in: 3...20, using: &generator))
        crowd = Int.random(in: 1...24, using: &generator)
        durationMilliseconds = Int64.random(in: 30_000...90_000, using: &generator)
        folder = try TemporaryFolder()
        startNanoseconds = now.monotonicNanoseconds
        self.generator = generator
        try addFeed()
        fanout = Fanout(source: feed.source, settings: settings)
    }

    var feed: StreamFeed { feeds.last! }
    var milliseconds: Int64 { (now.monotonicNanoseconds - startNanoseconds) / 1_000_000 }

    func failure(_ what: String) -> SimulationFailure {
        SimulationFailure(seed: seed, milliseconds: milliseconds, what: what)
    }

    /// Lives the life. **Errors:** the first thing that is not as it must be.
    func run() throws {
        try kernel.script().run {
            while milliseconds < durationMilliseconds { try tick() }
            if chance(1, in: 2) {
                letGo += Int64(peers.count)
                fanout.closeAll(now: now.monotonicNanoseconds)
                try checkEnd()
            }
            fanout = nil
            guard kernel.openCount == 0 else { throw failure("\(kernel.openCount) descriptors were never closed") }
            if let complaint = kernel.complaints.first { throw failure(complaint) }
        }
    }

    private func chance(_ one: Int, in many: Int) -> Bool { Int.random(in: 0..<many, using: &generator) < one }

    // MARK: Time

    private func tick() throws {
        tickNanoseconds = settings.periodNanoseconds / Int64(settings.stepsPerPeriod)
        if chance(1, in: 10) { tickNanoseconds += Int64.random(in: 0...20_000_000, using: &generator) }
        // The loop was busy, or the machine was.
        if chance(1, in: 200) { tickNanoseconds += Int64.random(in: 100_000_000...1_200_000_000, using: &generator) }
        now.monotonicNanoseconds += tickNanoseconds
        now.wallMilliseconds = 1_700_000_000_000 + milliseconds
        makeSound()
        feed.advance(to: now)
        try happen()
        feed.advance(to: now)
        var rounds = 0
        while let due = fanout.nextStepNanoseconds, due <= now.monotonicNanoseconds, rounds < settings.stepsPerPeriod {
            kernel.beginStep()
            fanout.step(now: now.monotonicNanoseconds)
            steps += 1
            rounds += 1
            try checkStep()
        }
        try checkTick()
        for index in peers.indices { letRead(index) }
    }

    // MARK: The stream

    private func addFeed() throws {
        let kbps = [32, 48, 64, 128].randomElement(using: &generator)!
        let stream = TestStream(format: StreamFormat(bitrateKbps: kbps)!, salt: generator.next())
        let epoch = Epoch(using: &generator)
        let format = stream.format
        history.begin(epoch, stream)
        let start = format.frameFloor(Int64.random(in: 0...300_000, using: &generator))
        let ring = try StreamRing(
            path: folder("\(feeds.count).ring"), epoch: epoch, format: format,
            capacityBytes: Int(format.bytes(seconds: settings.burstSeconds + leadSeconds + 30)), startingAt: start)
        feeds.append(
            StreamFeed(
                ring: ring,
                settings: .init(
                    startPosition: start + (chance(1, in: 2) ? format.bytes(seconds: settings.burstSeconds) : 0),
                    resumeBytes: format.bytes(seconds: 1)),
                now: now))
        if chance(3, in: 4) { addTitle(at: start) }
    }

    private func append(to end: StreamPosition) {
        let from = feed.ring.writingPosition
        guard end > from else { return }
        feed.ring.append(Array(history.bytes(feed.epoch, from, end)))
    }

    private func makeSound() {
        guard now.monotonicNanoseconds >= dryUntilNanoseconds, !wantsNewEpoch else { return }
        // The writer does not keep to frames.
        let tail = Int64(chance(1, in: 2) ? 77 : 0)
        append(to: max(feed.clock.live, feed.oldest) + feed.format.bytes(seconds: leadSeconds) + tail)
    }

    private func addTitle(at position: StreamPosition) {
        titles += 1
        let artist = ["Ärzte", "日本", "O'Neill", "Al", "a rather long name of an orchestra"][titles % 5]
        let title = StreamTitle(position: position, text: "\(artist) - piece \(titles)")
        history.addTitle(feed.epoch, title)
        feed.titles.append(title)
    }

    // MARK: Events

    private func happen() throws {
        let perSecond = Int(1_000_000_000 / max(1, tickNanoseconds)) + 1
        if feed.hasBegun, peers.count < crowd, chance(1, in: perSecond / 3 + 1) { try join() }
        if feed.hasBegun, chance(1, in: 12 * perSecond) { try joinRelay() }
        if chance(1, in: 4 * perSecond) { addTitle(at: feed.edge + Int64.random(in: 1...60_000, using: &generator)) }
        if chance(1, in: 15 * perSecond) { rename() }
        if chance(1, in: 40 * perSecond) {
            dryUntilNanoseconds = now.monotonicNanoseconds + Int64.random(in: 1...35, using: &generator) * 1_000_000_000
        }
        if chance(1, in: 120 * perSecond), !wantsNewEpoch {
            // A writer that runs away: what some still need is overwritten.
            append(to: feed.edge + Int64.random(in: 0...feed.ring.capacityBytes, using: &generator))
        }
        if chance(1, in: 60 * perSecond) { wantsNewEpoch = true }
        if wantsNewEpoch, feed.clock.isStarved { try beginEpoch() }
    }

    private func beginEpoch() throws {
        for index in peers.indices { peers[index].witness.titlesChanged() }
        try addFeed()
        wantsNewEpoch = false
        dryUntilNanoseconds = 0
        makeSound()
        feed.advance(to: now)
        kernel.beginStep()
        let relays = peers.filter { $0.kind == .relay }
        fanout.play(feed.source, now: now.monotonicNanoseconds)
        letGo += Int64(relays.count)
        for relay in relays where kernel[relay.fd].closes != 1 { throw failure("a relay was kept over a new epoch") }
        pastChannelBytes += relays.reduce(0) { $0 + channelBytes($1) }
        peers.removeAll { $0.kind == .relay }
        // Another one may follow before everybody is through with the last.
        if chance(1, in: 4) { wantsNewEpoch = true }
    }

    private func rename() {
        guard let title = feed.titles.title(at: feed.live) else { return }
        titles += 1
        let other = StreamTitle(position: title.position, text: "another name \(titles)")
        history.addTitle(feed.epoch, other)
        feed.titles.append(other)
        for index in peers.indices { peers[index].witness.titlesChanged() }
    }

    // MARK: Peers

    private func manner() -> SimulatedPeer.Manner {
        let moment = milliseconds + Int64.random(in: 0...40_000, using: &generator)
        return switch Int.random(in: 0..<10, using: &generator) {
        case 0...3: .healthy
        case 4, 5: .slow(Int.random(in: 50...1_100, using: &generator))
        case 6: .dozing
        case 7: .stalling(atMilliseconds: moment)
        case 8: .deaf
        default:
            .vanishing(atMilliseconds: moment, error: [EPIPE, ECONNRESET, ETIMEDOUT].randomElement(using: &generator)!)
        }
    }

    private func join() throws {
        let manner = manner()
        let fd = kernel.open(isMoody: !manner.isHealthy)
        let name = ListenerName(hexadecimal(generator.next()) + hexadecimal(generator.next()))!
        let interval = [0, 0, 1_000, ICYMetadata.intervalBytes].randomElement(using: &generator)!
        try admit(fd, .listener, manner, name, from: fanout.joinPosition, interval)
    }

    private func joinRelay() throws {
        let manner = manner()
        let fd = kernel.open(isMoody: !manner.isHealthy)
        let position = feed.format.frameFloor(
            Int64.random(in: feed.oldest...max(feed.oldest, feed.edge), using: &generator))
        try admit(fd, .relay, manner, nil, from: max(feed.oldest, position), 0)
    }

    private func admit(
        _ fd: Int32, _ kind: ListenerKind, _ manner: SimulatedPeer.Manner, _ name: ListenerName?,
        from position: StreamPosition, _ interval: Int
    ) throws {
        kernel.beginStep()
        let channel = chance(1, in: 3) ? SimulatedChannel(fd: fd) : nil
        peers.append(
            SimulatedPeer(
                fd: fd, kind: kind, manner: manner, name: name, channel: channel,
                joinedNanoseconds: now.monotonicNanoseconds,
                witness: StreamWitness(
                    start: PositionSegment(sent: 0, position: position, epoch: feed.epoch), interval: interval),
                takenNanoseconds: now.monotonicNanoseconds))
        joined += 1
        fanout.join(
            NewListener(
                fd: fd, kind: kind, from: position, metadataInterval: interval, name: name, channel: channel),
            now: now.monotonicNanoseconds)
        try checkStep()
    }

    private func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private func letRead(_ index: Int) {
        let fd = peers[index].fd
        switch peers[index].manner {
        case .healthy: kernel.read(fd, most: .max)
        case .slow(let thousandths):
            peers[index].allowance +=
                Double(feed.format.byteRate) * Double(tickNanoseconds) / 1e9 * Double(thousandths) / 1_000
            let whole = Int(peers[index].allowance)
            kernel.read(fd, most: whole)
            peers[index].allowance -= Double(whole)
        case .dozing:
            if now.monotonicNanoseconds >= peers[index].turnNanoseconds {
                peers[index].isAwake.toggle()
                peers[index].turnNanoseconds =
                    now.monotonicNanoseconds + Int64.random(in: 500...14_000, using: &generator) * 1_000_000
            }
            if peers[index].isAwake { kernel.read(fd, most: .max) }
        case .stalling(let moment): if milliseconds < moment { kernel.read(fd, most: .max) }
        case .deaf: break
        case .vanishing(let moment, let error):
            if milliseconds < moment { kernel.read(fd, most: .max) } else { kernel[fd].error = error }
        }
    }
}
