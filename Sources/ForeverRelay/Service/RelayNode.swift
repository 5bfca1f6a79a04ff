import ForeverHTTP

/// A whole relay: source, service, mirror of events, reports and status page, ready to be put into a router.
///
/// The executable forever-relay is this and its arguments. **Thread:** the loop's.
public final class RelayNode {
    public struct Settings {
        public var root: HTTPAddress
        public var dataFolder: String
        public var service: ServiceSettings
        public var weight = 100
        public var location: String?
        /// What its transfer may be and costs; the folder is filled in.
        public var budget = BudgetKeeper.Settings()
        /// How long it goes on pulling when nobody listens; nil: for ever.
        public var lingerSeconds: Double?
        /// what players are told when this port is not the one they reach; set after listening
        public var port: UInt16 = 0

        public init(root: HTTPAddress, dataFolder: String, service: ServiceSettings) {
            self.root = root
            self.dataFolder = dataFolder
            self.service = service
        }
    }

    /// Relays served beyond the fan-out: those whose own parents are gone.
    static let relayReserve = 2

    public let service: StreamService
    public let upstream: Upstream
    public let mirror: EventsMirror
    public private(set) var reporter: RelayReporter?
    /// What goes over the wire, and what may.
    public let budget: BudgetKeeper
    private let settings: Settings
    private let client: HTTPClient
    private let credentials: RelayCredentials?
    /// Who it is at the root.
    public let id: String
    private let boot: String
    private var port: UInt16
    private var idle: IdleWatch
    private var idleTimer: TimerID?
    private var drain: Drain?
    private var joinedAtMilliseconds: Int64?
    private let memory: SourceMemory
    /// Where the root says that listeners reach it; nil: where this relay does.
    private var rootURL: String?
    private let checker: TicketChecker?

    /// With a key of its own it has the id that the root gave it, with the shared token another at every start.
    /// Without a signer it follows live like any listener and does not register.
    ///
    /// - digest: with it, it also pulls from other relays and lets them pull from here
    public init(
        loop: EventLoop, client: HTTPClient, settings: Settings, generator: any RandomNumberGenerator,
        id givenID: String? = nil, digest: KeyedDigest? = nil, sign: MessageSigner?, meter: WireMeter = WireMeter()
    ) {
        var generator = generator
        self.settings = settings
        self.client = client
        port = settings.port
        memory = SourceMemory(folder: settings.dataFolder)
        let id = givenID ?? RelayProof.Nonce(using: &generator).description
        self.id = id
        boot = Epoch(using: &generator).description
        let credentials = sign.map {
            RelayCredentials(loop: loop, id: id, generator: generator, digest: digest, sign: $0)
        }
        self.credentials = credentials
        checker = credentials?.ticketChecker()
        service = StreamService(loop: loop, settings: settings.service)
        var limits = settings.budget
        limits.dataFolder = settings.dataFolder
        budget = BudgetKeeper(
            service: service, client: client, meter: meter, settings: limits, generator: generator)
        idle = IdleWatch(lingerSeconds: settings.lingerSeconds, now: loop.nowNanoseconds)
        upstream = Upstream(
            service: service, client: client, root: settings.root, dataFolder: settings.dataFolder,
            credentials: credentials, generator: generator)
        mirror = EventsMirror(service: service, client: client, root: settings.root, generator: generator)
        upstream.onOpen = { [unowned mirror] in mirror.opened($0) }
        upstream.onSource = { [unowned self] source in
            mirror.follow(source.address)
            take(path: upstream.path + (credentials.map { [$0.id] } ?? []))
        }
        service.onWanted = { [unowned self] in isWanted() }
        service.upstreamJSON = { [unowned self] in upstream.json(reporter: reporter).bytes }
        guard let credentials else { return }
        reporter = RelayReporter(
            service: service, client: client, root: settings.root, credentials: credentials,
            report: { [unowned self] in report() })
        reporter?.onReply = { [unowned self] in take($0) }
        service.sendBack = { [unowned self] in
            // Who is not known to the root cannot be left out by it; one that does not answer has nothing to offer.
            guard reporter?.isRegistered == true else { return nil }
            return (rootURL ?? "\(settings.root.scheme)://\(settings.root.authority)", id)
        }
        guard let checker else { return }
        service.provenRelay = { checker.relay(of: $0, rootMilliseconds: credentials.rootMilliseconds) }
        service.rootMilliseconds = { credentials.rootMilliseconds }
        service.admitRelay = { [unowned self] child in
            if service.isLeaving { return .full }
            // Who brings our own sound cannot have it from us.
            if child == upstream.source?.id { return .full }
            let served = service.fanout?.statistics.relays ?? 0
            return served < settings.service.relayFanout + Self.relayReserve ? .welcome : .full
        }
    }

    /// Puts the stream's paths and the status page into a router.
    public func install(into router: Router) {
        service.install(into: router)
        router.on(.GET, RelayChallenge.path) { [unowned self] in proveAddress($0) }
        router.on(.GET, "/") { [unowned self] _ in
            RelayPage.response(service, upstream, budget.budget, root: settings.root)
        }
    }

    /// Shows the root that its listeners come to us, by the address that we gave it or, without one, the one it asked.
    private func proveAddress(_ request: Request) -> Response {
        guard let credentials else { return .status(.notFound) }
        let asked = request.effectiveHost.map { "\(request.effectiveScheme)://\($0)" }
        guard let nonce = request.query("nonce").flatMap({ RelayProof.Nonce($0) }),
            let address = (settings.service.publicURL ?? asked).flatMap({ HTTPAddress($0) })
        else { return .text("a nonce of 32 hexadecimal digits is wanted", status: .badRequest) }
        return .json(credentials.answer(nonce, at: address).bytes)
    }

    /// Begins to pull, to mirror and to report; `port` is the one it listens on.
    public func start(port: UInt16) throws(RingError) {
        self.port = port
        let known = reporter == nil ? [] : memory.load(root: rootStream)
        if !known.isEmpty { upstream.sources = known }
        try upstream.start()
        budget.start()
        mirror.start()
        reporter?.start()
        watchIdle()
    }

    /// Tells the root that no more listeners should come, takes none, and lets those here go within so many seconds;
    /// `onEnd` is called when all have gone.
    public func leave(withinSeconds seconds: Double, onEnd: @escaping () -> Void) {
        service.isLeaving = true
        reporter?.send()
        drain = Drain(service, seconds: seconds, onEnd: onEnd)
    }

    // MARK: Idleness

    private func watchIdle() {
        idleTimer = service.loop.schedule(after: .seconds(1)) { [unowned self] in
            let now = service.loop.nowNanoseconds
            if (service.fanout?.connectionCount ?? 0) > 0 { idle.isWanted(now: now) }
            if idle.isOver(now: now) {
                upstream.sleep()
                service.isAsleep = true
            }
            // A page may still want to know what plays.
            if service.isAsleep, service.events.subscriberCount == 0 { mirror.sleep() } else { mirror.wake() }
            watchIdle()
        }
    }

    private func isWanted() {
        idle.isWanted(now: service.loop.nowNanoseconds)
        guard service.isAsleep else { return }
        service.isAsleep = false
        if upstream.wake() { service.awaitsFeed = true }
        mirror.wake()
    }

    /// Stops everything; the ring stays for the next start.
    public func stop() {
        if let idleTimer { service.loop.cancel(idleTimer) }
        idleTimer = nil
        drain = nil
        reporter?.stop()
        mirror.stop()
        upstream.stop()
        service.stop()
        budget.stop()
    }

    private func report() -> RelayReport {
        let statistics = service.fanout?.statistics ?? FanoutStatistics()
        var report = RelayReport(
            id: id, url: settings.service.publicURL, port: port, listeners: statistics.listeners,
            connections: statistics.connections, listenerLimit: settings.service.listenerLimit,
            bytesSent: statistics.bytesSent, weight: settings.weight, location: settings.location,
            isHealthy: service.isHealthy && !service.isLeaving, epoch: service.feed?.epoch.description,
            livePosition: max(0, service.feed?.live ?? 0), mixingEdgePosition: max(0, service.feed?.edge ?? 0),
            version: settings.service.version)
        report.boot = boot
        report.periods = budget.budget.bootPeriods
        report.budget = budget.report()
        report.listenersPeak = statistics.listenersPeak
        report.agents = statistics.agents.merged
        report.load = MachineLoad.perProcessor()
        report.isDraining = service.isLeaving
        report.isAsleep = service.isAsleep
        report.depth = upstream.path.count
        report.source = upstream.source?.id
        report.place.isPulling = upstream.isConnected
        report.place.relayRoom = service.provenRelay == nil ? 0 : settings.service.relayFanout
        report.place.relayConnections = statistics.relays
        report.place.joinedAtMilliseconds = joinedAtMilliseconds
        return report
    }

    /// Relays that pull from here were told another way: they come again, at the next byte, and see whether this one
    /// leads in a circle or is too long for them.
    private func take(path: [String]) {
        guard path != service.path else { return }
        service.path = path
        service.fanout?.cut(nil)
    }

    private var rootStream: HTTPAddress { settings.root.with(target: Upstream.target) }

    /// Their tickets hold no longer, here either.
    private func revoke(_ ids: [JSONValue]) {
        let revoked = Set(ids.prefix(RelayKeyring.membersMax).compactMap(\.string))
        for id in revoked.subtracting(checker?.revoked ?? []) { service.fanout?.cut(RelayTag(id)) }
        checker?.revoked = revoked
    }

    /// Takes over what the root's reply says.
    private func take(_ reply: JSONValue) {
        budget.take(
            othersBytes: reply["accountBytes"]?.integer ?? 0,
            othersForecastBytes: reply["accountForecastBytes"]?.integer ?? 0)
        budget.isOn(account: reply["account"]?.string)
        rootURL = reply["url"]?.string.flatMap { HTTPAddress($0) }.map { "\($0.scheme)://\($0.authority)" }
        revoke(reply["revoked"]?.array ?? [])
        upstream.hear(
            rootEpoch: reply["epoch"]?.string.flatMap { Epoch($0) },
            live: reply["isStarved"]?.bool == false ? reply["livePosition"]?.integer : nil)
        joinedAtMilliseconds = reply["joinedAtMilliseconds"]?.integer ?? joinedAtMilliseconds
        guard let sources = reply["sources"]?.array, !sources.isEmpty else { return }
        let named = sources.compactMap { PullSource($0, child: id, root: rootStream) }
        upstream.sources = named
        memory.keep(named, child: id, now: service.loop.nowNanoseconds)
    }
}
