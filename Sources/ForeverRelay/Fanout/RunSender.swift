import Glibc

/// Sends runs of the ring, with a head before them or title blocks between them, in one system call.
///
/// **Cost:** allocates once, when made. **Thread:** one.
final class RunSender {
    /// 256 runs are 1 MB of sound with titles, more than any kernel takes at once
    private static let runsMax = 256
    private static let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
    private let runs = UnsafeMutableBufferPointer<iovec>.allocate(capacity: runsMax)

    deinit { runs.deallocate() }

    /// Bytes that the kernel took, head and blocks included; 0 for none now, -1 when the peer is gone.
    func send(
        _ slot: ListenerSlot, _ passage: SlowListenerPolicy.Passage, _ source: StreamSource,
        head: UnsafeRawBufferPointer
    ) -> Int {
        if head.isEmpty, !slot.icy.isOn, !passage.isSkip || passage.firstEnd == slot.position {
            return sendOne(slot.fd, source.ring.bytes(at: passage.secondStart, count: Int(passage.secondBytes)))
        }
        // Neither of these is counted when the closure below takes it along.
        let list = runs
        let window = source.ring.window
        var count = 0
        if !head.isEmpty {
            list[0] = iovec(iov_base: UnsafeMutableRawPointer(mutating: head.baseAddress), iov_len: head.count)
            count = 1
        }
        var state = slot.icy
        var budget = Int.max
        func lay(_ block: UnsafeRawPointer?, _ position: StreamPosition, _ bytes: Int) -> Bool {
            guard count < Self.runsMax else { return false }
            let start = block ?? window.bytes(at: position, count: bytes).baseAddress
            list[count] = iovec(iov_base: UnsafeMutableRawPointer(mutating: start), iov_len: bytes)
            count += 1
            return true
        }
        _ = state.walk(
            from: slot.position, to: passage.firstEnd, budget: &budget, titles: source.titles, emit: lay)
        _ = state.walk(
            from: passage.secondStart, to: passage.limit, budget: &budget, titles: source.titles, emit: lay)
        var message = msghdr()
        message.msg_iov = list.baseAddress
        message.msg_iovlen = count
        while true {
            let taken = sendmsg(slot.fd, &message, Self.flags)
            if let result = Self.outcome(taken) { return result }
        }
    }

    private func sendOne(_ fd: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        while true {
            let taken = Glibc.send(fd, bytes.baseAddress, bytes.count, Self.flags)
            if let result = Self.outcome(taken) { return result }
        }
    }

    /// nil for: again.
    private static func outcome(_ taken: Int) -> Int? {
        if taken >= 0 { return taken }
        switch errno {
        case EINTR: return nil
        // The kernel is short of memory: nobody is let go for that.
        case EAGAIN, EWOULDBLOCK, ENOBUFS, ENOMEM: return 0
        default: return -1
        }
    }
}
