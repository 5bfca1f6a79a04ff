import ForeverHTTP

/// Sends runs of the ring through a protected channel, record after record, with a head before them or title blocks between
/// them.
///
/// Where nothing stands between the runs they go to the channel straight from the ring; else they are gathered first, so that
/// a title block of one byte does not become a record of its own. **Cost:** allocates once, when made. **Thread:** one.
final class RecordSender {
    private let record = UnsafeMutableRawBufferPointer.allocate(byteCount: RecordLimits.bytesMax, alignment: 16)

    deinit { record.deallocate() }

    /// Bytes that the channel took for good, head and blocks included; -1 when the peer is gone. Nothing may be pending.
    func send(
        _ channel: any RecordChannel, _ slot: ListenerSlot, _ passage: SlowListenerPolicy.Passage,
        _ source: StreamSource, head: UnsafeRawBufferPointer
    ) -> Int {
        var rest = Rest(icy: slot.icy, first: slot.position, second: passage.secondStart, headBytes: head.count)
        var taken = 0
        while true {
            let bytes = next(&rest, passage, source, head)
            if bytes.isEmpty { return taken }
            switch channel.send(bytes) {
            case .sent: taken += bytes.count
            case .pending: return taken + bytes.count
            // What was sent before counts; that the peer is gone shows again at the next turn.
            case .broken: return taken > 0 ? taken : -1
            }
        }
    }

    /// What is still to be sent of a passage.
    private struct Rest {
        var icy: ICYInterleaver
        var first: StreamPosition
        var second: StreamPosition
        var headBytes: Int
    }

    /// The next record's bytes.
    private func next(
        _ rest: inout Rest, _ passage: SlowListenerPolicy.Passage, _ source: StreamSource,
        _ head: UnsafeRawBufferPointer
    ) -> UnsafeRawBufferPointer {
        if rest.headBytes == 0, !rest.icy.isOn, rest.first == passage.firstEnd {
            let count = Int(max(0, min(Int64(RecordLimits.bytesMax), passage.limit - rest.second)))
            defer { rest.second += Int64(count) }
            return source.ring.bytes(at: rest.second, count: count)
        }
        let list = record
        let window = source.ring.window
        var filled = 0
        if rest.headBytes > 0 {
            filled = min(rest.headBytes, list.count)
            list.copyMemory(from: UnsafeRawBufferPointer(rebasing: head.suffix(rest.headBytes).prefix(filled)))
            rest.headBytes -= filled
        }
        func lay(_ block: UnsafeRawPointer?, _ position: StreamPosition, _ bytes: Int) -> Bool {
            let start = block ?? window.bytes(at: position, count: bytes).baseAddress!
            (list.baseAddress! + filled).copyMemory(from: start, byteCount: bytes)
            filled += bytes
            return true
        }
        var budget = list.count - filled
        rest.first += rest.icy.walk(
            from: rest.first, to: passage.firstEnd, budget: &budget, titles: source.titles, emit: lay)
        if rest.first == passage.firstEnd {
            rest.second += rest.icy.walk(
                from: rest.second, to: passage.limit, budget: &budget, titles: source.titles, emit: lay)
        }
        return UnsafeRawBufferPointer(rebasing: list[..<filled])
    }
}
