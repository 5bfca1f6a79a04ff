import ForeverHTTP
import Glibc

/// One stream to many connections: a table of descriptors and positions, served from the ring in steps.
///
/// In every period each listener is sent once what live moved on by, straight from the mapped ring; the listeners are
/// spread over the period's steps. In steady state a listener costs that one system call: no event, timer, queue,
/// buffer or allocation. That a peer has left shows when a send fails.
///
/// **Thread:** the loop's. The clock is handed in; whoever owns the fan-out calls `step` when `nextStepNanoseconds` has
/// come, with live moved on.
public final class Fanout {
    public let settings: FanoutSettings
    public let maps: PositionMaps
    public internal(set) var statistics = FanoutStatistics()
    /// When the next step is due; nil while nobody is here.
    public private(set) var nextStepNanoseconds: Int64?
    /// What plays.
    public private(set) var source: StreamSource

    private let tables: [ListenerTable]
    private var stepIndex = 0
    /// goes up with every new source
    private(set) var serial: UInt32 = 0
    /// the source before, while some are not through with it
    private(set) var previous: StreamSource?
    private var previousSlots = 0
    /// so many are still to be let go
    private var leaving = 0
    /// what all this is on the wire
    private var wire = WireEstimate()
    /// sound that those who are here have got so far
    var openSoundBytes: Int64 = 0
    /// which of a step's connections was looked at last
    private var lookIndex = 0
    /// where connections are counted by address; one for all of them
    private var addressCounts: AddressCounts?
    let sender = RunSender()
    let channels = ChannelTable()
    private(set) lazy var recordSender = RecordSender()

    /// Position maps may be shared with other fan-outs.
    public init(
        source: StreamSource, settings: FanoutSettings = FanoutSettings(), maps: PositionMaps = PositionMaps()
    ) {
        self.source = source
        self.settings = settings
        self.maps = maps
        tables = (0..<settings.stepsPerPeriod).map { _ in ListenerTable() }
    }

    deinit {
        for table in tables { for index in 0..<table.count { release(table.slots[index]) } }
    }

    /// All connections, of listeners and relays.
    public var connectionCount: Int { statistics.allConnections }

    /// Where a listener that comes now begins: the burst before live, at a frame's start.
    public var joinPosition: StreamPosition {
        let burst = source.format.bytes(seconds: settings.burstSeconds)
        return max(source.oldest, source.format.frameFloor(max(0, source.live - burst)))
    }

    // MARK: Coming and going

    /// Takes over a connection and sends it what is left of its reply's head and the burst, in one call.
    public func join(_ new: NewListener, now: Int64) {
        boundBuffer(
            new.fd,
            new.kind == .relay
                ? Int32(clamping: source.ring.capacityBytes) : settings.sendBufferBytes(source.format))
        var slot = ListenerSlot(
            fd: new.fd, kind: new.kind, sourceSerial: serial, position: new.position, joinedNanoseconds: now,
            progressNanoseconds: now, icy: ICYInterleaver(intervalBytes: new.metadataInterval))
        slot.agent = new.agent
        if let channel = new.channel { slot.channel = channels.add(channel) }
        if let name = new.name {
            slot.map = maps.open(name, PositionSegment(sent: 0, position: new.position, epoch: source.epoch), now: now)
        }
        if let place = new.place {
            precondition(addressCounts == nil || addressCounts === place.counts, "one count of addresses")
            addressCounts = place.counts
            slot.addressNumber = place.number
        }
        slot.owner = new.owner
        statistics.joined += 1
        if new.kind == .relay { statistics.relays += 1 } else { statistics.connections += 1 }
        let isServed = new.head.withUnsafeBytes { serveFirst(&slot, head: $0, Reach(source, settings), now) }
        guard isServed else { return forget(slot, now) }
        // The emptiest step, of these the last to come.
        var best = stepIndex
        for offset in 0..<tables.count {
            let index = (stepIndex + offset) % tables.count
            if tables[index].count <= tables[best].count { best = index }
        }
        tables[best].append(slot)
        if nextStepNanoseconds == nil { nextStepNanoseconds = now + settings.stepNanoseconds }
    }

    /// Closes a connection that came too late to be served.
    func refuse(_ new: NewListener) {
        if let place = new.place { place.counts.give(place.number) }
        statistics.joined += 1
        statistics.left += 1
        if let channel = new.channel { channel.close() } else { close(new.fd) }
    }

    /// What the kernel may hold for a connection.
    func boundBuffer(_ fd: Int32, _ bytes: Int32) {
        var bytes = bytes
        _ = setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Serves those whose turn it is and says when the next step is due.
    public func step(now: Int64) {
        let table = tables[stepIndex]
        stepIndex = (stepIndex + 1) % tables.count
        let reach = Reach(source, settings)
        var index = table.count - 1
        while index >= 0 {
            if !serve(&table.slots[index], reach, now) {
                forget(table.slots[index], now)
                table.remove(at: index)
            }
            index -= 1
        }
        if leaving > 0 { letGo(from: table, now) }
        look(at: table)
        guard connectionCount > 0 else {
            nextStepNanoseconds = nil
            return
        }
        // Steps keep their rhythm; after a long sleep they do not run to catch up.
        let due = (nextStepNanoseconds ?? now) + settings.stepNanoseconds
        nextStepNanoseconds = due < now - settings.periodNanoseconds ? now + settings.stepNanoseconds : due
    }

    /// Lets another stream play: everybody gets what the old one holds, then goes on at the new one's live edge.
    ///
    /// Relays are let go: they come again and learn the new epoch from the reply.
    public func play(_ next: StreamSource, now: Int64) {
        forgetAll(now) { $0.kind == .relay }
        // Those still on the source before this one go straight to the new one.
        previous = statistics.connections > 0 ? source : nil
        previousSlots = statistics.connections
        serial &+= 1
        source = next
    }

    /// Lets so many listeners go within the next period, each after a whole frame. Asked again before that, it is `count`
    /// in all. Relays stay: they have sound in store, and lose nothing when the end comes.
    public func letGo(_ count: Int) { leaving = count }

    private func letGo(from table: ListenerTable, _ now: Int64) {
        var index = table.count - 1
        while index >= 0, leaving > 0 {
            let slot = table.slots[index]
            let isBetweenFrames = slot.sourceSerial != serial || isAtFrame(slot)
            if slot.kind == .listener, isBetweenFrames {
                leaving -= 1
                statistics.letGo += 1
                forget(slot, now)
                table.remove(at: index)
            }
            index -= 1
        }
    }

    /// Looks at one connection of those that were just served: in every second a few, however many there are.
    private func look(at table: ListenerTable) {
        if table.count > 0 {
            lookIndex = (lookIndex + 1) % table.count
            let slot = table.slots[lookIndex]
            if let traffic = WireTraffic(fd: slot.fd) { wire.looked(soundBytes: slot.sentBytes, traffic) }
        }
        statistics.wire = wire.total(openSoundBytes: openSoundBytes)
    }

    /// Whether what the peer has, or what of it is on its way, ends with a whole frame.
    private func isAtFrame(_ slot: ListenerSlot) -> Bool {
        guard source.format.frameFloor(slot.position) == slot.position else { return false }
        return slot.channel < 0 || channels[slot.channel].pendingBytes == 0
    }

    /// Closes a relay's connections; without one, those of all relays.
    public func cut(_ owner: RelayTag?, now: Int64) {
        forgetAll(now) { $0.kind == .relay && (owner == nil || $0.owner == owner) }
    }

    /// Closes every connection.
    public func closeAll(now: Int64) {
        forgetAll(now) { _ in true }
        nextStepNanoseconds = nil
    }

    private func forgetAll(_ now: Int64, where isMeant: (ListenerSlot) -> Bool) {
        for table in tables {
            var index = table.count - 1
            while index >= 0 {
                if isMeant(table.slots[index]) {
                    forget(table.slots[index], now)
                    table.remove(at: index)
                }
                index -= 1
            }
        }
    }

    private func forget(_ slot: ListenerSlot, _ now: Int64) {
        openSoundBytes -= slot.sentBytes
        wire.ended(soundBytes: slot.sentBytes, WireTraffic(fd: slot.fd, isEnding: true))
        statistics.wire = wire.total(openSoundBytes: openSoundBytes)
        release(slot)
        if slot.kind == .relay { statistics.relays -= 1 } else { statistics.connections -= 1 }
        if slot.isCounted {
            statistics.listeners -= 1
            statistics.agents[slot.agent] -= 1
        }
        if slot.map >= 0 { maps.close(slot.map, now: now) }
        if slot.sourceSerial != serial { leftPrevious() }
    }

    /// Gives back what a connection holds outside its slot.
    private func release(_ slot: ListenerSlot) {
        if slot.channel >= 0 { channels.close(slot.channel) } else { close(slot.fd) }
        if slot.addressNumber >= 0 { addressCounts?.give(slot.addressNumber) }
    }

    func leftPrevious() {
        previousSlots -= 1
        if previousSlots <= 0 { previous = nil }
    }
}
