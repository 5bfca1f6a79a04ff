/// What all relays have sent, kept by relay, boot and billing period. Pure.
///
/// Every report says the whole of its boot so far, so it does not matter which ones arrive: one that is lost is in the next,
/// one that comes twice or late is less than or equal to what is known, and a restart begins another count beside it.
public struct TrafficLedger: Hashable, Sendable {
    /// Relays in the ledger; the one silent longest goes first.
    public static let relaysMax = 1_024
    /// Boots of a relay and period that are kept apart. Older ones are added up: no report of theirs is on its way any more.
    public static let bootsMax = 16
    /// Periods of a relay that are kept.
    public static let periodsMax = 3

    package struct Boot: Hashable, Sendable {
        package var name: String
        package var totals: TrafficTotals
    }

    package struct Period: Hashable, Sendable {
        package var start: CalendarDay
        /// of boots that are not kept apart any more
        package var settled: TrafficTotals
        /// in the order in which they reported last
        package var boots: [Boot]

        package var totals: TrafficTotals { boots.reduce(settled) { $0 + $1.totals } }
    }

    package struct Account: Hashable, Sendable {
        package var name: String
        package var counts: BudgetSettings.Counts
    }

    package struct Entry: Hashable, Sendable {
        package var id: String
        /// where its listeners reach it
        package var url: String?
        package var account: Account?
        /// the oldest first
        package var periods: [Period]
    }

    /// in the order in which they reported last
    package private(set) var entries: [Entry] = []

    public init() {}

    package init(entries: [Entry]) { self.entries = Array(entries.suffix(Self.relaysMax)) }

    /// Takes one report. **Returns** what it adds to what was known.
    ///
    /// A relay without a key of its own has another id after every start. What is known of silent ones at its address and on
    /// its account is its own: otherwise it would be told of its own bytes as of another's.
    @discardableResult
    public mutating func take(
        _ report: RelayReport, at url: String? = nil, isHeard: (_ id: String) -> Bool = { _ in true }
    ) -> TrafficTotals {
        guard !report.boot.isEmpty, !report.periods.isEmpty else { return TrafficTotals() }
        var entry: Entry
        if let index = entries.lastIndex(where: { $0.id == report.id }) {
            entry = entries.remove(at: index)
        } else {
            entry = Entry(id: report.id, url: url, account: nil, periods: [])
            if entries.count >= Self.relaysMax { entries.removeFirst() }
        }
        entry.url = url
        entry.account = report.budget.flatMap { budget in
            budget.account.map { Account(name: $0, counts: budget.counts) }
        }
        if url != nil,
            let former = entries.firstIndex(where: {
                $0.url == url && $0.account == entry.account && !isHeard($0.id)
            })
        {
            for period in entries.remove(at: former).periods {
                guard let index = Self.place(of: period.start, in: &entry) else { continue }
                entry.periods[index].settled += period.totals
            }
        }
        var added = TrafficTotals()
        for period in report.periods { added += Self.take(period, boot: report.boot, into: &entry) }
        entries.append(entry)
        return added
    }

    private static func take(_ told: TrafficPeriod, boot name: String, into entry: inout Entry) -> TrafficTotals {
        guard let index = place(of: told.start, in: &entry) else { return TrafficTotals() }
        let before: TrafficTotals
        let boot: Boot
        if let known = entry.periods[index].boots.firstIndex(where: { $0.name == name }) {
            before = entry.periods[index].boots.remove(at: known).totals
            boot = Boot(name: name, totals: before.merged(told.totals))
        } else {
            before = TrafficTotals()
            boot = Boot(name: name, totals: told.totals)
        }
        entry.periods[index].boots.append(boot)
        if entry.periods[index].boots.count > bootsMax {
            entry.periods[index].settled += entry.periods[index].boots.removeFirst().totals
        }
        return boot.totals.since(before)
    }

    /// Where a period's count is; nil for one that is older than all that are kept.
    private static func place(of start: CalendarDay, in entry: inout Entry) -> Int? {
        if let index = entry.periods.firstIndex(where: { $0.start == start }) { return index }
        let index = entry.periods.firstIndex { $0.start > start } ?? entry.periods.count
        if entry.periods.count >= periodsMax {
            guard index > 0 else { return nil }
            entry.periods.removeFirst()
            entry.periods.insert(Period(start: start, settled: TrafficTotals(), boots: []), at: index - 1)
            return index - 1
        }
        entry.periods.insert(Period(start: start, settled: TrafficTotals(), boots: []), at: index)
        return index
    }

    /// What a relay has used in the period that begins on that day.
    public func totals(of id: String, period start: CalendarDay) -> TrafficTotals {
        entries.last { $0.id == id }?.periods.first { $0.start == start }?.totals ?? TrafficTotals()
    }

    /// What a relay has used in its newest period.
    public func newest(of id: String) -> TrafficPeriod? {
        guard let period = entries.last(where: { $0.id == id })?.periods.last else { return nil }
        return TrafficPeriod(start: period.start, totals: period.totals)
    }

    /// What all relays on an account, but for one, have used in the period that begins on that day, as the provider counts.
    ///
    /// - atLeast: what a relay will have used, where that is to be added up instead.
    public func accountBytes(
        _ account: String, except id: String? = nil, period start: CalendarDay,
        atLeast: (_ id: String) -> Int64 = { _ in 0 }
    ) -> Int64 {
        entries.reduce(Int64(0)) { sum, entry in
            guard entry.id != id, let its = entry.account, its.name == account,
                let period = entry.periods.first(where: { $0.start == start })
            else { return sum }
            var settings = BudgetSettings()
            settings.counts = its.counts
            let bytes = max(settings.counted(period.totals), atLeast(entry.id))
            return (TrafficTotals(sentBytes: sum) + TrafficTotals(sentBytes: bytes)).sentBytes
        }
    }
}
