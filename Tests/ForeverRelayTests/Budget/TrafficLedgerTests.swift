import ForeverRelay
import Testing

private let november = CalendarDay(year: 2026, month: 11, day: 1)
private let december = CalendarDay(year: 2026, month: 12, day: 1)

private func report(
    id: String = "0123456789abcdef", boot: Int = 1, account: String? = nil, _ periods: [(CalendarDay, Int64)]
) -> RelayReport {
    var report = RelayReport(
        id: id, url: nil, port: 1, listeners: 0, connections: 0, listenerLimit: nil, bytesSent: 0, weight: 1,
        location: nil, isHealthy: true, epoch: nil, livePosition: 0, mixingEdgePosition: 0, version: "t")
    let name = String(boot)
    report.boot = String(repeating: "0", count: 16 - name.count) + name
    report.periods = periods.map {
        TrafficPeriod(start: $0.0, totals: TrafficTotals(sentBytes: $0.1, receivedBytes: $0.1 / 10))
    }
    if let account {
        var settings = BudgetSettings()
        settings.account = account
        report.budget = BudgetReport(settings: settings, state: .open, usedBytes: 0, forecastBytes: 0)
    }
    return report
}

@Suite struct TrafficLedgerTests {
    private let id = "0123456789abcdef"

    @Test func aLostReportLosesNothingAndADoubledOneAddsNothing() {
        var ledger = TrafficLedger()
        #expect(ledger.take(report([(november, 100)])).sentBytes == 100)
        #expect(ledger.take(report([(november, 400)])).sentBytes == 300, "those between were lost")
        #expect(ledger.take(report([(november, 400)])) == TrafficTotals())
        #expect(ledger.take(report([(november, 100)])) == TrafficTotals(), "one that comes late")
        #expect(ledger.totals(of: id, period: november) == TrafficTotals(sentBytes: 400, receivedBytes: 40))
    }

    @Test func aRestartDoublesNothingAndLosesNothing() {
        var ledger = TrafficLedger()
        ledger.take(report(boot: 1, [(november, 400)]))
        ledger.take(report(boot: 2, [(november, 50)]))
        #expect(ledger.take(report(boot: 1, [(november, 400)])) == TrafficTotals(), "late, from before the restart")
        ledger.take(report(boot: 2, [(november, 60)]))
        #expect(ledger.totals(of: id, period: november).sentBytes == 460)
    }

    @Test func aMonthsEndIsToldWithTheNextMonth() {
        var ledger = TrafficLedger()
        ledger.take(report([(november, 400)]))
        // The last report of November was lost.
        ledger.take(report([(november, 450), (december, 20)]))
        #expect(ledger.totals(of: id, period: november).sentBytes == 450)
        #expect(ledger.totals(of: id, period: december).sentBytes == 20)
        #expect(ledger.newest(of: id)?.start == december)
    }

    /// Any order, any loss, any doubling of the reports of several boots: the same sums as long as the last report of each
    /// boot and period comes at all.
    @Test(arguments: 0..<20) func theOrderDoesNotMatter(seed: UInt64) {
        var generator = SeededGenerator(seed)
        var reports: [RelayReport] = []
        var truth: Int64 = 0
        for boot in 1...6 {
            var sum: Int64 = 0
            for _ in 0..<20 {
                sum += Int64.random(in: 0...1_000, using: &generator)
                reports.append(report(boot: boot, [(november, sum)]))
            }
            truth += sum
            reports.append(reports[reports.count - 1])
        }
        let last = Set(reports.indices.filter { $0 % 21 == 20 })
        let kept = reports.indices.filter { last.contains($0) || Bool.random(using: &generator) }.shuffled(
            using: &generator)
        var ledger = TrafficLedger()
        var added: Int64 = 0
        for index in kept + kept.prefix(30) { added += ledger.take(reports[index]).sentBytes }
        #expect(ledger.totals(of: id, period: november).sentBytes == truth)
        #expect(added == truth)
    }

    @Test func isBoundedAndForgetsNoSum() {
        var ledger = TrafficLedger()
        for boot in 1...100 { ledger.take(report(boot: boot, [(november, 10)])) }
        #expect(ledger.totals(of: id, period: november).sentBytes == 1_000)
        #expect(ledger.entries[0].periods[0].boots.count == TrafficLedger.bootsMax)
        for month in 1...12 { ledger.take(report([(CalendarDay(year: 2027, month: month, day: 1), 1)])) }
        #expect(ledger.entries[0].periods.count == TrafficLedger.periodsMax)
        #expect(ledger.take(report([(november, 99)])) == TrafficTotals(), "too old to be kept")
        for number in 0..<2_000 { ledger.take(report(id: "relay0000000\(10_000 + number)", [(november, 1)])) }
        #expect(ledger.entries.count == TrafficLedger.relaysMax)
        ledger.take(report([(november, Int64.max)]))
        ledger.take(report(boot: 2, [(november, Int64.max)]))
        #expect(ledger.totals(of: id, period: november).sentBytes == .max, "no overflow")
    }

    @Test func anAccountIsSharedByItsOthers() {
        var ledger = TrafficLedger()
        ledger.take(report(id: "aaaaaaaaaaaaaaaa", account: "x", [(november, 100)]))
        ledger.take(report(id: "bbbbbbbbbbbbbbbb", account: "x", [(november, 30)]))
        ledger.take(report(id: "cccccccccccccccc", account: "y", [(november, 7)]))
        ledger.take(report(id: "dddddddddddddddd", [(november, 1)]))
        #expect(ledger.accountBytes("x", except: "aaaaaaaaaaaaaaaa", period: november) == 30)
        #expect(ledger.accountBytes("x", period: november) == 130)
        #expect(ledger.accountBytes("x", period: december) == 0)
    }

    /// With the shared token a relay has another id after a restart: what it sent before is not another's.
    @Test func aRelayThatCameBackUnderAnotherIdTakesItsCountAlong() {
        var ledger = TrafficLedger()
        let (first, second) = ("aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb")
        ledger.take(report(id: first, boot: 1, account: "x", [(november, 100)]), at: "http://r")
        ledger.take(report(id: second, boot: 2, account: "x", [(november, 5)]), at: "http://r") { _ in true }
        #expect(ledger.accountBytes("x", except: second, period: november) == 100, "who still speaks is another")
        #expect(
            ledger.take(report(id: second, boot: 2, account: "x", [(november, 6)]), at: "http://r") { $0 != first }
                == TrafficTotals(sentBytes: 1))
        #expect(ledger.accountBytes("x", except: second, period: november) == 0)
        #expect(ledger.totals(of: second, period: november).sentBytes == 106)
        ledger.take(report(id: first, account: "y", [(november, 7)]), at: "http://r") { _ in false }
        #expect(ledger.totals(of: second, period: november).sentBytes == 106, "another account's stays there")
    }

    @Test func survivesInItsFile() {
        var ledger = TrafficLedger()
        for boot in 1...20 { ledger.take(report(boot: boot, account: "x", [(november, 10), (december, 5)])) }
        ledger.take(report(id: "bbbbbbbbbbbbbbbb", [(november, 30)]))
        let bytes = LedgerFile.bytes(ledger)
        #expect(LedgerFile.read(bytes) == ledger)
        for cut in stride(from: 0, to: bytes.count - 2, by: 7) { #expect(LedgerFile.read(Array(bytes[..<cut])) == nil) }
    }
}
