import ForeverRelay
import Testing

@Suite struct RelayReportTests {
    private var full: RelayReport {
        var report = RelayReport(
            id: "0123456789abcdef", url: "https://r.example", port: 443, listeners: 12, connections: 14,
            listenerLimit: 500, bytesSent: 1_000, weight: 100, location: "eu", isHealthy: true,
            epoch: "00000000000000aa", livePosition: 384, mixingEdgePosition: 768, version: "1")
        report.boot = "00000000000000bb"
        report.periods = [
            TrafficPeriod(
                start: CalendarDay(year: 2026, month: 11, day: 1),
                totals: TrafficTotals(sentBytes: 5, receivedBytes: 6))
        ]
        report.listenersPeak = 20
        report.agents[.vlc] = 12
        report.load = 0.25
        report.depth = 1
        report.source = "fedcba9876543210"
        var settings = BudgetSettings()
        settings.allotmentBytes = 2_000_000_000_000
        settings.counts = .both
        settings.billingDay = 17
        settings.pricePerGB = 0.01
        settings.account = "friends"
        report.budget = BudgetReport(settings: settings, state: .soft, usedBytes: 7, forecastBytes: 8)
        report.isDraining = true
        report.isAsleep = true
        return report
    }

    @Test func readsWhatItWrites() throws {
        let parsed = try JSONParser.parse(full.json.bytes)
        #expect(RelayReport(parsed) == full)
        #expect(parsed["periods"]?.array?.first?["start"]?.string == "2026-11-01")
        #expect(parsed["budget"]?["counts"]?.string == "both")
    }

    @Test func whatEarlierVersionsDidNotSendMayBeMissing() throws {
        let later = [
            "boot", "periods", "listenersPeak", "agents", "load", "depth", "source", "budget", "isDraining", "isAsleep",
        ]
        guard case .object(let members) = full.json else { return }
        let report = RelayReport(.object(members.filter { !later.contains($0.name) }))
        #expect(report?.listeners == 12 && report?.boot == "" && report?.periods == [] && report?.budget == nil)
        let nulls = members.map { member in
            var member = member
            if later.contains(member.name) { member.value = .null }
            return member
        }
        #expect(RelayReport(.object(nulls)) == report)
    }

    @Test(arguments: [
        ("boot", "\"x\""), ("boot", "1"), ("boot", "\"00000000000000b!\""), ("periods", "1"),
        ("periods", #"[{"start":"2026-11-31","sentBytes":1,"receivedBytes":1}]"#),
        ("periods", #"[{"start":"2026-11-01","sentBytes":-1,"receivedBytes":1}]"#),
        ("periods", "[1,2,3,4,5]"), ("agents", #"{"VLC":"many"}"#), ("agents", "[]"), ("source", "\"short\""),
        ("listenersPeak", "-1"), ("depth", "65"), ("budget", "{}"),
        ("budget", #"{"counts":"in","billingDay":1,"state":"open","forecastBytes":0}"#),
        ("budget", #"{"counts":"out","billingDay":32,"state":"open","forecastBytes":0}"#),
        ("budget", #"{"counts":"out","billingDay":1,"state":"open","forecastBytes":0,"pricePerGB":-1}"#),
    ])
    func whatIsWrongIsRefused(name: String, text: String) throws {
        guard case .object(let members) = full.json else { return }
        let value = try JSONParser.parse(Array(text.utf8))
        let changed = members.map { member in
            var member = member
            if member.name == name { member.value = value }
            return member
        }
        #expect(RelayReport(.object(changed)) == nil)
    }
}
