import Foundation

/// How many listened and what was sent, by server and hour.
extension Catalogue {
    /// Adds to what is stored of those servers and hours. Hours older than `retention.trafficHoursMax` before the newest
    /// are forgotten.
    public func addTraffic(_ records: [TrafficRecord]) throws(CatalogueError) {
        guard let newest = records.map(\.hour).max() else { return }
        let trims = countsToTrim()
        try access { (database) throws(CatalogueError) in
            try database.transaction { () throws(CatalogueError) in
                for record in records {
                    try database.run(
                        """
                        INSERT INTO traffic (server, hour, listener_seconds, listeners_peak, sent_bytes, received_bytes)
                        VALUES (?, ?, ?, ?, ?, ?)
                        ON CONFLICT (server, hour) DO UPDATE SET
                            listener_seconds = listener_seconds + excluded.listener_seconds,
                            listeners_peak = max(listeners_peak, excluded.listeners_peak),
                            sent_bytes = sent_bytes + excluded.sent_bytes,
                            received_bytes = received_bytes + excluded.received_bytes
                        """,
                        .text(record.server), .integer(record.hour), .integer(record.listenerSeconds),
                        .integer(record.listenersPeak), .integer(record.sentBytes), .integer(record.receivedBytes))
                }
                if trims {
                    try database.run(
                        "DELETE FROM traffic WHERE hour < ?", .integer(newest - Int64(retention.trafficHoursMax)))
                }
            }
        }
    }

    /// What is stored of all servers from an hour on, by hour and then by server.
    ///
    /// - hour: hours since 1970
    public func traffic(from hour: Int64) throws(CatalogueError) -> [TrafficRecord] {
        try access { (database) throws(CatalogueError) in
            try database.rows(
                """
                SELECT server, hour, listener_seconds, listeners_peak, sent_bytes, received_bytes FROM traffic
                WHERE hour >= ? ORDER BY hour, server
                """, .integer(hour)
            ) { row in
                TrafficRecord(
                    server: row.text(0), hour: row.integer(1), listenerSeconds: row.integer(2),
                    listenersPeak: row.integer(3), sentBytes: row.integer(4), receivedBytes: row.integer(5))
            }
        }
    }
}
