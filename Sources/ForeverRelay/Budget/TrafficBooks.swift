import ForeverHTTP

/// The root's books: what each relay has sent, what accounts have used, and both by the hour. Kept across restarts.
///
/// **Thread:** the loop's.
public final class TrafficBooks {
    static let saveNanoseconds: Int64 = 10_000_000_000
    static let hoursNanoseconds: Int64 = 60_000_000_000

    public private(set) var ledger = TrafficLedger()
    public private(set) var history = TrafficHistory()
    /// Told every minute, and at the end, what is to be stored by the hour.
    public var onHours: (([TrafficHour]) -> Void)?
    /// Told what an operator should know, in words.
    public var say: ((String) -> Void)?

    private let service: StreamService
    private let directory: RelayDirectory
    private let budget: BudgetKeeper
    private let file: KeptFile?
    private var savedNanoseconds: Int64
    private var toldNanoseconds: Int64
    private var isChanged = false
    private var saidTrouble = false

    /// Takes up what the folder holds from before; `earlier` is what was stored by the hour.
    public init(
        service: StreamService, directory: RelayDirectory, budget: BudgetKeeper, dataFolder: String?,
        earlier: [TrafficHour] = [], say: ((String) -> Void)? = nil
    ) {
        self.service = service
        self.directory = directory
        self.budget = budget
        self.say = say
        file = dataFolder.map { KeptFile(path: $0 + "/traffic.json", bytesMax: LedgerFile.bytesMax) }
        savedNanoseconds = service.loop.nowNanoseconds
        toldNanoseconds = service.loop.nowNanoseconds
        switch file?.read(isGood: { LedgerFile.read($0) != nil }) {
        case .bytes(let bytes): ledger = LedgerFile.read(bytes) ?? TrafficLedger()
        case .setAside(let path): say?("the relays' sums were damaged; they lie now at \(path), and new ones begin")
        case .nothing, nil: break
        }
        history.restore(earlier)
        budget.onCount = { [unowned self] in count($0) }
        service.historyJSON = { [unowned self] in history.json.bytes }
        service.relayMetrics = { [unowned self] in metrics }
    }

    /// Keeps what is not kept yet.
    public func stop() {
        tellHours()
        save()
    }

    func take(_ report: RelayReport) {
        let now = service.loop.nowNanoseconds
        let records = directory.all
        let added = ledger.take(report, at: records.first { $0.report.id == report.id }?.url) { id in
            records.contains { $0.report.id == id && $0.isHeard(now: now) }
        }
        guard added != TrafficTotals() else { return }
        isChanged = true
        history.add(
            TrafficHour(server: report.id, hour: hour, listenerSeconds: 0, listenersPeak: 0, totals: added))
    }

    /// What the others on a relay's account have used and will have used in its period, this server included.
    func others(than report: RelayReport) -> (usedBytes: Int64, forecastBytes: Int64)? {
        guard let account = report.budget?.account, let start = report.periods.last?.start else { return nil }
        var used = ledger.accountBytes(account, except: report.id, period: start)
        var forecast = ledger.accountBytes(account, except: report.id, period: start, atLeast: forecastBytes)
        if budget.settings.budget.account == account {
            let now = service.loop.wallMilliseconds
            var own = budget.budget
            used = sum(used, own.ownBytes)
            forecast = sum(forecast, own.ownForecastBytes(now: now))
        }
        return (used, forecast)
    }

    private func forecastBytes(_ id: String) -> Int64 {
        let record = directory.all.first { $0.report.id == id && $0.isHeard(now: service.loop.nowNanoseconds) }
        return record?.report.budget?.ownForecastBytes ?? 0
    }

    private func sum(_ a: Int64, _ b: Int64) -> Int64 {
        (TrafficTotals(sentBytes: a) + TrafficTotals(sentBytes: b)).sentBytes
    }

    private var hour: Int64 { service.loop.wallMilliseconds / WeekRates.millisecondsPerHour }

    /// Once a second, with what this server itself has had on the wire since.
    private func count(_ own: TrafficTotals) {
        let now = service.loop.nowNanoseconds
        let here = service.fanout?.statistics.listeners ?? 0
        history.add(
            TrafficHour(
                server: TrafficHistory.root, hour: hour, listenerSeconds: Int64(here), listenersPeak: here, totals: own)
        )
        var all = here
        for record in directory.all where record.isHeard(now: now) && record.report.listeners > 0 {
            let listeners = record.report.listeners
            all += listeners
            history.add(
                TrafficHour(
                    server: record.report.id, hour: hour, listenerSeconds: Int64(listeners), listenersPeak: listeners,
                    totals: TrafficTotals()))
        }
        history.note(listeners: all, hour: hour)
        if let account = budget.settings.budget.account {
            let start = budget.budget.period.start
            budget.take(
                othersBytes: ledger.accountBytes(account, period: start),
                othersForecastBytes: ledger.accountBytes(account, period: start, atLeast: forecastBytes))
        }
        if now - toldNanoseconds >= Self.hoursNanoseconds { tellHours() }
        if now - savedNanoseconds >= Self.saveNanoseconds { save() }
    }

    private func tellHours() {
        toldNanoseconds = service.loop.nowNanoseconds
        guard let onHours else { return }
        let hours = history.take()
        if !hours.isEmpty { onHours(hours) }
    }

    private func save() {
        savedNanoseconds = service.loop.nowNanoseconds
        guard let file, isChanged else { return }
        isChanged = false
        do throws(SystemError) {
            try file.write(LedgerFile.bytes(ledger))
            saidTrouble = false
        } catch {
            if !saidTrouble { say?("the relays' sums cannot be kept: \(file.path): \(error)") }
            saidTrouble = true
        }
    }

    private var metrics: [MetricRow] {
        let now = service.loop.nowNanoseconds
        let records = directory.all
        return records.map { record in
            MetricRow(
                "relay_listeners_here", "gauge", "Listeners at one relay",
                "\(record.isHeard(now: now) ? record.report.listeners : 0)", ["relay": record.report.id])
        }
            + records.map { record in
                MetricRow(
                    "relay_sent_bytes", "gauge", "Wire bytes that one relay sent in its billing period",
                    "\(ledger.newest(of: record.report.id)?.totals.sentBytes ?? 0)", ["relay": record.report.id])
            }
    }
}
