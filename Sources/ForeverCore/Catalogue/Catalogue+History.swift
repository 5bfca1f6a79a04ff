import Foundation

/// What has played.
extension Catalogue {
    /// Adds a play. The oldest beyond `retention.historyMax` are forgotten.
    public func appendHistory(_ record: HistoryRecord) throws(CatalogueError) {
        let trims = countsToTrim()
        try access { (database) throws(CatalogueError) in
            try database.transaction { () throws(CatalogueError) in
                try database.run(
                    "INSERT INTO history (track, artist, epoch, position, wall_ms) VALUES (?, ?, ?, ?, ?)",
                    .text(record.trackID), .optional(record.artist), .optional(record.epoch),
                    .integer(record.position), .integer(record.wallMilliseconds))
                if trims {
                    try database.run(
                        "DELETE FROM history WHERE id <= (SELECT id FROM history ORDER BY id DESC LIMIT 1 OFFSET ?)",
                        .integer(Int64(retention.historyMax)))
                }
            }
        }
    }

    /// The latest plays, the oldest of them first.
    public func recentHistory(count: Int) throws(CatalogueError) -> [HistoryRecord] {
        try access { (database) throws(CatalogueError) in
            try database.rows(
                "SELECT track, artist, epoch, position, wall_ms FROM history ORDER BY id DESC LIMIT ?",
                .integer(Int64(max(0, count)))
            ) { row in
                HistoryRecord(
                    trackID: row.text(0), artist: row.optionalText(1), epoch: row.optionalText(2),
                    position: row.integer(3), wallMilliseconds: row.integer(4))
            }.reversed()
        }
    }
}
