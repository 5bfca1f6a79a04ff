import ForeverRelay

extension FanoutSimulation {
    /// What must hold after every step.
    func checkStep() throws {
        if let complaint = kernel.complaints.first { throw failure(complaint) }
        try checkPeers()
        try checkStatistics()
    }

    func checkEnd() throws {
        try checkPeers(all: true)
        try checkStatistics()
        guard fanout.connectionCount == 0, fanout.nextStepNanoseconds == nil else {
            throw failure("somebody is left after closing all")
        }
    }

    // MARK: Each connection

    /// Of each epoch so far, where it ended and what is left of it.
    private var endings: [Epoch: StreamWitness.Ending] {
        var endings: [Epoch: StreamWitness.Ending] = [:]
        for (age, feed) in feeds.reversed().enumerated() {
            // Who is two epochs behind goes straight to the one that plays.
            endings[feed.epoch] = .init(edge: feed.edge, oldest: age >= 2 ? .max : feed.oldest)
        }
        return endings
    }

    private func checkPeers(all: Bool = false) throws {
        let endings = self.endings
        for index in peers.indices.reversed() {
            let fd = peers[index].fd
            let socket = kernel[fd]
            let isClosed = socket.closes > 0
            guard all || isClosed || socket.sendsInStep > 0 || !socket.fresh.isEmpty else { continue }
            try checkSocket(index, socket)
            try checkBytes(index, endings)
            if socket.sendsInStep > 0, !isClosed, peers[index].manner.isHealthy { try checkIsCurrent(index) }
            guard isClosed else { continue }
            if !all { try checkMayGo(index, socket) }
            pastSkips += peers[index].witness.skips
            pastSkippedBytes += peers[index].witness.skippedBytes
            pastChannelBytes += channelBytes(peers[index])
            peers.remove(at: index)
        }
    }

    private func checkSocket(_ index: Int, _ socket: SimulatedKernel.Socket) throws {
        // Each record of a protected one is a send, and it is seen to be full only when one was tried in vain.
        guard socket.sendsInStep <= 1 || peers[index].channel != nil else {
            throw failure("\(socket.sendsInStep) sends for one turn")
        }
        if let complaint = peers[index].channel?.complaint { throw failure("\(describe(index)): \(complaint)") }
        guard socket.bufferWasSet else { throw failure("the kernel's buffer was not bounded") }
    }

    private func checkBytes(_ index: Int, _ endings: [Epoch: StreamWitness.Ending]) throws {
        var bytes = kernel.takeFresh(peers[index].fd)
        if !bytes.isEmpty { peers[index].takenNanoseconds = now.monotonicNanoseconds }
        if let channel = peers[index].channel {
            guard channel.accepts(arrived: bytes) else { throw failure("\(describe(index)): a record arrives changed") }
            // What a channel has taken is the peer's, though some of it is still to arrive.
            bytes = channel.takeFresh()
            if !bytes.isEmpty { peers[index].takenNanoseconds = now.monotonicNanoseconds }
        }
        var recorded: [PositionSegment]?
        if let name = peers[index].name {
            guard case .segments(let segments) = fanout.maps.answer(name, now: now.monotonicNanoseconds) else {
                throw failure("no map for \(describe(index))")
            }
            recorded = segments
        }
        let byteRateMin = feeds.suffix(3).map(\.format.byteRate).min()!
        let wrong = peers[index].witness.take(
            bytes, recorded: recorded, burstBytes: Int64(Double(byteRateMin) * settings.burstSeconds),
            endings: endings, history: &history)
        if let wrong { throw failure("\(describe(index)): \(wrong)") }
    }

    /// As far as one may read.
    private func due(_ kind: ListenerKind) -> StreamPosition {
        kind == .relay ? feed.edge : feed.format.frameFloor(feed.live)
    }

    /// A healthy listener has, once served, everything that is live; a relay everything that is mixed.
    private func checkIsCurrent(_ index: Int) throws {
        let witness = peers[index].witness
        guard witness.epoch == feed.epoch else { return }
        let due = due(peers[index].kind)
        // What it read may have been sent in the same tick, so that its buffer is full.
        let socket = kernel[peers[index].fd]
        if socket.bufferedBytes == socket.capacityBytes { return }
        guard witness.position >= due else {
            throw failure("\(describe(index)) is \(due - witness.position) bytes behind though it reads everything")
        }
    }

    /// Whether there was a reason to let a connection go.
    private func checkMayGo(_ index: Int, _ socket: SimulatedKernel.Socket) throws {
        if socket.errorWasTold { return }
        let peer = peers[index]
        if peer.kind == .relay, peer.witness.position < feed.oldest { return }
        guard now.monotonicNanoseconds - peer.takenNanoseconds >= settings.stalledSecondsMax * 1_000_000_000 else {
            throw failure("\(describe(index)) was let go without a reason")
        }
    }

    func describe(_ index: Int) -> String {
        let witness = peers[index].witness
        let segments = witness.segments.map { "\($0.sent):\($0.position)@\($0.epoch)" }.joined(separator: " ")
        let stream =
            "live \(feed.live), held \(feed.oldest)-\(feed.edge) of \(feed.epoch), \(feed.format.bitrateKbps) kbit/s"
        return """
            \(peers[index].kind) \(index) (\(peers[index].manner), titles every \(witness.interval), \
            at \(witness.position), map \(segments); \(stream))
            """
    }

    // MARK: Once a tick

    /// Nobody who reads is behind, nobody who does not is kept.
    func checkTick() throws {
        let step = settings.periodNanoseconds / Int64(settings.stepsPerPeriod)
        // After a sleep longer than a period, steps do not run to catch up: it takes a period until all were served.
        if tickNanoseconds > settings.periodNanoseconds {
            lateNanoseconds += tickNanoseconds
            lateUntilNanoseconds = now.monotonicNanoseconds + settings.periodNanoseconds + 2 * step
        } else if now.monotonicNanoseconds > lateUntilNanoseconds {
            lateNanoseconds = 0
        }
        let round = settings.periodNanoseconds + 2 * step + tickNanoseconds + lateNanoseconds
        let patience = settings.stalledSecondsMax * 1_000_000_000 + round
        let lagMax = feed.format.bytes(nanoseconds: round) + 2 * feed.format.frameBytes
        let endings = self.endings
        for index in peers.indices {
            // Who went on to another epoch may have got nothing of it yet.
            if peers[index].witness.epoch != feed.epoch { try checkBytes(index, endings) }
            let peer = peers[index]
            // Before the oldest byte there is nothing for it either, while live stands there.
            let place = max(peer.witness.position, feed.oldest)
            if peer.witness.epoch == feed.epoch, place >= due(peer.kind) {
                peers[index].calmNanoseconds = now.monotonicNanoseconds
                continue
            }
            let quiet = now.monotonicNanoseconds - max(peer.takenNanoseconds, peer.calmNanoseconds)
            if quiet > patience {
                throw failure("\(describe(index)) is kept, stalled for \(quiet / 1_000_000) ms")
            }
            guard peer.manner.isHealthy, peer.kind == .listener, peer.witness.epoch == feed.epoch else { continue }
            let lag = feed.live - peer.witness.position
            if lag > lagMax, peer.witness.position >= feed.oldest {
                throw failure("\(describe(index)) is \(lag) bytes behind live, at most \(lagMax) are right")
            }
        }
    }

    // MARK: Sums

    /// What a channel has taken more than its kernel; less than nothing, since records have heads.
    func channelBytes(_ peer: SimulatedPeer) -> Int64 {
        peer.channel.map { $0.takenBytes - $0.wireBytes } ?? 0
    }

    private func checkStatistics() throws {
        let statistics = fanout.statistics
        let open = Int64(statistics.connections + statistics.relays)
        let sum = open + statistics.left + statistics.droppedStalled + letGo
        guard statistics.joined == joined, joined == sum else {
            throw failure("\(joined) joined, \(sum) are accounted for: \(statistics)")
        }
        guard open == Int64(peers.count) else { throw failure("\(open) connections, \(peers.count) peers") }
        let taken = kernel.takenBytes + peers.reduce(pastChannelBytes) { $0 + channelBytes($1) }
        guard statistics.bytesSent == taken else {
            throw failure("\(statistics.bytesSent) bytes counted, \(taken) taken")
        }
        let skips = peers.reduce(pastSkips) { $0 + $1.witness.skips }
        let skipped = peers.reduce(pastSkippedBytes) { $0 + $1.witness.skippedBytes }
        guard statistics.skips == skips, statistics.skippedBytes == skipped else {
            throw failure(
                "\(statistics.skips) skips of \(statistics.skippedBytes) counted, seen \(skips) of \(skipped)")
        }
        guard statistics.listeners <= statistics.connections, statistics.listenersPeak >= statistics.listeners else {
            throw failure("listeners do not add up: \(statistics)")
        }
    }
}
