import ForeverRelay
import Testing

private let gigabyte: Int64 = 1_000_000_000
private let hour: Int64 = 3_600_000
private let day = 24 * hour
private let start = CalendarDay(year: 2026, month: 11, day: 1).wallMilliseconds

private func settings(_ allotment: Int64?, price: Double? = nil) -> BudgetSettings {
    var settings = BudgetSettings()
    settings.allotmentBytes = allotment
    settings.pricePerGB = price
    return settings
}

@Suite struct TransferBudgetTests {
    /// Counts in steps of a minute, so many bytes an hour.
    private func run(
        _ budget: inout TransferBudget, from: Int64, to: Int64, bytesPerHour: (_ moment: Int64) -> Int64
    ) {
        for moment in stride(from: from + 60_000, through: to, by: 60_000) {
            budget.count(TrafficTotals(sentBytes: bytesPerHour(moment) / 60, receivedBytes: 1), now: moment)
        }
    }

    @Test func countsWhatTheProviderCounts() {
        var both = settings(1_000)
        both.counts = .both
        let totals = TrafficTotals(sentBytes: 700, receivedBytes: 80)
        #expect(settings(1_000).counted(totals) == 700 && both.counted(totals) == 780)
        #expect(both.counted(TrafficTotals(sentBytes: .max, receivedBytes: 9)) == .max)
    }

    @Test func statesFollowTheLimits() {
        var limits = settings(1_000)
        limits.softPercent = 90
        limits.hardPercent = 100
        #expect(limits.state(countedBytes: 899) == .open && limits.state(countedBytes: 900) == .soft)
        #expect(limits.state(countedBytes: 999) == .soft && limits.state(countedBytes: 1_000) == .hard)
        #expect(settings(nil, price: 1).state(countedBytes: .max) == .open)
        #expect(settings(gigabyte, price: 0.5).cost(countedBytes: 3 * gigabyte) == 1)
        #expect(settings(nil, price: 0.5).cost(countedBytes: 3 * gigabyte) == 1.5)
        #expect(settings(gigabyte).cost(countedBytes: 3 * gigabyte) == 0)
    }

    @Test func aNewPeriodBeginsAnewAndTellsOfTheOldOne() {
        let december = CalendarDay(year: 2026, month: 12, day: 1).wallMilliseconds
        var budget = TransferBudget(settings: settings(1_000), now: december - 1_000)
        budget.count(TrafficTotals(sentBytes: 950), now: december - 500)
        #expect(budget.state == .soft)
        budget.othersBytes = 100
        #expect(budget.state == .hard, "others on the account count")
        budget.count(TrafficTotals(sentBytes: 10), now: december + 500)
        #expect(budget.state == .open && budget.ownBytes == 10 && budget.othersBytes == 0)
        #expect(budget.bootPeriods.map(\.totals.sentBytes) == [950, 10])
        budget.count(TrafficTotals(sentBytes: 5), now: december - 2_000)
        #expect(budget.ownBytes == 15, "a clock that steps back does not bring last month back")
        for month in 1...6 {
            budget.count(
                TrafficTotals(sentBytes: 1), now: CalendarDay(year: 2027, month: month, day: 2).wallMilliseconds)
        }
        #expect(budget.bootPeriods.count == 3)
    }

    @Test func takesUpWhatWasKeptOfThisPeriodOnly() {
        let kept = TrafficPeriod(
            start: CalendarDay(year: 2026, month: 11, day: 1), totals: TrafficTotals(sentBytes: 500))
        let same = TransferBudget(settings: settings(1_000), kept: kept, now: start + day)
        #expect(same.ownBytes == 500 && same.bootPeriods.map(\.totals.sentBytes) == [0])
        let later = TransferBudget(
            settings: settings(1_000), kept: kept, now: CalendarDay(year: 2026, month: 12, day: 3).wallMilliseconds)
        #expect(later.ownBytes == 0)
    }

    @Test func anEvenRateIsForecastExactly() {
        var budget = TransferBudget(settings: settings(500 * gigabyte), now: start)
        run(&budget, from: start, to: start + 3 * day + 30 * 60_000) { _ in gigabyte }
        let forecast = Double(budget.forecastBytes(now: start + 3 * day + 30 * 60_000)) / Double(720 * gigabyte)
        #expect(abs(forecast - 1) < 0.002, "30 days of 24 GB: \(forecast)")
        let end = budget.allotmentEnds(now: start + 3 * day + 30 * 60_000) ?? 0
        #expect(abs(end - (start + 500 * hour)) < hour)
        var ample = TransferBudget(settings: settings(800 * gigabyte), now: start)
        run(&ample, from: start, to: start + 3 * day) { _ in gigabyte }
        #expect(ample.allotmentEnds(now: start + 3 * day) == nil)
    }

    /// Evenings are ten times the nights, and weekends twice the week: after one week the rest is known within 3 %.
    @Test func theHoursOfTheWeekAreLearnt() {
        func rate(_ moment: Int64) -> Int64 {
            let daytime = (moment / 3_600_000) % 24
            let weekday = (moment / day) % 7
            return (daytime >= 18 ? 1_000_000_000 : 100_000_000) * (weekday < 2 ? 2 : 1)
        }
        let truth = stride(from: start, to: start + 30 * day, by: Int(hour)).reduce(Int64(0)) { $0 + rate($1) }
        for hours in [Int64(7 * 24), 200, 400, 650] {
            var budget = TransferBudget(settings: settings(nil), now: start)
            run(&budget, from: start, to: start + hours * hour, bytesPerHour: rate)
            let forecast = Double(budget.forecastBytes(now: start + hours * hour)) / Double(truth)
            #expect(abs(forecast - 1) < 0.03, "after \(hours) hours: \(forecast)")
        }
        // After a day the days are all the same to it.
        var young = TransferBudget(settings: settings(nil), now: start)
        run(&young, from: start, to: start + day, bytesPerHour: rate)
        let forecast = Double(young.forecastBytes(now: start + day)) / Double(truth)
        #expect((0.5...2).contains(forecast))
    }

    @Test func aCrowdIsNoticedAndNotBelievedForEver() {
        var budget = TransferBudget(settings: settings(nil), now: start)
        run(&budget, from: start, to: start + 14 * day) { _ in gigabyte }
        let quiet = budget.forecastBytes(now: start + 14 * day)
        run(&budget, from: start + 14 * day, to: start + 15 * day) { _ in 4 * gigabyte }
        let crowded = budget.forecastBytes(now: start + 15 * day)
        let forEver = quiet + 3 * 24 * gigabyte + 15 * 24 * 3 * gigabyte
        #expect(crowded > quiet + 3 * 24 * gigabyte, "\(crowded / gigabyte) after \(quiet / gigabyte)")
        #expect(crowded < forEver)
    }

    @Test func asleepOrAfterAStepOfTheClockNothingIsLearnt() {
        var budget = TransferBudget(settings: settings(nil), now: start)
        budget.count(TrafficTotals(sentBytes: gigabyte), now: start + 10 * day)
        #expect(budget.ownBytes == gigabyte && budget.forecastBytes(now: start + 10 * day) == gigabyte)
    }
}

@Suite struct AlertLevelsTests {
    private let november = CalendarDay(year: 2026, month: 11, day: 1)
    private let december = CalendarDay(year: 2026, month: 12, day: 1)

    @Test func eachLevelIsDueOncePerPeriod() {
        var alerts = AlertLevels(levels: [80, 50, 95])
        #expect(alerts.due(percent: 49.9, period: november) == nil)
        #expect(alerts.due(percent: 85, period: november) == 50)
        #expect(alerts.due(percent: 85, period: november) == 50, "until it is delivered")
        alerts.isDelivered(50, period: november)
        #expect(alerts.due(percent: 85, period: november) == 80)
        alerts.isDelivered(80, period: november)
        #expect(alerts.due(percent: 85, period: november) == nil)
        #expect(alerts.due(percent: 60, period: december) == 50)
    }

    @Test func readsListsOfLevels() {
        #expect(AlertLevels("80, 50,95")?.levels == [50, 80, 95])
        for text in ["", "50,", "x", "-1", "0", "50;80", "1e9"] { #expect(AlertLevels(text) == nil, "\(text)") }
    }

    @Test func theFileKeepsCountsRatesAndAlerts() throws {
        var budget = TransferBudget(settings: settings(1_000), now: start)
        for minute in 1...(26 * 60) {
            budget.count(TrafficTotals(sentBytes: 7, receivedBytes: 1), now: start + Int64(minute) * 60_000)
        }
        var alerts = AlertLevels(levels: [50])
        alerts.isDelivered(50, period: november)
        let file = BudgetFile(
            period: TrafficPeriod(start: budget.period.start, totals: budget.used), rates: budget.rates, alerts: alerts)
        let read = try #require(BudgetFile(file.bytes))
        #expect(read.period.totals == budget.used && read.alertsDelivered == [50] && read.alertPeriod == november)
        #expect(read.rates.kept == budget.rates.kept.map { $0.rounded() })
        #expect(file.bytes.count < BudgetFile.bytesMax)
        for cut in stride(from: 0, to: file.bytes.count - 2, by: 5) {
            #expect(BudgetFile(Array(file.bytes[..<cut])) == nil)
        }
        var torn = file.bytes
        torn[torn.count / 2] ^= 0x40
        _ = BudgetFile(torn)
    }
}
