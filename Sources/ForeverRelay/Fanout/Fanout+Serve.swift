import ForeverHTTP

/// One connection's turn: what it gets, and what becomes of it.
extension Fanout {
    /// Sends one connection what is due; false when it is to be forgotten.
    func serve(_ slot: inout ListenerSlot, _ reach: Reach, _ now: Int64) -> Bool {
        if slot.sourceSerial != serial, let old = sourceBefore(&slot) {
            // What is left of the stream before plays to its end.
            return give(&slot, Reach(old, settings), upTo: old.edge, now)
        }
        return give(&slot, reach, upTo: slot.kind == .relay ? reach.edge : reach.live, now)
    }

    /// A new connection's first turn, its reply's head first of all.
    func serveFirst(_ slot: inout ListenerSlot, head: UnsafeRawBufferPointer, _ reach: Reach, _ now: Int64) -> Bool {
        give(&slot, reach, upTo: slot.kind == .relay ? reach.edge : reach.live, head: head, now)
    }

    private func give(
        _ slot: inout ListenerSlot, _ reach: Reach, upTo limit: StreamPosition,
        head: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0), _ now: Int64
    ) -> Bool {
        if slot.kind == .relay, slot.position < reach.oldest {
            statistics.droppedStalled += 1
            return false
        }
        let passage = SlowListenerPolicy.passage(
            position: slot.position, oldest: reach.oldest, limit: limit, isOverdue: slot.isOverdue,
            format: reach.source.format)
        guard passage.bytes(from: slot.position) > 0 || head.count > 0 || slot.channel >= 0 else {
            slot.progressNanoseconds = now
            return true
        }
        var taken =
            slot.channel < 0
            ? sender.send(slot, passage, reach.source, head: head)
            : sendProtected(&slot, passage, reach.source, head: head, now)
        if taken >= 0 { taken = taken < head.count ? -1 : taken - head.count }
        if taken < 0 {
            statistics.left += 1
            return false
        }
        statistics.sends += 1
        if taken == 0, head.isEmpty {
            guard reach.policy.isStalled(sinceNanoseconds: slot.progressNanoseconds, now: now) else { return true }
            statistics.droppedStalled += 1
            return false
        }
        account(&slot, taken: taken, passage, reach.source)
        slot.progressNanoseconds = now
        statistics.bytesSent += Int64(taken)
        statistics.lastSendNanoseconds = now
        if slot.kind == .listener {
            slot.isOverdue = reach.policy.isOverdue(position: slot.position, limit: limit)
            countIfHeard(&slot, now)
        }
        return true
    }

    /// The same through a channel: first what is pending of the last record. What a record holds counts as taken when it is
    /// made; whether the peer still takes anything shows in what its kernel took.
    private func sendProtected(
        _ slot: inout ListenerSlot, _ passage: SlowListenerPolicy.Passage, _ source: StreamSource,
        head: UnsafeRawBufferPointer, _ now: Int64
    ) -> Int {
        let channel = channels[slot.channel]
        let before = channel.wireBytes
        let flushed = channel.flush()
        guard flushed != .broken else { return -1 }
        var taken = 0
        if flushed == .sent {
            if passage.bytes(from: slot.position) > 0 || head.count > 0 {
                taken = recordSender.send(channel, slot, passage, source, head: head)
            } else {
                slot.progressNanoseconds = now
            }
        }
        if channel.wireBytes != before { slot.progressNanoseconds = now }
        return taken
    }

    /// The source before, while the connection has something of it to come; else it is moved on to the present one.
    private func sourceBefore(_ slot: inout ListenerSlot) -> StreamSource? {
        if let previous, slot.sourceSerial == serial &- 1, slot.position >= previous.oldest,
            slot.position < previous.edge
        {
            return previous
        }
        slot.icy.leaveTrack()
        boundBuffer(slot.fd, settings.sendBufferBytes(source.format))
        slot.sourceSerial = serial
        slot.position = max(source.oldest, source.format.frameFloor(source.live))
        slot.isOverdue = false
        record(slot, source.epoch)
        leftPrevious()
        return nil
    }

    private func record(_ slot: ListenerSlot, _ epoch: Epoch) {
        guard slot.map >= 0 else { return }
        maps.append(PositionSegment(sent: slot.sentBytes, position: slot.position, epoch: epoch), to: slot.map)
    }

    private func countIfHeard(_ slot: inout ListenerSlot, _ now: Int64) {
        guard !slot.isCounted, now - slot.joinedNanoseconds >= settings.countedAfterSeconds * 1_000_000_000,
            slot.sentBytes >= settings.countedAfterSeconds * source.format.byteRate
        else { return }
        slot.isCounted = true
        statistics.listeners += 1
        statistics.agents[slot.agent] += 1
        statistics.listenersPeak = max(statistics.listenersPeak, statistics.listeners)
    }

    /// Writes down what the kernel took, and the skip when there was one.
    private func account(
        _ slot: inout ListenerSlot, taken: Int, _ passage: SlowListenerPolicy.Passage, _ source: StreamSource
    ) {
        var budget = taken
        let first = slot.icy.walk(
            from: slot.position, to: passage.firstEnd, budget: &budget, titles: source.titles,
            emit: { _, _, _ in true })
        slot.position += first
        slot.sentBytes += first
        openSoundBytes += first
        guard slot.position == passage.firstEnd, budget > 0 else { return }
        let second = slot.icy.walk(
            from: passage.secondStart, to: passage.limit, budget: &budget, titles: source.titles,
            emit: { _, _, _ in true })
        guard second > 0 else { return }
        if passage.isSkip {
            statistics.skips += 1
            statistics.skippedBytes += max(0, passage.secondStart - slot.position)
            slot.position = passage.secondStart
            record(slot, source.epoch)
        }
        slot.position += second
        slot.sentBytes += second
        openSoundBytes += second
    }
}
