import ForeverHTTP

/// The stream at its paths: joins ring, live edge and fan-out to a router, for roots and relays alike.
///
/// What only a root or only a relay can say is handed in by closures before the server listens. The service drives
/// itself by timers of the loop once `play` gave it a feed. **Thread:** the loop's.
public final class StreamService {
    public let loop: EventLoop
    public let settings: ServiceSettings
    /// The events of `/events`.
    public let events: EventStreamHub
    public private(set) var fanout: FanoutGroup?
    /// the next epoch's feed, waiting until this one has played out
    private var nextFeed: StreamFeed?
    private var pulseTimer: TimerID?
    private lazy var pulseHandler = TimerHandler { [weak self] in
        self?.pulseTimer = nil
        self?.pulse()
    }
    /// Who asked before the first sound, in the order they came.
    private var waiting: [WaitingListener] = []
    private var lastLiveEventNanoseconds = Int64.min
    private var lastListenerCount = -1
    /// nearly everybody asks for the same host
    private var lastOwnURL: (asked: String, url: String)?
    private let startedNanoseconds: Int64
    let startedAtMilliseconds: Int64
    /// What stream replies say of the station; a relay takes it over from its source.
    public var profile: StationProfile
    /// New listeners are turned away while it is set: the server is about to stop.
    public var isLeaving = false
    /// So is it while its transfer is used up as far as new listeners may.
    public var isOverBudget = false
    /// Listeners that a relay's root lets it have; nil for no limit of the root's.
    public var listenersGranted: Int?
    /// Listeners beyond this many are turned away.
    var listenerLimit: Int? { [settings.listenerLimit, listenersGranted].compactMap { $0 }.min() }
    /// Nothing is pulled: the next who asks for sound wakes it.
    public var isAsleep = false
    /// What plays is old: who asks for sound waits for the next feed.
    public var awaitsFeed = false

    /// The id of the relay whose credentials a request carries; nil for none or wrong ones. Without it nobody may read
    /// ahead.
    public var provenRelay: ((Request) -> String?)?
    /// The relay for a listener that this server does not take, as an absolute address without a path.
    public var chooseRelay: ((RelayQuestion) -> String?)?
    /// A relay's way back for a listener that it cannot take: the root's address without a path, and its own id.
    public var sendBack: (() -> (root: String, id: String)?)?
    /// What becomes of a relay that wants to pull; without it everybody may.
    public var admitRelay: ((_ id: String) -> RelayAdmission)?
    /// The root's clock, as well as it is known here; nil: this machine's is the root's.
    public var rootMilliseconds: (() -> Int64)?
    /// The relays between the root and whoever pulls from here; empty at a root.
    public var path: [String] = []
    /// Addresses of relays for playlists.
    public var relayURLs: ((RelayQuestion) -> [String])?
    /// Listeners at relays.
    public var relayListeners: (() -> Int)?
    /// Listeners that relays can still take together.
    public var relayRoom: (() -> Int)?
    /// The budget for `/status.json`, as one JSON object.
    public var budgetJSON: (() -> [UInt8])?
    /// The budget for `/metrics`.
    var budgetMetrics: (() -> [MetricRow])?
    /// Hours that are past for `/status.json`, as one JSON array.
    public var historyJSON: (() -> [UInt8])?
    /// Further numbers of the relays for `/metrics`.
    var relayMetrics: (() -> [MetricRow])?
    /// Further numbers of the station for `/metrics`.
    package var stationMetrics: (() -> [MetricRow])?
    /// The relays for `/status.json`, as one JSON array.
    public var relaysJSON: (() -> [UInt8])?
    /// The upstream for `/status.json`, as one JSON object.
    public var upstreamJSON: (() -> [UInt8])?
    /// `/all.json`; the flag asks for what plays now only. Nil: nothing to show yet.
    public var timelineJSON: ((_ onlyNow: Bool) -> [UInt8]?)?
    /// Connections that the HTTP server refused because their address had its full number, and that it closed for new ones.
    public var connectionsTurnedAway: (() -> (refused: Int64, evicted: Int64))?
    /// Called with every listener that gets sound: its network and what kind of player it has, for a log that was asked for.
    public var onListener: ((ListenerOrigin) -> Void)?
    /// Called when somebody asks for sound.
    public var onWanted: (() -> Void)?
    /// Called when another feed has begun to play.
    public var onFeed: ((StreamFeed) -> Void)?

    public init(loop: EventLoop, settings: ServiceSettings) {
        self.loop = loop
        self.settings = settings
        profile = settings.profile
        events = EventStreamHub(loop: loop)
        startedNanoseconds = loop.nowNanoseconds
        startedAtMilliseconds = loop.wallMilliseconds
    }

    /// Both clocks as of this turn.
    public var now: Instant {
        Instant(monotonicNanoseconds: loop.nowNanoseconds, wallMilliseconds: loop.wallMilliseconds)
    }

    /// What plays; nil before the first feed.
    public var feed: StreamFeed? { fanout?.feed }

    /// Plays a feed: at once when nothing plays, else when the present one has played out what it holds.
    public func play(_ feed: StreamFeed) {
        if fanout == nil {
            fanout = FanoutGroup(loop: loop, feed: feed, settings: settings.fanout) { [unowned self] in advance() }
            awaitsFeed = false
            pulse()
            onFeed?(feed)
        } else {
            nextFeed = feed
            pulse()
        }
    }

    /// Stops the timers and closes every connection of the stream and of `/events`.
    public func stop() {
        if let pulseTimer { loop.cancel(pulseTimer) }
        pulseTimer = nil
        fanout?.stop()
        events.stop()
    }

    // MARK: Time

    /// Four times a second, whether anybody listens or not: live moves on, starving and a new epoch are noticed.
    private func pulse() {
        if let pulseTimer { loop.cancel(pulseTimer) }
        advance()
        answerWaiting()
        tellEvents()
        var wait: Int64 = 250_000_000
        // Further loops follow live as it was last moved on; while nothing plays, the first bytes should be noticed soon.
        if fanout?.needsAdvancing == true { wait = settings.fanout.stepNanoseconds }
        if feed?.clock.isStarved == true { wait = 50_000_000 }
        pulseTimer = loop.schedule(atNanoseconds: loop.nowNanoseconds + wait, pulseHandler)
    }

    /// Brings live up to now.
    func advance() {
        guard let fanout else { return }
        fanout.feed.advance(to: now)
        guard let nextFeed else { return }
        nextFeed.advance(to: now)
        guard fanout.feed.clock.isStarved, nextFeed.hasBegun else { return }
        self.nextFeed = nil
        awaitsFeed = false
        fanout.play(nextFeed)
        onFeed?(nextFeed)
    }

    /// Keeps a request until the first sound is there: live begins a burst after it, and all begin together.
    func wait(_ request: Request) -> Response {
        guard waiting.count < WaitingListener.countMax else { return unavailable() }
        return .deferred { [weak self] responder in
            guard let self else { return responder.answer(.status(.serviceUnavailable)) }
            waiting.append(
                WaitingListener(request: request, responder: responder, sinceNanoseconds: loop.nowNanoseconds))
        }
    }

    private func answerWaiting() {
        guard !waiting.isEmpty else { return }
        let hasBegun = fanout?.feed.hasBegun == true && !awaitsFeed
        let due = loop.nowNanoseconds - WaitingListener.nanosecondsMax
        let answered = waiting.filter { hasBegun || $0.sinceNanoseconds <= due }
        waiting.removeAll { hasBegun || $0.sinceNanoseconds <= due }
        for listener in answered {
            listener.responder.answer(hasBegun ? stream(listener.request) : unavailable())
        }
    }

    private func tellEvents() {
        guard settings.tellsEvents, let feed else { return }
        let total = (fanout?.statistics.listeners ?? 0) + (relayListeners?() ?? 0)
        if total != lastListenerCount {
            lastListenerCount = total
            var json = JSONWriter()
            json.object { $0.field("listenerCount", total) }
            events.broadcast(event: "listeners", data: json.bytes)
        }
        if lastLiveEventNanoseconds == .min
            || loop.nowNanoseconds - lastLiveEventNanoseconds >= settings.liveEventSeconds * 1_000_000_000
        {
            lastLiveEventNanoseconds = loop.nowNanoseconds
            var json = JSONWriter()
            json.object { json in
                json.field("epoch", feed.epoch.description)
                json.field("livePosition", feed.live)
                json.field("mixingEdgePosition", feed.edge)
                json.field("serverTimeMilliseconds", loop.wallMilliseconds)
            }
            events.broadcast(event: "live", data: json.bytes)
        }
    }

    /// Whether sound is really leaving: live moves, and of those connected somebody's kernel took bytes lately. Asleep it
    /// would, were there somebody to hear.
    public var isHealthy: Bool {
        if isAsleep { return true }
        guard let fanout, !fanout.feed.clock.isStarved else { return false }
        let quiet = loop.nowNanoseconds - fanout.statistics.lastSendNanoseconds
        return fanout.connectionCount == 0 || quiet < settings.fanout.stalledSecondsMax * 1_000_000_000
    }

    // MARK: Paths

    /// Puts the stream's paths into a router.
    public func install(into router: Router) {
        router.on(.GET, "/all.mp3") { [unowned self] in stream($0) }
        router.on(.GET, "/all.m3u") { [unowned self] in
            Playlist.m3u(streamURLs(for: $0), name: profile.name)
        }
        router.on(.GET, "/all.pls") { [unowned self] in
            Playlist.pls(streamURLs(for: $0), name: profile.name)
        }
        router.on(.GET, "/timing.json") { [unowned self] _ in timing() }
        router.on(.GET, "/listeners/:name") { [unowned self] in listener($0) }
        router.on(.GET, "/status.json") { [unowned self] _ in status() }
        router.on(.GET, "/metrics") { [unowned self] _ in metrics() }
        router.on(.GET, "/events") { [unowned self] _ in .events(events) }
        router.on(.GET, "/all.json") { [unowned self] request in
            guard let bytes = timelineJSON?(request.query("now") != nil) else { return unavailable() }
            return .json(bytes)
        }
        router.on(.GET, "/healthz") { [unowned self] _ in
            advance()
            return isHealthy ? .text("sound is leaving") : .text("no sound", status: .serviceUnavailable)
        }
    }

    /// 503, to be tried again soon.
    func unavailable() -> Response {
        var response = Response.status(.serviceUnavailable)
        response.headers.add("Retry-After", "5")
        response.headers.add("Cache-Control", "no-store")
        return response
    }

    /// This server's address as the asker knows it, without a path.
    func ownURL(for request: Request) -> String {
        if let url = settings.publicURL { return url }
        guard let host = request.effectiveHost else { return "http://localhost" }
        let asked = "\(request.effectiveScheme)://\(host)"
        if let last = lastOwnURL, last.asked == asked { return last.url }
        guard let address = HTTPAddress(asked), address.target == "/" else { return "http://localhost" }
        let url = "\(address.scheme)://\(address.authority)"
        lastOwnURL = (asked, url)
        return url
    }

    private func streamURLs(for request: Request) -> [String] {
        ([ownURL(for: request)] + (relayURLs?(RelayQuestion(request)) ?? [])).map { $0 + "/all.mp3" }
    }
}
