import Foundation

/// Tracks that were asked for and are not decided yet: they outlive a restart.
extension Catalogue {
    /// What is asked for, the oldest first.
    public func wishes() throws(CatalogueError) -> [WishRecord] {
        try access { (database) throws(CatalogueError) in
            try database.rows("SELECT id, kind, track, asked_ms FROM wish ORDER BY id") { row in
                WishRecord(
                    id: row.integer(0), kind: row.text(1), trackID: row.text(2), askedMilliseconds: row.integer(3))
            }
        }
    }

    /// Adds a wish, which is on the disk when the call returns. **Returns** its number; nil when
    /// `CatalogueLimits.wishesMax` wait already.
    public func addWish(_ record: WishRecord) throws(CatalogueError) -> Int64? {
        try access { (database) throws(CatalogueError) in
            try database.transaction(durable: true) { () throws(CatalogueError) in
                let waiting = try database.first("SELECT count(*) FROM wish") { $0.integer(0) } ?? 0
                guard waiting < CatalogueLimits.wishesMax else { return nil }
                try database.run(
                    "INSERT INTO wish (kind, track, asked_ms) VALUES (?, ?, ?)", .text(record.kind),
                    .text(record.trackID), .integer(record.askedMilliseconds))
                return try database.first("SELECT max(id) FROM wish") { $0.integer(0) }
            }
        }
    }

    /// Takes a wish back, or off the list because it is fulfilled. **Returns** whether it was there.
    @discardableResult
    public func removeWish(_ id: Int64) throws(CatalogueError) -> Bool {
        try access { (database) throws(CatalogueError) in
            try database.transaction(durable: true) { () throws(CatalogueError) in
                try database.run("DELETE FROM wish WHERE id = ?", .integer(id))
                return database.changes > 0
            }
        }
    }
}
