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
}
