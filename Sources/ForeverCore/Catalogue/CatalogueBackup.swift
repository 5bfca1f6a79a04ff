import Foundation

/// Copies of a catalogue, made and put back while a station runs on it.
public enum CatalogueBackup {
    /// Writes the catalogue at `path`, as it is at one moment, to the file `out`, which is whole or not there.
    ///
    /// **Errors:** no catalogue there, one that is damaged or newer, or a place that cannot be written.
    /// **Cost:** one read of the file; the station waits for nothing.
    public static func write(_ path: String, to out: String) throws(CatalogueError) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw .file(path: path, reason: "there is no catalogue here")
        }
        let fresh = out + ".new"
        try remove(fresh)
        do throws(CatalogueError) {
            let source = try Database(path: path, onlyReads: true)
            try copy(source, to: fresh)
        } catch {
            try? remove(fresh)
            throw error
        }
        guard rename(fresh, out) == 0 else {
            throw .file(path: out, reason: String(cString: strerror(errno)))
        }
    }

    /// Puts what a backup holds in place of what the catalogue at `path` holds, in one step: all of it or nothing.
    ///
    /// The epoch that was begun last stays the current one, with its anchors and its decisions, so that a station which
    /// runs on the catalogue goes on with its stream; the backup's own epochs stand before it. A backup of an earlier
    /// schema is brought up to date on the way; the file itself is only read.
    ///
    /// **Errors:** a backup that is damaged or newer; nothing is changed then.
    /// **Cost:** the station's writes wait, and fail if it takes more than `CatalogueLimits.busyMillisecondsMax`.
    public static func restore(_ backup: String, to path: String) throws(CatalogueError) {
        guard FileManager.default.fileExists(atPath: backup) else {
            throw .file(path: backup, reason: "there is no such file")
        }
        // Opening an absent catalogue makes one, and a damaged one is set aside.
        _ = try Catalogue(path: path)
        let fresh = path + ".restoring"
        try remove(fresh)
        defer { try? remove(fresh) }
        try copy(try Database(path: backup, onlyReads: true), to: fresh)
        let database = try Database(path: path)
        try database.configure()
        try database.attach(fresh, as: "old")
        try database.transaction(durable: true) { () throws(CatalogueError) in try replaceAll(in: database) }
    }

    private static func remove(_ path: String) throws(CatalogueError) {
        for ending in ["", "-wal", "-shm", "-journal"] where FileManager.default.fileExists(atPath: path + ending) {
            do {
                try FileManager.default.removeItem(atPath: path + ending)
            } catch {
                throw .file(path: path + ending, reason: error.localizedDescription)
            }
        }
    }

    private static func copy(_ source: Database, to fresh: String) throws(CatalogueError) {
        let copied = try Database(path: fresh)
        try source.copy(to: copied)
        // One file and no log beside it, whole, of the present schema.
        try copied.execute("PRAGMA journal_mode = DELETE")
        try copied.checkWhole()
        try CatalogueSchema.migrate(copied)
    }

    /// What hangs on an epoch, by the columns besides it. A further such table belongs here.
    private static let ofEpochs = [
        ("anchor", "position, monotonic_ns, wall_ms", "id"), ("decision", "sequence, position, json", "sequence"),
        ("transition_report", "sequence, json", "sequence"),
    ]
    /// What stands by itself. A further such table belongs here.
    private static let byThemselves = [
        "analysis", "summary", "file", "history", "traffic", "correction", "wish", "fingerprint",
    ]

    private static func replaceAll(in database: Database) throws(CatalogueError) {
        try database.execute(
            "CREATE TEMP TABLE current AS SELECT * FROM main.epoch ORDER BY id DESC LIMIT 1")
        for (table, _, _) in ofEpochs {
            try database.execute(
                "CREATE TEMP TABLE kept_\(table) AS SELECT * FROM main.\(table) WHERE epoch = (SELECT id FROM current)")
        }
        // What hangs on the epochs goes with them.
        try database.execute(
            """
            DELETE FROM main.epoch;
            INSERT INTO main.epoch SELECT * FROM old.epoch WHERE name NOT IN (SELECT name FROM current);
            INSERT INTO main.epoch (name, bitrate_kbps, created_ms, settings)
                SELECT name, bitrate_kbps, created_ms, settings FROM current;
            """)
        for (table, columns, order) in ofEpochs {
            try database.execute(
                """
                INSERT INTO main.\(table) (epoch, \(columns)) SELECT epoch, \(columns) FROM old.\(table)
                    WHERE epoch IN (SELECT id FROM old.epoch WHERE name NOT IN (SELECT name FROM current))
                    ORDER BY \(order);
                INSERT INTO main.\(table) (epoch, \(columns))
                    SELECT (SELECT id FROM main.epoch WHERE name = (SELECT name FROM current)), \(columns)
                    FROM temp.kept_\(table) ORDER BY \(order);
                DROP TABLE temp.kept_\(table);
                """)
        }
        try database.execute("DROP TABLE temp.current")
        for table in byThemselves {
            try database.execute("DELETE FROM main.\(table); INSERT INTO main.\(table) SELECT * FROM old.\(table)")
        }
    }
}
