import Foundation

/// Analyses by content, and files by path.
extension Catalogue {
    /// The analysis of that content made by that version of the analyser, as it was stored.
    public func analysis(forContent key: String, version: Int) throws(CatalogueError) -> Data? {
        try json(in: "analysis", key, version)
    }

    /// Whether there is one, without reading it.
    public func hasAnalysis(forContent key: String, version: Int) throws(CatalogueError) -> Bool {
        try access { (database) throws(CatalogueError) in
            try database.first(
                "SELECT 1 FROM analysis WHERE content = ? AND version = ?", .text(key), .integer(Int64(version))
            ) { _ in true } ?? false
        }
    }

    /// What was kept in short of that content's analysis by that version, as it was stored.
    public func summary(forContent key: String, version: Int) throws(CatalogueError) -> Data? {
        try json(in: "summary", key, version)
    }

    /// Keeps in short what an analysis says; what was kept of the same content and version is replaced.
    public func storeSummary(_ json: Data, forContent key: String, version: Int) throws(CatalogueError) {
        try Catalogue.checkSize(json)
        try access { (database) throws(CatalogueError) in
            try database.transaction { () throws(CatalogueError) in
                try Catalogue.replace(json, in: "summary", key, version, database)
            }
        }
    }

    /// Stores an analysis; an earlier one of the same content and version is replaced, and what was kept of it in short
    /// is forgotten.
    public func storeAnalysis(_ json: Data, forContent key: String, version: Int) throws(CatalogueError) {
        try Catalogue.checkSize(json)
        try access { (database) throws(CatalogueError) in
            try database.transaction { () throws(CatalogueError) in
                try Catalogue.replace(json, in: "analysis", key, version, database)
                try database.run(
                    "DELETE FROM summary WHERE content = ? AND version = ?", .text(key), .integer(Int64(version)))
            }
        }
    }

    /// What a table of ours keeps by content and version.
    private func json(in table: String, _ key: String, _ version: Int) throws(CatalogueError) -> Data? {
        try access { (database) throws(CatalogueError) in
            try database.first(
                "SELECT json FROM \(table) WHERE content = ? AND version = ?", .text(key), .integer(Int64(version))
            ) { $0.blob(0) }
        }
    }

    private static func replace(
        _ json: Data, in table: String, _ key: String, _ version: Int, _ database: Database
    ) throws(CatalogueError) {
        try database.run(
            """
            INSERT INTO \(table) (content, version, json) VALUES (?, ?, ?)
            ON CONFLICT (content, version) DO UPDATE SET json = excluded.json
            """, .text(key), .integer(Int64(version)), .blob(json))
    }

    /// Removes the analyses of every version before `version`, and what was kept of them in short. **Returns** how many.
    @discardableResult
    public func removeAnalyses(olderThan version: Int) throws(CatalogueError) -> Int {
        try access { (database) throws(CatalogueError) in
            try database.transaction { () throws(CatalogueError) in
                try database.run("DELETE FROM summary WHERE version < ?", .integer(Int64(version)))
                try database.run("DELETE FROM analysis WHERE version < ?", .integer(Int64(version)))
                return database.changes
            }
        }
    }

    /// What is known of the file at that path; compare its size and time before believing it.
    public func file(_ path: String) throws(CatalogueError) -> FileRecord? {
        try access { (database) throws(CatalogueError) in
            try database.first(
                "SELECT path, bytes, modified_ns, content, tags, problem, sidecar_ns FROM file WHERE path = ?",
                .text(path),
                row: Catalogue.fileRecord)
        }
    }

    /// The files with that content, in the order of their paths.
    public func files(withContent key: String) throws(CatalogueError) -> [FileRecord] {
        try access { (database) throws(CatalogueError) in
            try database.rows(
                "SELECT path, bytes, modified_ns, content, tags, problem, sidecar_ns FROM file WHERE content = ? ORDER BY path",
                .text(key), row: Catalogue.fileRecord)
        }
    }

    /// Files in the order of their paths, from the one after `path` on: pages of a long list.
    public func files(after path: String = "", count: Int = 1_000) throws(CatalogueError) -> [FileRecord] {
        try access { (database) throws(CatalogueError) in
            try database.rows(
                """
                SELECT path, bytes, modified_ns, content, tags, problem, sidecar_ns FROM file
                WHERE path > ? ORDER BY path LIMIT ?
                """, .text(path), .integer(Int64(min(count, CatalogueLimits.rowsMax))), row: Catalogue.fileRecord)
        }
    }

    public func storeFile(_ record: FileRecord) throws(CatalogueError) { try storeFiles([record]) }

    /// Stores many files at once, all or none: far cheaper than one by one.
    public func storeFiles(_ records: [FileRecord]) throws(CatalogueError) {
        for record in records { if let tags = record.tags { try Catalogue.checkSize(tags) } }
        try access { (database) throws(CatalogueError) in
            try database.transaction { () throws(CatalogueError) in
                for record in records {
                    try database.run(
                        """
                        INSERT INTO file (path, bytes, modified_ns, content, tags, problem, sidecar_ns)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (path) DO UPDATE SET bytes = excluded.bytes, modified_ns = excluded.modified_ns,
                            content = excluded.content, tags = excluded.tags, problem = excluded.problem,
                            sidecar_ns = excluded.sidecar_ns
                        """,
                        .text(record.path), .integer(record.byteCount), .integer(record.modifiedNanoseconds),
                        .optional(record.contentKey), .optional(record.tags), .optional(record.problem),
                        .optional(record.sidecarNanoseconds))
                }
            }
        }
    }

    /// Files below a folder in the order of their paths, from the one after `path` on.
    public func files(
        below folder: String, after path: String = "", count: Int = 1_000
    ) throws(CatalogueError) -> [FileRecord] {
        let first = folder.hasSuffix("/") ? folder : folder + "/"
        // The byte after the slash is the zero: no path of the folder comes after it.
        let end = String(first.dropLast()) + "0"
        return try access { (database) throws(CatalogueError) in
            try database.rows(
                """
                SELECT path, bytes, modified_ns, content, tags, problem, sidecar_ns FROM file
                WHERE path > ? AND path < ? ORDER BY path LIMIT ?
                """, .text(path.isEmpty ? first : path), .text(end),
                .integer(Int64(min(count, CatalogueLimits.rowsMax))), row: Catalogue.fileRecord)
        }
    }

    /// Files as if drawn from a hat: those whose content's hash ends in `mark` or comes after it, in that order. Another
    /// mark, another draw; the same mark draws the same, for as long as no file comes or goes.
    ///
    /// - mark: 16 hexadecimal digits
    public func drawnFiles(from mark: String, count: Int) throws(CatalogueError) -> [FileRecord] {
        try access { (database) throws(CatalogueError) in
            try database.rows(
                """
                SELECT path, bytes, modified_ns, content, tags, problem, sidecar_ns FROM file
                WHERE substr(content, -16) >= ? AND problem IS NULL ORDER BY substr(content, -16) LIMIT ?
                """, .text(mark), .integer(Int64(min(count, CatalogueLimits.rowsMax))), row: Catalogue.fileRecord)
        }
    }

    /// How many files are known that can play.
    public func playableFileCount() throws(CatalogueError) -> Int {
        try access { (database) throws(CatalogueError) in
            try database.first("SELECT count(*) FROM file WHERE problem IS NULL AND content IS NOT NULL") {
                Int($0.integer(0))
            } ?? 0
        }
    }

    /// Forgets a file; its content's analysis stays.
    public func removeFile(_ path: String) throws(CatalogueError) { try removeFiles([path]) }

    /// Forgets many files, all or none.
    public func removeFiles(_ paths: [String]) throws(CatalogueError) {
        try access { (database) throws(CatalogueError) in
            try database.transaction { () throws(CatalogueError) in
                for path in paths { try database.run("DELETE FROM file WHERE path = ?", .text(path)) }
            }
        }
    }

    private static func fileRecord(_ row: Statement) -> FileRecord {
        FileRecord(
            path: row.text(0), byteCount: row.integer(1), modifiedNanoseconds: row.integer(2),
            contentKey: row.optionalText(3), tags: row.optionalBlob(4), problem: row.optionalText(5),
            sidecarNanoseconds: row.optionalInteger(6))
    }
}
