import Glibc

/// One stream to many connections: a table of descriptors and positions, served from the ring in steps.
///
/// In every period each listener is sent once what live moved on by, straight from the mapped ring; the listeners are
/// spread over the period's steps. In steady state a listener costs that one system call: no event, timer, queue,
/// buffer or allocation. That a peer has left shows when a send fails.
///
/// **Thread:** the loop's. The clock is handed in; whoever owns the fan-out calls `step` when `nextStepNanoseconds` has
/// come, having advanced the feed.
public final class Fanout {
    public let settings: FanoutSettings
    public let maps = PositionMaps()
    public private(set) var statistics = FanoutStatistics()
    /// When the next step is due; nil while nobody is here.
    public private(set) var nextStepNanoseconds: Int64?
    /// What plays.
    public private(set) var feed: StreamFeed

    private let tables: [ListenerTable]
    private var stepIndex = 0
    private var policy: SlowListenerPolicy
    /// goes up with every new feed
    private var serial: UInt32 = 0
    /// the feed before, while some are not through with it
    private var previous: StreamFeed?
    private var previousSlots = 0
    private let vectors: UnsafeMutableBufferPointer<iovec>
    /// 256 runs are 1 MB of sound with titles, more than any kernel takes at once
    private static let vectorsMax = 256

    public init(feed: StreamFeed, settings: FanoutSettings = FanoutSettings()) {
        self.feed = feed
        self.settings = settings
        tables = (0..<settings.stepsPerPeriod).map { _ in ListenerTable() }
        policy = Self.policy(settings, feed.format)
        vectors = .allocate(capacity: Self.vectorsMax)
    }

    deinit {
        vectors.deallocate()
        for table in tables { for index in 0..<table.count { close(table.slots[index].fd) } }
    }

    private static func policy(_ settings: FanoutSettings, _ format: StreamFormat) -> SlowListenerPolicy {
        SlowListenerPolicy(
            burstBytes: format.bytes(seconds: settings.burstSeconds),
            stalledNanosecondsMax: settings.stalledSecondsMax * 1_000_000_000)
    }

    /// All connections, of listeners and relays.
    public var connectionCount: Int { statistics.connections + statistics.relays }

    /// Where a listener that comes now begins: the burst before live, at a frame's start.
    public var joinPosition: StreamPosition {
        max(feed.oldest, feed.format.frameFloor(max(0, feed.live - policy.burstBytes)))
    }

    // MARK: Coming and going

    /// Takes over a connection whose reply head is sent, and sends it the burst.
    ///
    /// - fd: a non-blocking stream socket, closed here from now on
    /// - position: the first byte it gets, between `oldest` and the edge
    public func join(
        fd: Int32, kind: ListenerKind, from position: StreamPosition, metadataInterval: Int = 0,
        name: ListenerName? = nil, now: Int64
    ) {
        boundBuffer(
            fd, kind == .relay ? Int32(clamping: feed.ring.capacityBytes) : settings.sendBufferBytes(feed.format))
        var slot = ListenerSlot(
            fd: fd, kind: kind, feedSerial: serial, position: position, joinedNanoseconds: now,
            progressNanoseconds: now, icy: ICYInterleaver(intervalBytes: metadataInterval))
        if let name {
            slot.map = maps.open(name, PositionSegment(sent: 0, position: position, epoch: feed.epoch), now: now)
        }
        statistics.joined += 1
        if kind == .relay { statistics.relays += 1 } else { statistics.connections += 1 }
        guard serve(&slot, now) else { return forget(slot, now) }
        // The emptiest step, of these the last to come.
        var best = stepIndex
        for offset in 0..<tables.count {
            let index = (stepIndex + offset) % tables.count
            if tables[index].count <= tables[best].count { best = index }
        }
        tables[best].append(slot)
        if nextStepNanoseconds == nil { nextStepNanoseconds = now + settings.stepNanoseconds }
    }

    private func boundBuffer(_ fd: Int32, _ bytes: Int32) {
        var bytes = bytes
        _ = setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Serves those whose turn it is and says when the next step is due.
    public func step(now: Int64) {
        let table = tables[stepIndex]
        stepIndex = (stepIndex + 1) % tables.count
        var index = table.count - 1
        while index >= 0 {
            if !serve(&table.slots[index], now) {
                forget(table.slots[index], now)
                table.remove(at: index)
            }
            index -= 1
        }
        guard connectionCount > 0 else {
            nextStepNanoseconds = nil
            return
        }
        // Steps keep their rhythm; after a long sleep they do not run to catch up.
        let due = (nextStepNanoseconds ?? now) + settings.stepNanoseconds
        nextStepNanoseconds = due < now - settings.periodNanoseconds ? now + settings.stepNanoseconds : due
    }

    /// Lets another feed play: everybody gets what the old one holds, then goes on at the new one's live edge.
    ///
    /// Relays are let go: they come again and learn the new epoch from the reply.
    public func play(_ next: StreamFeed, now: Int64) {
        for table in tables {
            var index = table.count - 1
            while index >= 0 {
                if table.slots[index].kind == .relay {
                    forget(table.slots[index], now)
                    table.remove(at: index)
                }
                index -= 1
            }
        }
        // Those still on the feed before this one go straight to the new one.
        previous = statistics.connections > 0 ? feed : nil
        previousSlots = statistics.connections
        serial &+= 1
        feed = next
        policy = Self.policy(settings, next.format)
    }

    /// Closes every connection.
    public func closeAll(now: Int64) {
        for table in tables {
            while table.count > 0 {
                forget(table.slots[table.count - 1], now)
                table.remove(at: table.count - 1)
            }
        }
        nextStepNanoseconds = nil
    }

    private func forget(_ slot: ListenerSlot, _ now: Int64) {
        close(slot.fd)
        if slot.kind == .relay { statistics.relays -= 1 } else { statistics.connections -= 1 }
        if slot.isCounted { statistics.listeners -= 1 }
        if slot.map >= 0 { maps.close(slot.map, now: now) }
        if slot.feedSerial != serial { leftPrevious() }
    }

    private func leftPrevious() {
        previousSlots -= 1
        if previousSlots <= 0 { previous = nil }
    }

    // MARK: Sending

    /// Sends one connection what is due; false when it is to be forgotten.
    private func serve(_ slot: inout ListenerSlot, _ now: Int64) -> Bool {
        let feed = feedOf(&slot)
        // Whole frames only: whoever leaves between two sends has no torn one.
        let limit = slot.kind == .relay || feed !== self.feed ? feed.edge : feed.format.frameFloor(feed.live)
        let oldest = feed.oldest
        if slot.kind == .relay, slot.position < oldest {
            statistics.droppedStalled += 1
            return false
        }
        let passage = SlowListenerPolicy.passage(
            position: slot.position, oldest: oldest, limit: limit, isOverdue: slot.isOverdue, format: feed.format)
        let offered = passage.firstEnd - slot.position + passage.limit - passage.secondStart
        guard offered > 0 else {
            slot.progressNanoseconds = now
            return true
        }
        let taken =
            slot.icy.isOn
            ? sendInterleaved(slot, passage, feed) : sendPlain(slot, passage, feed)
        if taken < 0 {
            statistics.left += 1
            return false
        }
        statistics.sends += 1
        if taken == 0 {
            guard policy.isStalled(sinceNanoseconds: slot.progressNanoseconds, now: now) else { return true }
            statistics.droppedStalled += 1
            return false
        }
        account(&slot, taken: taken, passage, feed)
        slot.progressNanoseconds = now
        statistics.bytesSent += Int64(taken)
        statistics.lastSendNanoseconds = now
        if slot.kind == .listener {
            slot.isOverdue = policy.isOverdue(position: slot.position, limit: limit)
            countIfHeard(&slot, now)
        }
        return true
    }

    /// The feed a connection's position belongs to; moves it on when it is through with the one before.
    private func feedOf(_ slot: inout ListenerSlot) -> StreamFeed {
        if slot.feedSerial == serial { return feed }
        if let previous, slot.feedSerial == serial &- 1, slot.position >= previous.oldest,
            slot.position < previous.edge
        {
            return previous
        }
        slot.feedSerial = serial
        slot.position = max(feed.oldest, feed.format.frameFloor(feed.live))
        slot.isOverdue = false
        slot.icy.leaveTrack()
        boundBuffer(slot.fd, settings.sendBufferBytes(feed.format))
        record(slot, feed.epoch)
        leftPrevious()
        return feed
    }

    private func record(_ slot: ListenerSlot, _ epoch: Epoch) {
        guard slot.map >= 0 else { return }
        maps.append(PositionSegment(sent: slot.sentBytes, position: slot.position, epoch: epoch), to: slot.map)
    }

    private func countIfHeard(_ slot: inout ListenerSlot, _ now: Int64) {
        guard !slot.isCounted, now - slot.joinedNanoseconds >= settings.countedAfterSeconds * 1_000_000_000,
            slot.sentBytes >= settings.countedAfterSeconds * feed.format.byteRate
        else { return }
        slot.isCounted = true
        statistics.listeners += 1
        statistics.listenersPeak = max(statistics.listenersPeak, statistics.listeners)
    }

    /// Writes down what the kernel took, and the skip when there was one.
    private func account(
        _ slot: inout ListenerSlot, taken: Int, _ passage: SlowListenerPolicy.Passage, _ feed: StreamFeed
    ) {
        var budget = taken
        let first = slot.icy.walk(
            from: slot.position, to: passage.firstEnd, budget: &budget, titles: feed.titles,
            emit: { _, _, _ in true })
        slot.position += first
        slot.sentBytes += first
        guard slot.position == passage.firstEnd, budget > 0 else { return }
        let second = slot.icy.walk(
            from: passage.secondStart, to: passage.limit, budget: &budget, titles: feed.titles,
            emit: { _, _, _ in true })
        guard second > 0 else { return }
        if passage.isSkip {
            statistics.skips += 1
            statistics.skippedBytes += max(0, passage.secondStart - slot.position)
            slot.position = passage.secondStart
            record(slot, feed.epoch)
        }
        slot.position += second
        slot.sentBytes += second
    }

    /// Bytes that the kernel took, 0 for none, -1 when the peer is gone.
    private func sendPlain(_ slot: ListenerSlot, _ passage: SlowListenerPolicy.Passage, _ feed: StreamFeed) -> Int {
        if passage.isSkip, passage.firstEnd > slot.position { return sendInterleaved(slot, passage, feed) }
        let bytes = feed.ring.bytes(at: passage.secondStart, count: Int(passage.limit - passage.secondStart))
        while true {
            let taken = send(slot.fd, bytes.baseAddress, bytes.count, Self.flags)
            if let result = Self.outcome(taken) { return result }
        }
    }

    /// The same with title blocks in between, or in two runs: one system call over a list of runs.
    private func sendInterleaved(
        _ slot: ListenerSlot, _ passage: SlowListenerPolicy.Passage, _ feed: StreamFeed
    ) -> Int {
        let list = vectors
        let ring = feed.ring
        var count = 0
        var state = slot.icy
        var budget = Int.max
        func lay(_ block: UnsafeRawPointer?, _ position: StreamPosition, _ bytes: Int) -> Bool {
            guard count < Self.vectorsMax else { return false }
            let start = block ?? ring.bytes(at: position, count: bytes).baseAddress
            list[count] = iovec(iov_base: UnsafeMutableRawPointer(mutating: start), iov_len: bytes)
            count += 1
            return true
        }
        _ = state.walk(
            from: slot.position, to: passage.firstEnd, budget: &budget, titles: feed.titles, emit: lay)
        _ = state.walk(
            from: passage.secondStart, to: passage.limit, budget: &budget, titles: feed.titles, emit: lay)
        var message = msghdr()
        message.msg_iov = list.baseAddress
        message.msg_iovlen = count
        while true {
            let taken = sendmsg(slot.fd, &message, Self.flags)
            if let result = Self.outcome(taken) { return result }
        }
    }

    private static let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)

    private static func outcome(_ taken: Int) -> Int? {
        if taken >= 0 { return taken }
        switch errno {
        case EINTR: return nil
        case EAGAIN, EWOULDBLOCK, ENOBUFS: return 0
        default: return -1
        }
    }
}
