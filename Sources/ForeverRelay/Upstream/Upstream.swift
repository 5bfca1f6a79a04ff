import ForeverHTTP
import Glibc

/// A relay's source: pulls the stream into the ring, for ever, byte after byte.
///
/// After any cut it asks for the very next byte, so its listeners never notice; it is dead after 5 s without a byte and
/// tried again, sooner first and then more rarely. A new epoch, and what comes after a gap that the source cannot fill, goes
/// into a new ring, and plays when the old one has played out. **Thread:** the loop's, which is also the ring's writer.
public final class Upstream {
    public static let silenceSecondsMax: Int64 = 5
    /// Redirects followed in a row, for relays without a token.
    public static let redirectsMax = 3
    /// What the ring holds behind live and the burst, for slow listeners.
    public static let historySeconds = 30.0

    private let loop: EventLoop
    private let client: HTTPClient
    private let root: HTTPAddress
    private let credentials: RelayCredentials?
    private let service: StreamService
    private let ringPath: String
    private let ringSeconds: Double
    private var generator: any RandomNumberGenerator

    /// the newest epoch's feed, which is written
    private var feed: StreamFeed?
    private var request: ClientRequest?
    private var address: HTTPAddress
    private var redirects = 0
    private var backoff = Backoff()
    private var retryTimer: TimerID?
    private var pauseTimer: TimerID?
    /// the position of the next byte that comes; nil while no sound is coming
    private var arriving: StreamPosition?
    /// ask without a position next time
    private var asksFresh = false
    private var isStopped = false
    /// Nothing is pulled until `wake`.
    public private(set) var isAsleep = false

    public private(set) var isConnected = false
    /// Times that sound came again after it had stopped.
    public private(set) var reconnects = 0
    /// Why sound stopped last.
    public private(set) var lastError: String?
    private var hasBeenConnected = false
    /// Called with every feed that is opened, before it plays.
    public var onOpen: ((StreamFeed) -> Void)?

    /// - dataFolder: where the ring's file is; it must exist
    /// - leadSeconds: how much is held beyond live at most
    public init(
        service: StreamService, client: HTTPClient, root: HTTPAddress, dataFolder: String, leadSeconds: Double = 60,
        credentials: RelayCredentials?, generator: any RandomNumberGenerator
    ) {
        loop = service.loop
        self.service = service
        self.client = client
        self.root = root.with(target: "/all.mp3")
        address = self.root
        ringPath = dataFolder + "/stream.ring"
        ringSeconds = service.settings.fanout.burstSeconds + leadSeconds + Self.historySeconds
        self.credentials = credentials
        self.generator = generator
    }

    /// Plays what the ring still holds from before a restart, and begins to pull.
    public func start() throws(RingError) {
        if let old = StreamRing.describe(path: ringPath) {
            let ring = try StreamRing(
                path: ringPath, epoch: old.epoch, format: old.format, capacityBytes: capacityBytes(old.format))
            if ring.isRestored { open(ring, live: ring.edge) }
        }
        connect()
    }

    public func stop() {
        isStopped = true
        letGo()
    }

    /// Pulls no more: nobody listens.
    public func sleep() {
        guard !isAsleep else { return }
        isAsleep = true
        letGo()
    }

    /// Pulls again. What was held plays on when live is still in it; else live begins where the source's is, and true
    /// is returned: what plays now is of no use any more.
    @discardableResult
    public func wake() -> Bool {
        guard isAsleep else { return false }
        isAsleep = false
        backoff.reset()
        feed?.advance(to: service.now)
        let isOld = feed?.clock.isStarved ?? false
        if isOld { feed = nil }
        connect()
        return isOld
    }

    private func letGo() {
        for timer in [retryTimer, pauseTimer] { if let timer { loop.cancel(timer) } }
        retryTimer = nil
        pauseTimer = nil
        request?.cancel()
        request = nil
    }

    /// The next byte that is wanted.
    public var position: StreamPosition { feed?.ring.writingPosition ?? 0 }

    /// The upstream as `/status.json` shows it.
    package func json(reporter: RelayReporter?) -> JSONValue {
        [
            "url": .string(address.description), "connected": .bool(isConnected), "asleep": .bool(isAsleep),
            "position": .integer(position), "reconnects": .count(reconnects), "lastError": .text(lastError),
            "registered": .bool(reporter?.isRegistered ?? false), "reportError": .text(reporter?.lastError),
        ]
    }

    private func capacityBytes(_ format: StreamFormat) -> Int { Int(format.bytes(seconds: ringSeconds)) }

    private func open(_ ring: StreamRing, live: StreamPosition, joining moment: Instant? = nil) {
        let settings = LiveClock.Settings(startPosition: live, resumeBytes: ring.format.bytes(seconds: 1))
        let opened = StreamFeed(ring: ring, settings: settings, now: service.now)
        if moment != nil { opened.restart(at: live, joining: moment) }
        feed = opened
        onOpen?(opened)
        service.play(opened)
    }

    // MARK: Asking

    private func connect() {
        guard !isStopped, !isAsleep else { return }
        var headers: HeaderFields = [:]
        if let credentials { headers.add("Authorization", credentials.authorization(.GET, address.target)) }
        if let feed, !asksFresh {
            headers.add("Forever-Epoch", feed.epoch.description)
            headers.add("Forever-Position", String(feed.ring.writingPosition))
        }
        // What to do when this request has ended; a cut, the usual case, is tried again after a while.
        var next = Next.later
        request = client.stream(
            address, headers: headers, silence: .seconds(Self.silenceSecondsMax),
            onHead: { [unowned self] head in
                next = take(StreamReply(head), head.headers)
                if next != .later || arriving == nil { request?.cancel() }
            },
            onBody: { [unowned self] bytes in take(bytes) },
            onEnd: { [unowned self] error in ended(error, next) })
    }

    private enum Next { case later, now }

    private func ended(_ error: ClientError?, _ next: Next) {
        if isConnected || lastError == nil { lastError = error?.description ?? "the source closed the connection" }
        isConnected = false
        arriving = nil
        request = nil
        if let pauseTimer { loop.cancel(pauseTimer) }
        pauseTimer = nil
        guard !isStopped, !isAsleep else { return }
        if next == .later, redirects > 0 {
            redirects = 0
            address = root
        }
        let wait = next == .now ? 0 : backoff.next(using: &generator)
        retryTimer = loop.schedule(after: .milliseconds(Int64(wait * 1_000))) { [unowned self] in
            retryTimer = nil
            connect()
        }
    }

    // MARK: Hearing

    private func take(_ reply: StreamReply, _ headers: HeaderFields) -> Next {
        switch reply {
        case .sound(let place):
            asksFresh = false
            do throws(RingError) {
                try begin(at: place)
            } catch {
                lastError = error.description
                return .later
            }
            service.profile = StationProfile(of: headers, otherwise: service.profile)
            isConnected = true
            lastError = nil
            if hasBeenConnected { reconnects += 1 }
            hasBeenConnected = true
        case .conflict(let place):
            lastError = "the source plays something else"
            // Our position in its future, in the same epoch: it may just be catching up, and we have sound to play.
            if let feed, place?.epoch == feed.epoch, !feed.clock.isStarved { return .later }
            if asksFresh { return .later }
            asksFresh = true
            return .now
        case .elsewhere(let target):
            lastError = "sent elsewhere too often"
            guard redirects < Self.redirectsMax, let next = HTTPAddress(target) else { return .later }
            redirects += 1
            address = next
            return .now
        case .unauthorized:
            credentials?.learn(from: headers)
            lastError = credentials == nil ? "the source wants a token" : "the source does not accept the token"
        case .refused(let reason): lastError = reason
        }
        return .later
    }

    /// Makes ready for bytes from `place` on: in the ring that is there, or, after a gap or in a new epoch, in a new one.
    private func begin(at place: StreamReply.Place) throws(RingError) {
        defer { arriving = place.position }
        if let feed, feed.epoch == place.epoch, feed.format == place.format,
            place.position <= feed.ring.writingPosition
        {
            return
        }
        // Under another name first: the old ring goes on playing, in a file that has no name any more, and nobody who
        // is just sending from it finds other bytes there.
        let start = place.format.frameCeiling(place.position)
        let fresh = ringPath + ".new"
        unlink(fresh)
        let ring = try StreamRing(
            path: fresh, epoch: place.epoch, format: place.format, capacityBytes: capacityBytes(place.format),
            startingAt: start)
        guard rename(fresh, ringPath) == 0 else { throw RingError.system(call: "rename", code: errno) }
        open(ring, live: max(start, place.live), joining: service.now)
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        guard let feed, let position = arriving else { return }
        arriving = position + Int64(bytes.count)
        // What is here already is not written again: its position is in the past.
        let known = Int(min(Int64(bytes.count), max(0, feed.ring.writingPosition - position)))
        let new = UnsafeRawBufferPointer(rebasing: bytes[known...])
        guard !new.isEmpty else { return }
        guard FrameGate(format: feed.format).accepts(new, at: feed.ring.writingPosition) else {
            lastError = "the source sent bytes that are no frames"
            isConnected = false
            request?.cancel()
            return
        }
        feed.ring.append(new)
        backoff.reset()
        holdBack(feed)
    }

    /// Reads no more while the ring holds as much beyond live as it may, lest it overwrite what listeners need.
    private func holdBack(_ feed: StreamFeed) {
        let room =
            feed.ring.capacityBytes - StreamRing.guardBytes
            - feed.format.bytes(seconds: service.settings.fanout.burstSeconds + Self.historySeconds / 2)
        guard feed.edge - feed.live > room, pauseTimer == nil else { return }
        request?.pause()
        pauseTimer = loop.schedule(after: .milliseconds(500)) { [unowned self] in
            pauseTimer = nil
            request?.resume()
        }
    }
}
