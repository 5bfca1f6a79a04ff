import Foundation

/// What has played.
extension Catalogue {
    /// Adds a play. Those beyond `retention.historyMax`, and those older than `retention.historyDaysMax` days before it,
    /// are forgotten.
    public func appendHistory(_ record: HistoryRecord) throws(CatalogueError) {
        let trims = countsToTrim()
        try access { (database) throws(CatalogueError) in
            try database.transaction { () throws(CatalogueError) in
                try database.run(
                    """
                    INSERT INTO history (track, artist, title, source, link, epoch, position, wall_ms)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                    .text(record.trackID), .optional(record.artist), .optional(record.title),
                    .optional(record.source), .optional(record.link), .optional(record.epoch),
                    .integer(record.position), .integer(record.wallMilliseconds))
                if trims {
                    try database.run(
                        "DELETE FROM history WHERE id <= (SELECT id FROM history ORDER BY id DESC LIMIT 1 OFFSET ?)",
                        .integer(Int64(retention.historyMax)))
                }
                if let days = retention.historyDaysMax {
                    try database.run(
                        "DELETE FROM history WHERE wall_ms < ?",
                        .integer(record.wallMilliseconds - Int64(days) * 86_400_000))
                }
            }
        }
    }

    /// Takes back the latest play, if it is that track's: it was decided, and is not heard after all.
    public func removeLatestPlay(of trackID: String) throws(CatalogueError) {
        try access { (database) throws(CatalogueError) in
            try database.transaction { () throws(CatalogueError) in
                try database.run(
                    "DELETE FROM history WHERE id = (SELECT max(id) FROM history) AND track = ?", .text(trackID))
            }
        }
    }

    /// The latest plays, the oldest of them first.
    public func recentHistory(count: Int) throws(CatalogueError) -> [HistoryRecord] {
        try access { (database) throws(CatalogueError) in
            try database.rows(
                """
                SELECT track, artist, title, source, link, epoch, position, wall_ms FROM history
                ORDER BY id DESC LIMIT ?
                """, .integer(Int64(max(0, count)))
            ) { row in
                HistoryRecord(
                    trackID: row.text(0), artist: row.optionalText(1), title: row.optionalText(2),
                    source: row.optionalText(3), link: row.optionalText(4), epoch: row.optionalText(5),
                    position: row.integer(6), wallMilliseconds: row.integer(7))
            }.reversed()
        }
    }
}
