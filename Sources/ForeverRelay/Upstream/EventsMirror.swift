import ForeverHTTP

/// Hands the root's `/events` on as they are, and keeps its timeline for `/all.json` and for titles.
///
/// One subscription upstream, whatever number of pages here. **Thread:** the loop's.
public final class EventsMirror {
    /// The root sends at least a heartbeat every 15 s.
    public static let silenceSecondsMax: Int64 = 40

    private let service: StreamService
    private let client: HTTPClient
    private let address: HTTPAddress
    private var generator: any RandomNumberGenerator
    private var request: ClientRequest?
    private var retryTimer: TimerID?
    private var backoff = Backoff()
    private var reader = EventStreamReader()
    private var isStopped = false
    private var isAsleep = false
    private var timelineBytes: [UInt8]?
    private var titles: (epoch: Epoch, titles: [StreamTitle])?

    public init(
        service: StreamService, client: HTTPClient, root: HTTPAddress, generator: any RandomNumberGenerator
    ) {
        self.service = service
        self.client = client
        address = root.with(target: "/events")
        self.generator = generator
        service.timelineJSON = { [unowned self] onlyNow in timeline(onlyNow: onlyNow) }
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
            onEnd: { [unowned self] _ in again() })
    }

    public func stop() {
        isStopped = true
        letGo()
    }

    private func letGo() {
        if let retryTimer { loop.cancel(retryTimer) }
        retryTimer = nil
        request?.cancel()
        request = nil
    }

    private var loop: EventLoop { service.loop }

    private func again() {
        request = nil
        guard !isStopped, !isAsleep else { return }
        let wait = backoff.next(using: &generator)
        retryTimer = loop.schedule(after: .milliseconds(Int64(wait * 1_000))) { [unowned self] in
            retryTimer = nil
            start()
        }
    }

    private func take(_ message: EventStreamReader.Message) {
        backoff.reset()
        if message.event == "timeline" {
            timelineBytes = message.data
            if let json = try? JSONParser.parse(message.data) { titles = TimelineTitles.read(json) }
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
