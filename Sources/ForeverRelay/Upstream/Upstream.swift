import ForeverHTTP

/// A relay's source: pulls the stream into the ring, for ever, byte after byte.
///
/// After any cut it asks for the very next byte, so its listeners never notice. A source that brings nothing for 5 s is
/// silent: the next one is asked, in the order that `SourceList` decides, and whoever brings sound first is kept. A new
/// epoch, and what comes after a gap that no source can fill, goes into a new ring, and plays when the old one has played
/// out. **Thread:** the loop's, which is also the ring's writer.
public final class Upstream {
    public static let silenceSecondsMax: Int64 = 5
    /// A connection that has been silent for so long does not come back.
    public static let deadSecondsMax: Int64 = 15
    /// Redirects followed in a row, for relays without a token.
    public static let redirectsMax = 3
    /// What the ring holds behind live and the burst, for slow listeners.
    public static let historySeconds = 30.0
    /// Where the stream is at every server.
    static let target = "/all.mp3"
    /// A source works that has brought so much.
    static let worksSeconds = 1.0
    /// Another relay may be a little behind: it is asked from so much before the next byte on, and what is here already is
    /// passed over.
    static let overlapSeconds = 2.0
    /// A better source that is so little behind the present one takes over.
    static let behindSeconds = 2.5

    private let loop: EventLoop
    private let client: HTTPClient
    private let root: PullSource
    private let credentials: RelayCredentials?
    private let service: StreamService
    private let ring: UpstreamRing
    private var generator: any RandomNumberGenerator

    private var list: SourceList
    /// the one that brings sound
    private var main: StreamPull?
    /// the others that were asked, in the order of asking
    private var asked: [StreamPull] = []
    private var lookTimer: TimerID?
    private var pauseTimer: TimerID?
    private var isStopped = false
    /// Nothing is pulled until `wake`.
    public private(set) var isAsleep = false

    /// Times that sound came again after it had stopped.
    public private(set) var reconnects = 0
    /// Times that another source took over, sound or not.
    public private(set) var changes = 0
    /// Why sound stopped last.
    public private(set) var lastError: String?
    private var lastSource: PullSource?
    /// Called with every feed that is opened, before it plays.
    public var onOpen: ((StreamFeed) -> Void)? {
        get { ring.onOpen }
        set { ring.onOpen = newValue }
    }
    /// Called when sound comes from another source than before.
    public var onSource: ((PullSource) -> Void)?
    /// The epoch of which the root spoke last.
    private var rootEpoch: Epoch?

    /// - dataFolder: where the ring's file is; it must exist
    /// - leadSeconds: how much is held beyond live at most
    public init(
        service: StreamService, client: HTTPClient, root: HTTPAddress, dataFolder: String, leadSeconds: Double = 60,
        credentials: RelayCredentials?, generator: any RandomNumberGenerator
    ) {
        loop = service.loop
        self.service = service
        self.client = client
        self.root = PullSource(id: nil, address: root.with(target: Self.target))
        list = SourceList(root: self.root)
        ring = UpstreamRing(
            service: service, folder: dataFolder,
            seconds: service.settings.fanout.burstSeconds + leadSeconds + Self.historySeconds,
            readsAhead: credentials != nil)
        self.credentials = credentials
        self.generator = generator
    }

    /// Plays what the ring still holds from before a restart, and begins to pull.
    public func start() throws(RingError) {
        try ring.restore()
        look()
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
        list.forgive()
        ring.feed?.advance(to: service.now)
        let isOld = ring.feed?.clock.isStarved ?? false
        if isOld { ring.forget() }
        look()
        return isOld
    }

    private func letGo() {
        for timer in [lookTimer, pauseTimer] { if let timer { loop.cancel(timer) } }
        lookTimer = nil
        pauseTimer = nil
        for pull in asked + (main.map { [$0] } ?? []) { drop(pull) }
    }

    /// What the root said in its reply to a report: its epoch, and where its live is; nil while that stands still.
    func hear(rootEpoch epoch: Epoch?, live: StreamPosition?) {
        rootEpoch = epoch ?? rootEpoch
        ring.note(rootLive: live, epoch: epoch)
    }

    // MARK: What others want to know

    /// The next byte that is wanted.
    public var position: StreamPosition { ring.feed?.ring.writingPosition ?? 0 }
    /// Whether sound is coming.
    public var isConnected: Bool { main.map { !isSilent($0) } ?? false }
    /// Where sound comes from; nil while none comes.
    public var source: PullSource? { main?.source }
    /// The relays between the root and this one, the source last; empty when it pulls from the root, or not at all.
    public var path: [String] { main?.path ?? [] }
    /// In the order in which they are tried.
    public var sources: [PullSource] {
        get { list.sources }
        set {
            list.replace(with: newValue, now: loop.nowNanoseconds, using: &generator)
            if lookTimer != nil { look() }
        }
    }

    /// The upstream as `/status.json` shows it.
    package func json(reporter: RelayReporter?) -> JSONValue {
        [
            "url": .string((main?.address ?? list.sources.first?.address ?? root.address).description),
            "connected": .bool(isConnected), "asleep": .bool(isAsleep), "position": .integer(position),
            "reconnects": .count(reconnects), "lastError": .text(lastError),
            "registered": .bool(reporter?.isRegistered ?? false), "reportError": .text(reporter?.lastError),
            "source": .text(main?.source.id), "path": .array(path.map { .string($0) }), "changes": .count(changes),
        ]
    }

    // MARK: Asking

    /// Does what is due, and sees to being called when something is again.
    private func look() {
        if let lookTimer { loop.cancel(lookTimer) }
        lookTimer = nil
        guard !isStopped, !isAsleep else { return }
        let now = loop.nowNanoseconds
        noteSilence(now)
        var until = now
        for _ in 0...SourceList.asksMax {
            let step = list.step(situation(now), now: now)
            if case .ask(let source) = step { ask(StreamPull(source, now: now)) }
            guard case .wait(let wait) = step else { continue }
            until = wait
            break
        }
        lookTimer = loop.schedule(atNanoseconds: max(until, now + 1_000_000)) { [unowned self] in
            lookTimer = nil
            look()
        }
    }

    private func situation(_ now: Int64) -> SourceList.Situation {
        SourceList.Situation(
            main: main?.source, lastByteNanoseconds: main.map { pauseTimer == nil ? $0.lastByteNanoseconds : now } ?? 0,
            asked: asked.map { ($0.source, $0.sinceNanoseconds) })
    }

    private func isSilent(_ pull: StreamPull) -> Bool {
        guard pauseTimer == nil || pull !== main else { return false }
        return loop.nowNanoseconds - pull.lastByteNanoseconds >= SourceList.silenceNanosecondsMax
    }

    /// A silent source is told once, its connection kept until another brings sound; one that never spoke is given up.
    private func noteSilence(_ now: Int64) {
        if let main, isSilent(main), !main.isNoted {
            main.isNoted = true
            lastError = "the source has brought nothing for \(Self.silenceSecondsMax) s"
            list.failed(main.source, .silent, now: now, using: &generator)
        }
        for pull in asked where isSilent(pull) {
            if main == nil { lastError = "the source does not answer" }
            fail(pull, .silent)
        }
    }

    private func ask(_ pull: StreamPull) {
        var headers: HeaderFields = [:]
        if let field = authorization(pull) { headers.add("Authorization", field) }
        if let feed = ring.feed, !pull.isFresh {
            headers.add("Forever-Epoch", feed.epoch.description)
            let overlap = pull.source.isRoot ? 0 : feed.format.bytes(seconds: Self.overlapSeconds)
            headers.add("Forever-Position", String(max(0, feed.ring.writingPosition - overlap)))
        }
        asked.append(pull)
        pull.request = client.stream(
            pull.address, headers: headers, silence: .seconds(Self.deadSecondsMax),
            onHead: { [unowned self] head in if !pull.isOver { take(head, pull) } },
            onBody: { [unowned self] bytes in if !pull.isOver { take(bytes, pull) } },
            onEnd: { [unowned self] error in if !pull.isOver { ended(pull, error) } })
    }

    /// Another server than the one meant gets no proof of ours.
    private func authorization(_ pull: StreamPull) -> String? {
        guard let credentials, pull.address.authority == pull.source.address.authority else { return nil }
        if pull.source.isRoot { return credentials.authorization(.GET, pull.address.target) }
        return pull.source.ticket.flatMap { credentials.authorization(.GET, pull.address.target, ticket: $0) }
    }

    // MARK: Ending

    /// Lets a pull go without a word.
    private func drop(_ pull: StreamPull) {
        guard !pull.isOver else { return }
        pull.isOver = true
        asked.removeAll { $0 === pull }
        if main === pull {
            main = nil
            if let pauseTimer { loop.cancel(pauseTimer) }
            pauseTimer = nil
        }
        pull.request?.cancel()
    }

    /// Lets a pull go; its source is left alone for a while.
    private func fail(_ pull: StreamPull, _ trouble: SourceList.Trouble) {
        drop(pull)
        list.failed(pull.source, trouble, now: loop.nowNanoseconds, using: &generator)
        // It might have been a better one; there is no hurry.
        if main != nil { list.settled(now: loop.nowNanoseconds, using: &generator) }
    }

    private func ended(_ pull: StreamPull, _ error: ClientError?) {
        if main === pull || main == nil { lastError = error?.description ?? "the source closed the connection" }
        let trouble: SourceList.Trouble = pull.soundBytes > 0 ? .cut : .refused
        // It has been told already.
        if pull.isNoted { drop(pull) } else { fail(pull, trouble) }
        look()
    }

    // MARK: Hearing

    private func take(_ head: ResponseHead, _ pull: StreamPull) {
        let reply = StreamReply(head)
        if case .sound(let place) = reply {
            pull.path = StreamReply.path(head.headers)
            if let trouble = objection(to: place, pull) {
                fail(pull, trouble)
                return look()
            }
            if main == nil, !pull.isFresh, ring.isAstray(against: place, isRoot: pull.source.isRoot) {
                return askAfresh(pull)
            }
            pull.place = (place, service.now)
            pull.arriving = place.position
            service.profile = StationProfile(of: head.headers, otherwise: service.profile)
            return
        }
        var next: StreamPull?
        switch reply {
        case .sound: break
        case .conflict(let place):
            note("the source plays something else", pull)
            fail(pull, place?.epoch == ring.feed?.epoch ? .behind : .refused)
            if main == nil, !pull.isFresh, verdict(place?.epoch, pull) == .askFresh {
                next = StreamPull(pull.source, address: pull.address, isFresh: true, now: loop.nowNanoseconds)
            }
        case .elsewhere(let target):
            note("sent elsewhere too often", pull)
            fail(pull, .refused)
            next = follow(target, head.headers, pull)
        case .unauthorized:
            if pull.source.isRoot { credentials?.learn(from: head.headers) }
            note(
                credentials == nil
                    ? "the source wants a token" : "the source does not accept this relay's key or token", pull)
            fail(pull, .refused)
        case .refused(let reason):
            note(reason, pull)
            fail(pull, .refused)
        }
        if let next { ask(next) }
        look()
    }

    /// It has what comes next, and nobody wants to hear that so late: asked again where its live is.
    private func askAfresh(_ pull: StreamPull) {
        drop(pull)
        ask(StreamPull(pull.source, address: pull.address, isFresh: true, now: loop.nowNanoseconds))
        look()
    }

    /// What is said of a source that only might have been a better one is of no interest.
    private func note(_ reason: String, _ pull: StreamPull) { if main == nil || main === pull { lastError = reason } }

    /// Why sound from there is not wanted.
    private func objection(to place: StreamReply.Place, _ pull: StreamPull) -> SourceList.Trouble? {
        if let id = credentials?.id, pull.path.contains(id) || pull.source.id == id {
            note("the source pulls from here", pull)
            return .refused
        }
        guard let feed = ring.feed else { return nil }
        // Another may do better, while there is sound to play.
        let mayWait = !feed.clock.isStarved && list.hasUntried(beside: pull.source)
        if pull.path.count >= RelayTree.tiersMax, mayWait {
            note("the source is too far from the root", pull)
            return .refused
        }
        guard !ring.isFollowed(by: place) else { return nil }
        if main != nil { return .gap }
        guard mayWait, !pull.isFresh else { return nil }
        // One of those may still have what is missing.
        note("the source does not have the next byte any more", pull)
        return .gap
    }

    private func verdict(_ epoch: Epoch?, _ pull: StreamPull) -> ConflictRule.Verdict {
        ring.feed?.advance(to: service.now)
        return ConflictRule.verdict(
            epoch: epoch, isRoot: pull.source.isRoot, own: ring.feed?.epoch, root: rootEpoch, left: ring.leftEpochs,
            isIdle: ring.feed?.clock.isStarved ?? true)
    }

    /// Where a redirect leads: to a relay for which the root gave a ticket, or, without a token, wherever it says.
    private func follow(_ target: String, _ headers: HeaderFields, _ pull: StreamPull) -> StreamPull? {
        guard pull.redirects < Self.redirectsMax, let address = HTTPAddress(target) else { return nil }
        let now = loop.nowNanoseconds
        if let credentials, pull.source.isRoot, let id = headers["Forever-Source"], id != credentials.id,
            let ticket = headers["Forever-Ticket"].flatMap({ PullTicket($0, child: credentials.id) })
        {
            let source = PullSource(id: id, address: address, ticket: ticket)
            list.prefer(source)
            return StreamPull(source, redirects: pull.redirects + 1, now: now)
        }
        return StreamPull(
            pull.source, address: address, redirects: pull.redirects + 1, isFresh: pull.isFresh, now: now)
    }

    private func take(_ bytes: UnsafeRawBufferPointer, _ pull: StreamPull) {
        if let place = pull.place {
            pull.place = nil
            // While the head was on its way another may have begun something else.
            if let trouble = objection(to: place.place, pull) {
                fail(pull, trouble)
                return look()
            }
            let isRoot = pull.source.isRoot
            let isAnew = pull.isFresh && (ring.isAstray || ring.isAstray(against: place.place, isRoot: isRoot))
            do throws(RingError) {
                try ring.begin(at: place.place, heard: place.heard, anew: isAnew)
            } catch {
                lastError = error.description
                fail(pull, .refused)
                return look()
            }
        }
        guard let feed = ring.feed, let position = pull.arriving else { return }
        guard position <= feed.ring.writingPosition else {
            // A new ring has been begun meanwhile, with bytes of another source.
            fail(pull, .gap)
            return look()
        }
        if pull === main, ring.isAstray { return askAfresh(pull) }
        pull.arriving = position + Int64(bytes.count)
        pull.lastByteNanoseconds = loop.nowNanoseconds
        pull.receivedBytes += Int64(bytes.count)
        // What is here already is not written again: its position is in the past.
        let known = Int(min(Int64(bytes.count), max(0, feed.ring.writingPosition - position)))
        let new = UnsafeRawBufferPointer(rebasing: bytes[known...])
        guard !new.isEmpty else { return keepUp(pull, feed) }
        guard FrameGate(format: feed.format).accepts(new, at: feed.ring.writingPosition) else {
            lastError = "the source sent bytes that are no frames"
            fail(pull, .refused)
            return look()
        }
        feed.ring.append(new)
        heard(Int64(new.count), pull, feed)
        holdBack()
    }

    /// A source has brought new sound: it is the one from now on.
    private func heard(_ count: Int64, _ pull: StreamPull, _ feed: StreamFeed) {
        let works = feed.format.bytes(seconds: Self.worksSeconds)
        if pull.soundBytes < works, pull.soundBytes + count >= works { list.worked(pull.source) }
        pull.soundBytes += count
        if pull === main {
            guard pull.isNoted else { return }
            // It has come back before the others brought anything.
            pull.isNoted = false
            list.worked(pull.source)
            lastError = nil
            reconnects += 1
        } else {
            promote(pull)
        }
        for other in asked { drop(other) }
        look()
    }

    /// A better source need not be the faster one: it takes over when sound flows from it, a little behind the present one.
    private func keepUp(_ pull: StreamPull, _ feed: StreamFeed) {
        guard pull !== main, let main, !isSilent(main), let arriving = pull.arriving,
            pull.receivedBytes >= feed.format.bytes(seconds: Self.worksSeconds),
            feed.ring.writingPosition - arriving <= feed.format.bytes(seconds: Self.behindSeconds)
        else { return }
        promote(pull)
        for other in asked { drop(other) }
        look()
    }

    private func promote(_ pull: StreamPull) {
        let isBack = main.map { isSilent($0) } ?? true
        if let main { drop(main) }
        asked.removeAll { $0 === pull }
        main = pull
        if isBack, lastSource != nil { reconnects += 1 }
        if let before = lastSource, !before.isSame(as: pull.source) { changes += 1 }
        lastSource = pull.source
        lastError = nil
        list.settled(now: loop.nowNanoseconds, using: &generator)
        onSource?(pull.source)
    }

    /// Reads no more while the ring holds as much beyond live as it may, lest it overwrite what listeners need.
    private func holdBack() {
        guard ring.isFull, pauseTimer == nil, let main else { return }
        main.request?.pause()
        pauseTimer = loop.schedule(after: .milliseconds(500)) { [unowned self] in
            pauseTimer = nil
            self.main?.lastByteNanoseconds = loop.nowNanoseconds
            self.main?.request?.resume()
        }
    }
}
