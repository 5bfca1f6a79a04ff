import ForeverCatalogue
import ForeverRelay

/// Listeners and bytes by the hour, between the root's books and the catalogue.
enum TrafficArchive {
    /// What the catalogue holds of the last day; nothing when it cannot be read.
    static func earlier(_ catalogue: Catalogue, wallMilliseconds: Int64) -> [TrafficHour] {
        let hour = wallMilliseconds / 3_600_000 - Int64(TrafficHistory.hoursMax) + 1
        return ((try? catalogue.traffic(from: hour)) ?? []).map { record in
            TrafficHour(
                server: record.server, hour: record.hour, listenerSeconds: record.listenerSeconds,
                listenersPeak: Int(record.listenersPeak),
                totals: TrafficTotals(sentBytes: record.sentBytes, receivedBytes: record.receivedBytes))
        }
    }

    /// Adds what is new. **Thread:** any; it may wait for the disk.
    static func add(_ hours: [TrafficHour], to catalogue: Catalogue) {
        let records = hours.map { hour in
            TrafficRecord(
                server: hour.server, hour: hour.hour, listenerSeconds: hour.listenerSeconds,
                listenersPeak: Int64(hour.listenersPeak), sentBytes: hour.totals.sentBytes,
                receivedBytes: hour.totals.receivedBytes)
        }
        do {
            try catalogue.addTraffic(records)
        } catch {
            Program.say("the history of listeners cannot be written: \(error)")
        }
    }
}
