import Foundation

/// What was put right by hand, by content: analysing again does not touch it.
extension Catalogue {
    /// All corrections, by content.
    public func corrections() throws(CatalogueError) -> [CorrectionRecord] {
        try access { (database) throws(CatalogueError) in
            try database.rows(
                "SELECT content, source, json, changed_ms FROM correction ORDER BY content, source",
                row: Catalogue.correctionRecord)
        }
    }

    /// Those of one content, each source's.
    public func corrections(ofContent content: String) throws(CatalogueError) -> [CorrectionRecord] {
        try access { (database) throws(CatalogueError) in
            try database.rows(
                "SELECT content, source, json, changed_ms FROM correction WHERE content = ? ORDER BY source",
                .text(content), row: Catalogue.correctionRecord)
        }
    }

    /// Stores one; an earlier one of the same content and source is replaced.
    public func storeCorrection(_ record: CorrectionRecord) throws(CatalogueError) {
        try Catalogue.checkSize(record.json)
        try access { (database) throws(CatalogueError) in
            try database.transaction(durable: true) { () throws(CatalogueError) in
                try database.run(
                    """
                    INSERT INTO correction (content, source, json, changed_ms) VALUES (?, ?, ?, ?)
                    ON CONFLICT (content, source) DO UPDATE SET json = excluded.json, changed_ms = excluded.changed_ms
                    """, .text(record.content), .text(record.source), .blob(record.json),
                    .integer(record.changedMilliseconds))
            }
        }
    }

    /// Takes one back. **Returns** whether there was one.
    @discardableResult
    public func removeCorrection(ofContent content: String, source: String) throws(CatalogueError) -> Bool {
        try access { (database) throws(CatalogueError) in
            try database.transaction(durable: true) { () throws(CatalogueError) in
                try database.run(
                    "DELETE FROM correction WHERE content = ? AND source = ?", .text(content), .text(source))
                return database.changes > 0
            }
        }
    }

    private static func correctionRecord(_ row: Statement) -> CorrectionRecord {
        CorrectionRecord(
            content: row.text(0), source: row.text(1), json: row.blob(2), changedMilliseconds: row.integer(3))
    }
}
