/// Server-sent events to any number of subscribers. **Thread:** the loop's.
///
/// A new subscriber first gets the last message of every event name that keeps one, in the order of their names'
/// first use. Messages of one turn leave in one write per subscriber; who does not take them in time is dropped and
/// will, being a browser's EventSource, come back.
public final class EventStreamHub {
    /// What waits for one subscriber at most: a few timelines of some 20 kB.
    public let queueBytesMax: Int
    /// Subscribers in all; one more is closed at once.
    public let subscribersMax: Int
    /// Without taking a byte of what waits; looked at with each heartbeat.
    public let stallSecondsMax: Double
    private let loop: EventLoop
    private let heartbeat: Duration
    private var heartbeatTimer: TimerID?
    private var subscribers: [ObjectIdentifier: EventSubscriber] = [:]
    private var kept: [(event: String, message: [UInt8])] = []
    /// Subscribers dropped because they did not read.
    public private(set) var droppedCount = 0

    /// The heartbeat is a comment line that keeps proxies from closing a quiet connection.
    public init(
        loop: EventLoop, heartbeat: Duration = .seconds(15), queueBytesMax: Int = 262_144, subscribersMax: Int = 10_000,
        stallSecondsMax: Double = 20
    ) {
        self.loop = loop
        self.heartbeat = heartbeat
        self.queueBytesMax = queueBytesMax
        self.subscribersMax = subscribersMax
        self.stallSecondsMax = stallSecondsMax
    }

    deinit {
        if let heartbeatTimer { loop.cancel(heartbeatTimer) }
        for subscriber in subscribers.values { subscriber.abandon() }
    }

    public var subscriberCount: Int { subscribers.count }

    /// Sends a message to every subscriber; `keeping` it, later ones get it first thing.
    public func broadcast(event: String, data: [UInt8], keeping: Bool = true) {
        let message = Self.message(event: event, data: data)
        if keeping {
            if let index = kept.firstIndex(where: { $0.event == event }) {
                kept[index].message = message
            } else {
                kept.append((event, message))
            }
        }
        send(message)
    }

    public func broadcast(event: String, data: String, keeping: Bool = true) {
        broadcast(event: event, data: Array(data.utf8), keeping: keeping)
    }

    /// The wire form: lines of data are prefixed each, whatever ends them.
    package static func message(event: String, data: [UInt8]) -> [UInt8] {
        var bytes = Array("event: ".utf8)
        bytes += event.utf8.filter { $0 != ByteClass.lineFeed && $0 != ByteClass.carriageReturn }
        bytes += "\ndata: ".utf8
        var previous: UInt8 = 0
        for byte in data {
            if byte == ByteClass.lineFeed || byte == ByteClass.carriageReturn {
                if !(byte == ByteClass.lineFeed && previous == ByteClass.carriageReturn) { bytes += "\ndata: ".utf8 }
            } else {
                bytes.append(byte)
            }
            previous = byte
        }
        bytes += "\n\n".utf8
        return bytes
    }

    /// Closes every subscriber.
    public func stop() {
        for subscriber in Array(subscribers.values) { subscriber.close() }
    }

    /// Takes over a connection whose reply's head has been sent.
    public func add(_ connection: DetachedConnection) {
        guard subscribers.count < subscribersMax else { return connection.transport.close() }
        let subscriber = EventSubscriber(hub: self, loop: loop, connection: connection)
        subscribers[ObjectIdentifier(subscriber)] = subscriber
        subscriber.start()
        // A comment first, so that the browser knows at once that the stream is open.
        subscriber.send(Array(": welcome\n\n".utf8))
        for (_, message) in kept { subscriber.send(message) }
        armHeartbeat()
    }

    func remove(_ subscriber: EventSubscriber, dropped: Bool) {
        guard let held = subscribers.removeValue(forKey: ObjectIdentifier(subscriber)) else { return }
        if dropped { droppedCount += 1 }
        loop.afterSockets { withExtendedLifetime(held) {} }
        if subscribers.isEmpty, let timer = heartbeatTimer {
            loop.cancel(timer)
            heartbeatTimer = nil
        }
    }

    private func send(_ message: [UInt8]) {
        for subscriber in Array(subscribers.values) { subscriber.send(message) }
    }

    private func armHeartbeat() {
        guard heartbeatTimer == nil, !subscribers.isEmpty else { return }
        heartbeatTimer = loop.schedule(after: heartbeat) { [unowned self] in
            heartbeatTimer = nil
            for subscriber in Array(subscribers.values) where subscriber.isStalled(seconds: stallSecondsMax) {
                subscriber.close(dropped: true)
            }
            send(Array(": still here\n\n".utf8))
            armHeartbeat()
        }
    }

    /// The fields an event stream's head must have.
    func completed(_ response: Response) -> Response {
        var response = response
        response.headers["Content-Type"] = "text/event-stream"
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Accel-Buffering"] = "no"
        return response
    }
}
