import Foundation
import Testing

import ForeverCatalogue

@Suite struct CatalogueTrafficTests {
    private func record(
        _ server: String, _ hour: Int64, seconds: Int64 = 60, peak: Int64 = 1, sent: Int64 = 1_000
    ) -> TrafficRecord {
        TrafficRecord(
            server: server, hour: hour, listenerSeconds: seconds, listenersPeak: peak, sentBytes: sent,
            receivedBytes: sent / 10)
    }

    @Test func whatIsAddedIsSummedByServerAndHour() throws {
        let place = TemporaryCatalogue()
        do {
            let catalogue = try Catalogue(path: place.path)
            try catalogue.addTraffic([record("root", 10, peak: 3), record("a", 10), record("a", 11)])
            try catalogue.addTraffic([record("a", 10, seconds: 30, peak: 7, sent: 500)])
            try catalogue.addTraffic([])
        }
        let catalogue = try Catalogue(path: place.path)
        #expect(
            try catalogue.traffic(from: 0) == [
                record("a", 10, seconds: 90, peak: 7, sent: 1_500), record("root", 10, peak: 3), record("a", 11),
            ])
        #expect(try catalogue.traffic(from: 11).count == 1)
    }

    @Test func oldHoursAreForgotten() throws {
        var retention = CatalogueRetention()
        retention.trafficHoursMax = 100
        let catalogue = try Catalogue(path: ":memory:", retention: retention)
        for hour in Int64(0)..<600 { try catalogue.addTraffic([record("root", hour)]) }
        let kept = try catalogue.traffic(from: 0)
        #expect(kept.last?.hour == 599)
        #expect((100...100 + CatalogueLimits.additionsPerTrim).contains(kept.count))
    }

    /// A file as the version before wrote it: what it holds stays, and the new table is there.
    @Test func aFileOfTheFirstSchemaIsBroughtUpToDate() throws {
        let place = TemporaryCatalogue()
        try FirstSchema.write(
            place.path,
            """
            INSERT INTO analysis (content, version, json) VALUES ('a', 1, x'0102');
            INSERT INTO history (track, position, wall_ms) VALUES ('t', 1, 2);
            """)
        let catalogue = try Catalogue(path: place.path)
        #expect(catalogue.recovery == nil)
        #expect(try catalogue.analysis(forContent: "a", version: 1) == Data([1, 2]))
        #expect(try catalogue.recentHistory(count: 1).first?.trackID == "t")
        try catalogue.addTraffic([record("root", 1)])
        #expect(try catalogue.traffic(from: 0).count == 1)
    }
}
