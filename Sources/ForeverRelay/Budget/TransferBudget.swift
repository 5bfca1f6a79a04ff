/// One server's transfer in the billing period: what is used, what will be, and what follows from it. Pure: time and bytes
/// are handed in.
public struct TransferBudget: Hashable, Sendable {
    public let settings: BudgetSettings
    /// The period that is counted now.
    public private(set) var period: BillingPeriod
    /// Wire bytes of this period, of all boots.
    public private(set) var used: TrafficTotals
    /// Wire bytes of this boot in the last few periods, the newest last.
    public private(set) var bootPeriods: [TrafficPeriod] = []
    /// What others on the same account have used in this period, as the provider counts.
    public var othersBytes: Int64 = 0
    /// What they will have used at its end.
    public var othersForecastBytes: Int64 = 0
    public private(set) var rates: WeekRates
    private var lastMilliseconds: Int64
    private var forecastCache: (moment: Int64, own: Int64, end: Int64?)?

    /// Periods of one boot that are told: the present one and those that came to an end lately.
    static let bootPeriodsMax = 3
    /// A forecast is made anew after this time.
    private static let forecastMilliseconds: Int64 = 300_000
    /// More than this between two counts is a sleep or a step of the clock, and says nothing of a rate.
    private static let countedMillisecondsMax: Int64 = 300_000

    /// Begins to count, with what was kept from before if it is of the present period.
    public init(
        settings: BudgetSettings, kept: TrafficPeriod? = nil, rates: WeekRates = WeekRates(),
        now wallMilliseconds: Int64
    ) {
        self.settings = settings
        let period = BillingPeriod(
            containing: CalendarDay(wallMilliseconds: wallMilliseconds), billingDay: settings.billingDay)
        self.period = period
        used = kept.flatMap { $0.start == period.start ? $0.totals : nil } ?? TrafficTotals()
        self.rates = rates
        lastMilliseconds = wallMilliseconds
        bootPeriods = [TrafficPeriod(start: period.start, totals: TrafficTotals())]
    }

    /// Adds what has gone over the wire since the last time.
    public mutating func count(_ more: TrafficTotals, now wallMilliseconds: Int64) {
        let day = CalendarDay(wallMilliseconds: wallMilliseconds)
        // A clock that steps back does not bring the last month back.
        if day >= period.end { begin(BillingPeriod(containing: day, billingDay: settings.billingDay)) }
        used += more
        bootPeriods[bootPeriods.count - 1].totals += more
        let past = wallMilliseconds - lastMilliseconds
        lastMilliseconds = wallMilliseconds
        if (0...Self.countedMillisecondsMax).contains(past) {
            rates.add(settings.counted(more), within: past, now: wallMilliseconds)
        }
    }

    private mutating func begin(_ next: BillingPeriod) {
        period = next
        used = TrafficTotals()
        othersBytes = 0
        othersForecastBytes = 0
        forecastCache = nil
        bootPeriods.append(TrafficPeriod(start: next.start, totals: TrafficTotals()))
        if bootPeriods.count > Self.bootPeriodsMax { bootPeriods.removeFirst() }
    }

    /// What the provider counts of this server alone.
    public var ownBytes: Int64 { settings.counted(used) }

    /// What stands against the allotment: this server's and the account's others'.
    public var countedBytes: Int64 {
        (TrafficTotals(sentBytes: ownBytes) + TrafficTotals(sentBytes: othersBytes)).sentBytes
    }

    /// Used of the allotment; nil without one. **Units:** %.
    public var percent: Double? {
        settings.allotmentBytes.map { $0 > 0 ? Double(countedBytes) * 100 / Double($0) : 100 }
    }

    public var state: BudgetState { settings.state(countedBytes: countedBytes) }

    /// What this server alone will have used at the period's end.
    public mutating func ownForecastBytes(now: Int64) -> Int64 { forecast(now).own }

    /// What will stand against the allotment at the period's end.
    public mutating func forecastBytes(now: Int64) -> Int64 {
        let own = forecast(now).own
        let others = max(othersBytes, othersForecastBytes)
        return (TrafficTotals(sentBytes: own) + TrafficTotals(sentBytes: others)).sentBytes
    }

    /// When the allotment will be used up, milliseconds since 1970; nil when it lasts or there is none.
    public mutating func allotmentEnds(now: Int64) -> Int64? { forecast(now).end }

    private mutating func forecast(_ now: Int64) -> (own: Int64, end: Int64?) {
        if let forecastCache, (0..<Self.forecastMilliseconds).contains(now - forecastCache.moment) {
            return (max(ownBytes, forecastCache.own), forecastCache.end)
        }
        let periodEnd = period.end.wallMilliseconds
        var own = Double(ownBytes)
        var total = Double(countedBytes)
        // The others use theirs evenly until then.
        let left = Double(max(0, othersForecastBytes - othersBytes)) / Double(max(1, periodEnd - now))
        let allotment = settings.allotmentBytes.map(Double.init)
        var end = allotment.flatMap { total >= $0 ? now : nil }
        var moment = now
        rates.forecast(from: now) { bytes, milliseconds in
            guard moment < periodEnd else { return false }
            let share = Double(min(milliseconds, periodEnd - moment)) / Double(milliseconds)
            let mine = bytes * share
            let all = mine + left * Double(milliseconds) * share
            if end == nil, let allotment, total + all >= allotment, all > 0 {
                end = moment + Int64((allotment - total) / all * Double(milliseconds) * share)
            }
            own += mine
            total += all
            moment += milliseconds
            return true
        }
        let result = (moment: now, own: Int64(min(own, 9e18)), end: end)
        forecastCache = result
        return (result.own, result.end)
    }

    /// What a relay says of it to its root.
    public mutating func report(now: Int64) -> BudgetReport {
        BudgetReport(
            settings: settings, state: state, usedBytes: countedBytes, forecastBytes: forecastBytes(now: now),
            ownForecastBytes: ownForecastBytes(now: now))
    }

    public static func == (a: TransferBudget, b: TransferBudget) -> Bool {
        a.settings == b.settings && a.period == b.period && a.used == b.used && a.bootPeriods == b.bootPeriods
            && a.othersBytes == b.othersBytes && a.rates == b.rates
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(settings)
        hasher.combine(used)
    }
}
