/// One subscriber of an event stream: a connection and what waits for it.
final class EventSubscriber: Flushable {
    private unowned let hub: EventStreamHub
    private let loop: EventLoop
    private let transport: any Transport
    private var ticket: AddressTicket?
    private let meter: WireMeter?
    private var registration: Registration?
    private var waiting: [UInt8]
    private var isInFlushList = false
    private var isClosed = false
    /// Since when nothing of what waits was taken; nil while nothing waits.
    private var stalledSince: Int64?

    init(hub: EventStreamHub, loop: EventLoop, connection: DetachedConnection) {
        self.hub = hub
        self.loop = loop
        transport = connection.transport
        ticket = connection.ticket
        meter = connection.meter
        waiting = connection.unsentBytes
    }

    func start() {
        do throws(SystemError) {
            registration = try loop.register(fd: transport.fd, interest: .readable) { [unowned self] in ready($0) }
        } catch {
            close()
        }
    }

    private func ready(_ readiness: Readiness) {
        if readiness.contains(.broken) { return close() }
        if readiness.contains(.readable) {
            // Nothing is expected from a subscriber but that it goes.
            switch transport.read(into: loop.scratch) {
            case .ended, .failed: return close()
            case .moved, .waitReadable, .waitWritable: break
            }
        }
        if readiness.contains(.writable) { flush() }
    }

    func send(_ message: [UInt8]) {
        guard !isClosed else { return }
        // A message alone may be larger than the limit; a second one behind it may not.
        if !waiting.isEmpty && waiting.count + message.count > hub.queueBytesMax { return close(dropped: true) }
        waiting += message
        if !isInFlushList {
            isInFlushList = true
            loop.flushLater(self)
        }
    }

    func flush() {
        isInFlushList = false
        guard !isClosed, let registration else { return }
        var sent = 0
        while sent < waiting.count {
            let result = waiting.withUnsafeBytes { transport.write(UnsafeRawBufferPointer(rebasing: $0[sent...])) }
            guard case .moved(let count) = result else {
                if case .failed = result { return close() }
                break
            }
            sent += count
        }
        waiting.removeFirst(sent)
        stalledSince = waiting.isEmpty ? nil : sent > 0 ? loop.nowNanoseconds : stalledSince ?? loop.nowNanoseconds
        loop.setInterest(registration, waiting.isEmpty ? .readable : [.readable, .writable])
    }

    /// Whether it has taken nothing for so long, though something waits.
    func isStalled(seconds: Double) -> Bool {
        stalledSince.map { Double(loop.nowNanoseconds - $0) >= seconds * 1e9 } ?? false
    }

    func close(dropped: Bool = false) {
        guard !isClosed else { return }
        abandon()
        hub.remove(self, dropped: dropped)
    }

    /// Closes without a word to the hub.
    func abandon() {
        isClosed = true
        if let registration { loop.deregister(registration) }
        registration = nil
        ticket = nil
        meter?.ending(transport.fd)
        transport.close()
    }
}
