/// Saves from a damaged catalogue what nobody could make again: plays, corrections and wishes.
///
/// Analyses and tags are left: a damaged one would be wrong for ever, and they can be made again from the music. Rows
/// are read from both ends until the damage, so that what lies behind it is found too.
enum CatalogueSalvage {
    private struct Table {
        var name: String
        /// What its rows are ordered by.
        var key: String
        var columns: [String]
    }

    private static let tables = [
        Table(
            name: "history", key: "id",
            columns: ["id", "track", "artist", "title", "source", "link", "epoch", "position", "wall_ms"]),
        Table(name: "correction", key: "content", columns: ["content", "source", "json", "changed_ms"]),
        Table(name: "wish", key: "id", columns: ["id", "kind", "track", "asked_ms"]),
    ]

    /// **Returns** how many rows came over; what cannot be read is no error here.
    static func copy(from path: String, into database: Database) -> Int {
        guard let damaged = try? Database(path: path, onlyReads: true) else { return 0 }
        return tables.map { copy($0, from: damaged, into: database) }.reduce(0, +)
    }

    private static func copy(_ table: Table, from damaged: Database, into database: Database) -> Int {
        // An older form of the table has fewer columns.
        let known = Set((try? damaged.rows("PRAGMA table_info(\(table.name))") { $0.text(1) }) ?? [])
        let columns = table.columns.filter(known.contains)
        guard known.contains(table.key) else { return 0 }
        let list = columns.joined(separator: ", ")
        let places = columns.map { _ in "?" }.joined(separator: ", ")
        let insert = "INSERT OR IGNORE INTO \(table.name) (\(list)) VALUES (\(places))"
        var saved = 0
        for direction in ["ASC", "DESC"] {
            try? database.transaction { () throws(CatalogueError) in
                var left = CatalogueLimits.salvagedRowsMax
                do throws(CatalogueError) {
                    try damaged.forEach("SELECT \(list) FROM \(table.name) ORDER BY \(table.key) \(direction)") {
                        (row) throws(CatalogueError) in
                        try database.run(insert, row.values(count: Int32(columns.count)))
                        saved += database.changes
                        left -= 1
                        return left > 0
                    }
                } catch {
                    // Here the damage begins; what was read before it stays.
                }
            }
        }
        return saved
    }
}
