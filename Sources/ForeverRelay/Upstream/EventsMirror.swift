import ForeverHTTP

/// Hands the root's `/events` on as they are, and keeps its timeline for `/all.json` and for titles.
///
/// One subscription, at whoever the stream is pulled from, whatever number of pages here. **Thread:** the loop's.
public final class EventsMirror {
    /// The root sends at least a heartbeat every 15 s.
    public static let silenceSecondsMax: Int64 = 40

    private let service: StreamService
    private let client: HTTPClient
    private let root: HTTPAddress
    private var source: HTTPAddress
    private var generator: any RandomNumberGenerator
    private var request: ClientRequest?
    private var retryTimer: TimerID?
    private var backoff = Backoff()
    /// tries in a row without an event
    private var failures = 0
    private var reader = EventStreamReader()
    /// of the subscription under way: what older ones still say is not heard
    private var serial = 0
    private var isStopped = false
    private var isAsleep = false
    private var timelineBytes: [UInt8]?
    private var timelineEdge: (epoch: Epoch, position: StreamPosition)?
    private var titles: (epoch: Epoch, titles: [StreamTitle])?

    public init(
        service: StreamService, client: HTTPClient, root: HTTPAddress, generator: any RandomNumberGenerator
    ) {
        self.service = service
        self.client = client
        self.root = root.with(target: "/events")
        source = self.root
        self.generator = generator
        service.timelineJSON = { [unowned self] onlyNow in timeline(onlyNow: onlyNow) }
    }

    /// Subscribes where the stream comes from now.
    public func follow(_ address: HTTPAddress) {
        let next = address.with(target: "/events")
        guard next != source else { return }
        source = next
        failures = 0
        backoff.reset()
        guard request != nil || retryTimer != nil else { return }
        letGo()
        start()
    }

    /// Asks no more until `wake`.
    public func sleep() {
        guard !isAsleep else { return }
        isAsleep = true
        letGo()
    }

    public func wake() {
        guard isAsleep else { return }
        isAsleep = false
        start()
    }

    public func start() {
        guard !isStopped, !isAsleep else { return }
        reader = EventStreamReader()
        // A source that sends sound and no events is not worth the titles: the root has them too.
        let address = failures % 2 == 0 ? source : root
        serial += 1
        let number = serial
        request = client.stream(
            address, headers: ["Accept": "text/event-stream"], silence: .seconds(Self.silenceSecondsMax),
            onHead: { [unowned self] head in if head.status != .ok { request?.cancel() } },
            onBody: { [unowned self] bytes in
                guard let messages = reader.append(bytes) else {
                    request?.cancel()
                    return
                }
                for message in messages { take(message) }
            },
            onEnd: { [unowned self] _ in if number == serial { again() } })
    }

    public func stop() {
        isStopped = true
        letGo()
    }

    private func letGo() {
        serial += 1
        if let retryTimer { loop.cancel(retryTimer) }
        retryTimer = nil
        request?.cancel()
        request = nil
    }

    private var loop: EventLoop { service.loop }

    private func again() {
        request = nil
        guard !isStopped, !isAsleep else { return }
        failures += 1
        let wait = backoff.next(using: &generator)
        retryTimer = loop.schedule(after: .milliseconds(Int64(wait * 1_000))) { [unowned self] in
            retryTimer = nil
            start()
        }
    }

    private func take(_ message: EventStreamReader.Message) {
        backoff.reset()
        failures = 0
        if message.event == "timeline" {
            let json = try? JSONParser.parse(message.data)
            if let json, let edge = TimelineTitles.edge(json) {
                // Another source may still have the timeline of a while ago.
                if let timelineEdge, timelineEdge.epoch == edge.epoch, edge.position < timelineEdge.position { return }
                timelineEdge = edge
            }
            timelineBytes = message.data
            if let json { titles = TimelineTitles.read(json) }
            if let feed = service.feed { giveTitles(to: feed) }
            if let feed = newest { giveTitles(to: feed) }
        }
        service.events.broadcast(event: message.event, data: message.data)
    }

    /// the feed opened last, which may still wait for its turn
    private weak var newest: StreamFeed?

    /// Gives a newly opened feed the titles that are known of its epoch.
    public func opened(_ feed: StreamFeed) {
        newest = feed
        giveTitles(to: feed)
    }

    private func giveTitles(to feed: StreamFeed) {
        guard let titles, titles.epoch == feed.epoch else { return }
        feed.titles.replace(with: titles.titles)
    }

    private func timeline(onlyNow: Bool) -> [UInt8]? {
        guard let timelineBytes, onlyNow, let feed = service.feed, let json = try? JSONParser.parse(timelineBytes)
        else {
            return timelineBytes
        }
        return TimelineTitles.only(at: feed.live, of: json).bytes
    }
}
