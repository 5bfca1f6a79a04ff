import ForeverHTTP

/// `/relays` of a root: takes registrations and reports, and joins the directory to the stream service.
public final class RelayDesk {
    /// How often relays should report.
    public static let reportSeconds: Int64 = 3

    public let directory: RelayDirectory
    /// Sums of what relays have sent; nil: none are kept.
    public var books: TrafficBooks?
    public let keys: RelayKeys
    let service: StreamService
    var generator: any RandomNumberGenerator
    private let checker: RelayProofChecker
    private var lookTimer: TimerID?
    private var inspector: RelayInspector?
    private let tree: TreeDesk
    private var revokedTickets = RevokedTickets()

    /// A root with one secret for all relays; without a signer no relay can register or read ahead.
    public convenience init(service: StreamService, generator: any RandomNumberGenerator, sign: MessageSigner?) {
        self.init(service: service, generator: generator, keys: RelayKeys(shared: sign))
    }

    public init(service: StreamService, generator: any RandomNumberGenerator, keys: RelayKeys) {
        self.service = service
        self.keys = keys
        self.generator = generator
        directory = RelayDirectory(generator: generator)
        let checker = RelayProofChecker { keys.signer(for: $0) }
        self.checker = checker
        tree = TreeDesk(
            service: service, directory: directory, generator: generator, signer: { keys.signer(for: $0) })
        let loop = service.loop
        let directory = self.directory
        service.chooseRelay = { directory.choose($0, now: loop.nowNanoseconds) }
        service.relayURLs = { directory.healthyURLs($0, now: loop.nowNanoseconds) }
        service.relayRoom = { directory.freeSlots(now: loop.nowNanoseconds) }
        service.relayListeners = { directory.listeners(now: loop.nowNanoseconds) }
        service.relaysJSON = { [unowned self] in json.bytes }
        service.provenRelay = { checker.relay(of: $0, wallMilliseconds: loop.wallMilliseconds) }
        directory.name = { keys.keyring[$0]?.name }
        directory.granted = { keys.keyring[$0]?.listenerLimit }
        keys.onChange = { [unowned self] in dismissUnwelcome() }
        dismissUnwelcome()
        look()
    }

    deinit { if let lookTimer { service.loop.cancel(lookTimer) } }

    /// From now on relays get listeners only once their addresses lead to them, and lose them when they send other sound.
    ///
    /// `client` asks them; `say` gets words for the operator.
    public func inspect(with client: HTTPClient, say: @escaping (String) -> Void) {
        inspector = RelayInspector(
            service: service, directory: directory, keys: keys, client: client, generator: generator, say: say)
    }

    /// Takes up what the operator has changed about relays since. It happens by itself every few seconds.
    public func reload() { keys.refresh() }

    private func look() {
        lookTimer = service.loop.schedule(after: .seconds(RelayKeys.lookSeconds)) { [unowned self] in
            reload()
            look()
        }
    }

    /// Who may not come any more is cut off, and gets no more listeners.
    private func dismissUnwelcome() {
        let unwelcome = keys.keyring.members.filter { !$0.isWelcome }.map(\.id)
        for id in unwelcome {
            directory.forget(id)
            service.fanout?.cut(RelayTag(id))
        }
        revokedTickets.take(unwelcome, now: service.loop.nowNanoseconds)
    }

    /// Puts `/relays` into a router.
    public func install(into router: Router) {
        router.on(.POST, "/relays") { [unowned self] in report($0) }
        router.on(.POST, RelayJoin.target) { [unowned self] in join($0) }
        router.on(.GET, "/relays") { [unowned self] request in
            if let refusal = service.refusalOfPlain(request) { return refusal }
            guard provenRelay(request) != nil else { return service.unauthorized() }
            return .json(json.bytes)
        }
    }

    private var json: JSONValue {
        directory.json(now: service.loop.nowNanoseconds, ledger: books?.ledger ?? TrafficLedger())
    }

    private func provenRelay(_ request: Request) -> String? {
        checker.relay(of: request, wallMilliseconds: service.loop.wallMilliseconds)
    }

    private func report(_ request: Request) -> Response {
        if let refusal = service.refusalOfPlain(request) { return refusal }
        guard let id = provenRelay(request) else { return service.unauthorized() }
        let parsed: JSONValue
        do throws(JSONError) { parsed = try JSONParser.parse(request.body) } catch {
            return .text("the report is not JSON: \(error)", status: .badRequest)
        }
        guard var report = RelayReport(parsed) else {
            return .text("a field of the report is missing or wrong", status: .badRequest)
        }
        guard report.id == id else {
            return .text("the report is of another relay than its proof", status: .forbidden)
        }
        if let dropped = keys.keyring.droppedWithoutKey(
            at: RelayDirectory.url(of: report, from: request.clientAddress)), dropped.id != id
        {
            return .text("a relay at this address was dropped: \(dropped.distrust ?? "")", status: .forbidden)
        }
        let account = keys.account(of: id, claimed: report.budget?.account)
        report.budget?.account = account
        service.advance()
        guard
            directory.take(
                report, from: request.clientAddress, now: service.loop.nowNanoseconds,
                root: service.feed.map { RootStanding($0) })
        else {
            return .text("no place for this relay, or no address for its listeners", status: .unprocessableContent)
        }
        books?.take(report)
        let others = books?.others(than: report)
        let feed = service.feed
        let anchor: JSONValue =
            feed?.clock.anchor.map {
                ["position": .integer($0.position), "wallMilliseconds": .integer($0.wallMilliseconds)]
            } ?? .null
        let reply: JSONValue = [
            "epoch": .text(feed?.epoch.description), "byteRate": .integer(feed?.format.byteRate ?? 0),
            "livePosition": .integer(feed?.live ?? 0), "mixingEdgePosition": .integer(feed?.edge ?? 0),
            "serverTimeMilliseconds": .integer(service.loop.wallMilliseconds), "anchor": anchor,
            "isStarved": .bool(feed?.clock.isStarved ?? true), "reportSeconds": .integer(Self.reportSeconds),
            "accountBytes": .integer(others?.usedBytes ?? 0),
            "accountForecastBytes": .integer(others?.forecastBytes ?? 0),
            "account": .text(account), "url": .text(service.settings.publicURL),
            "revoked": .array(revokedTickets.ids(now: service.loop.nowNanoseconds).map { .string($0) }),
            "id": .string(id), "listenerLimit": .count(keys.keyring[id]?.listenerLimit),
        ]
        guard case .object(let members) = reply else { return .json(reply.bytes) }
        return .json(JSONValue.object(members + tree.members(for: report)).bytes)
    }
}
