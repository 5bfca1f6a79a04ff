import ForeverHTTP

/// Puts a server's budget to work: counts what goes over the wire, keeps the count, takes no listeners and lets them go when it
/// is used up, and says so.
///
/// Without an allotment it counts all the same. **Thread:** the loop's.
public final class BudgetKeeper {
    public struct Settings: Sendable {
        public var budget: BudgetSettings
        /// where alerts go, and at which levels
        public var webhook: HTTPAddress?
        public var levels: AlertLevels
        /// where the count is kept; nil: nowhere
        public var dataFolder: String?

        public init(
            budget: BudgetSettings = BudgetSettings(), webhook: HTTPAddress? = nil, levels: AlertLevels = AlertLevels(),
            dataFolder: String? = nil
        ) {
            self.budget = budget
            self.webhook = webhook
            self.levels = levels
            self.dataFolder = dataFolder
        }
    }

    static let tickSeconds: Int64 = 1
    /// How much of the count a kill may cost.
    static let saveNanoseconds: Int64 = 10_000_000_000
    /// Listeners of a server whose transfer is used up are let go within this time.
    static let letGoNanoseconds: Int64 = 300_000_000_000

    public let settings: Settings
    public internal(set) var budget: TransferBudget
    /// Told what an operator should know, in words.
    public var say: ((String) -> Void)?
    /// Called after every count, for who keeps sums of several servers.
    public var onCount: ((TrafficTotals) -> Void)?

    let service: StreamService
    private let meter: WireMeter
    private let file: KeptFile?
    private var alerts: BudgetAlerts
    private var timer: TimerID?
    private var counted = TrafficTotals()
    private var savedNanoseconds: Int64
    private var pace: DrainPace?
    private var saidTrouble = false
    private var saidAlone = false
    private var words: String?

    /// Takes up what the folder holds from before. `meter` counts what the HTTP layer sends; the stream's own is the
    /// service's.
    public init(
        service: StreamService, client: HTTPClient, meter: WireMeter, settings: Settings,
        generator: any RandomNumberGenerator
    ) {
        self.service = service
        self.meter = meter
        self.settings = settings
        savedNanoseconds = service.loop.nowNanoseconds
        file = settings.dataFolder.map { KeptFile(path: $0 + "/budget.json", bytesMax: BudgetFile.bytesMax) }
        let now = service.loop.wallMilliseconds
        var levels = settings.levels
        var kept: BudgetFile?
        switch file?.read(isGood: { BudgetFile($0) != nil }) {
        case .bytes(let bytes): kept = BudgetFile(bytes)
        case .setAside(let path):
            words = "the count of transfer was damaged; it lies now at \(path), and a new one begins"
        case .nothing, nil: break
        }
        if let kept { levels.restore(period: kept.alertPeriod, delivered: kept.alertsDelivered) }
        budget = TransferBudget(
            settings: settings.budget, kept: kept?.period, rates: kept?.rates ?? WeekRates(), now: now)
        alerts = BudgetAlerts(client: client, webhook: settings.webhook, levels: levels, generator: generator)
        service.budgetJSON = { [unowned self] in json.bytes }
        service.budgetMetrics = { [unowned self] in metrics }
    }

    /// Begins to count.
    public func start() {
        if let words { say?(words) }
        words = nil
        enforce()
        schedule()
    }

    /// Counts and keeps what is left, for the next start.
    public func stop() {
        if let timer { service.loop.cancel(timer) }
        timer = nil
        count()
        save()
    }

    private func schedule() {
        timer = service.loop.schedule(after: .seconds(Self.tickSeconds)) { [unowned self] in
            tick()
            schedule()
        }
    }

    private func tick() {
        meter.look()
        count()
        enforce()
        let now = service.loop.nowNanoseconds
        alerts.tell(budget, service: service) { [weak self] in self?.save() }
        if now - savedNanoseconds >= Self.saveNanoseconds { save() }
    }

    private func count() {
        let wire = meter.total + (service.fanout?.statistics.wire ?? WireTraffic())
        let total = TrafficTotals(sentBytes: wire.sentBytes, receivedBytes: wire.receivedBytes)
        let more = total.since(counted)
        counted = counted.merged(total)
        budget.count(more, now: service.loop.wallMilliseconds)
        onCount?(more)
    }

    private func save() {
        savedNanoseconds = service.loop.nowNanoseconds
        guard let file else { return }
        let kept = BudgetFile(
            period: TrafficPeriod(start: budget.period.start, totals: budget.used), rates: budget.rates,
            alerts: alerts.levels)
        do throws(SystemError) {
            try file.write(kept.bytes)
            saidTrouble = false
        } catch {
            if !saidTrouble { say?("the count of transfer cannot be kept: \(file.path): \(error)") }
            saidTrouble = true
        }
    }

    /// What the others on the account have used and will have.
    func take(othersBytes: Int64, othersForecastBytes: Int64) {
        budget.othersBytes = max(0, othersBytes)
        budget.othersForecastBytes = max(0, othersForecastBytes)
    }

    /// The root counts this server to that account; nil: to none.
    func isOn(account: String?) {
        guard let own = settings.budget.account, account == nil, !saidAlone else { return }
        saidAlone = true
        say?(
            "the station does not count this relay to the account \(own): its operator says "
                + "forever-server relays account ID \(own)")
    }

    /// What a relay says of it to its root; nil when nothing is limited and nothing costs.
    func report() -> BudgetReport? {
        guard settings.budget.allotmentBytes != nil || settings.budget.pricePerGB != nil else { return nil }
        return budget.report(now: service.loop.wallMilliseconds)
    }

    // MARK: Limits

    private func enforce() {
        let state = budget.state
        service.isOverBudget = state != .open
        guard state == .hard, !service.isLeaving, let fanout = service.fanout else {
            pace = nil
            return
        }
        let now = service.loop.nowNanoseconds
        let here = fanout.statistics.connections
        guard here > 0 else {
            pace = nil
            return
        }
        if pace.map({ $0.isOver(now: now) }) ?? true {
            pace = DrainPace(connections: here, beginNanoseconds: now, nanoseconds: Self.letGoNanoseconds)
        }
        guard let pace else { return }
        // A root lets listeners go only as far as its relays have room for them.
        let room = service.settings.role == .root ? service.relayRoom?() ?? 0 : here
        fanout.letGo(min(max(0, here - pace.connections(now: now)), room))
    }
}
