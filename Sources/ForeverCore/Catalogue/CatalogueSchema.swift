/// The catalogue's tables, and the steps that lead from each earlier form of them to the present one.
///
/// The number of the form is SQLite's `user_version`: 0 is an empty file. A step never changes once it is released;
/// what comes later is a further step. Docs/Crate.md says what else a further step asks for.
package enum CatalogueSchema {
    package static var version: Int { steps.count }

    /// Brings the file to `version`, each step and its number in one transaction.
    ///
    /// **Errors:** `newerSchema` for a file that a newer program wrote: it is left as it is.
    static func migrate(_ database: Database) throws(CatalogueError) {
        let found = try storedVersion(database)
        guard found <= version else { throw .newerSchema(found: found, known: version) }
        for step in found..<version {
            try database.transaction(durable: true) { () throws(CatalogueError) in
                // Another process may have come first.
                guard try storedVersion(database) == step else { return }
                try database.execute(steps[step])
                try database.execute("PRAGMA user_version = \(step + 1)")
            }
        }
    }

    static func storedVersion(_ database: Database) throws(CatalogueError) -> Int {
        Int(try database.first("PRAGMA user_version") { $0.integer(0) } ?? 0)
    }

    /// `steps[n]` leads from form n to form n + 1.
    static let steps: [String] = [
        """
        CREATE TABLE analysis (
            id INTEGER PRIMARY KEY,
            content TEXT NOT NULL,
            version INTEGER NOT NULL,
            json BLOB NOT NULL,
            UNIQUE (content, version)
        );
        CREATE TABLE file (
            path TEXT PRIMARY KEY NOT NULL,
            bytes INTEGER NOT NULL,
            modified_ns INTEGER NOT NULL,
            content TEXT,
            tags BLOB,
            problem TEXT
        ) WITHOUT ROWID;
        CREATE INDEX file_by_content ON file (content);
        CREATE TABLE epoch (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            bitrate_kbps INTEGER NOT NULL,
            created_ms INTEGER NOT NULL,
            settings BLOB NOT NULL
        );
        CREATE TABLE anchor (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            epoch INTEGER NOT NULL REFERENCES epoch (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            monotonic_ns INTEGER NOT NULL,
            wall_ms INTEGER NOT NULL
        );
        CREATE INDEX anchor_by_epoch ON anchor (epoch, id);
        CREATE TABLE decision (
            epoch INTEGER NOT NULL REFERENCES epoch (id) ON DELETE CASCADE,
            sequence INTEGER NOT NULL,
            position INTEGER NOT NULL,
            json BLOB NOT NULL,
            PRIMARY KEY (epoch, sequence)
        );
        CREATE INDEX decision_by_position ON decision (epoch, position, sequence);
        CREATE TABLE history (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            track TEXT NOT NULL,
            artist TEXT,
            epoch TEXT,
            position INTEGER NOT NULL,
            wall_ms INTEGER NOT NULL
        );
        """,
        """
        CREATE TABLE traffic (
            server TEXT NOT NULL,
            hour INTEGER NOT NULL,
            listener_seconds INTEGER NOT NULL,
            listeners_peak INTEGER NOT NULL,
            sent_bytes INTEGER NOT NULL,
            received_bytes INTEGER NOT NULL,
            PRIMARY KEY (server, hour)
        ) WITHOUT ROWID;
        CREATE INDEX traffic_by_hour ON traffic (hour);
        """,
        """
        ALTER TABLE history ADD COLUMN title TEXT;
        ALTER TABLE history ADD COLUMN source TEXT;
        ALTER TABLE history ADD COLUMN link TEXT;
        CREATE INDEX history_by_time ON history (wall_ms);
        ALTER TABLE file ADD COLUMN sidecar_ns INTEGER;
        CREATE INDEX file_by_draw ON file (substr(content, -16));
        CREATE TABLE correction (
            content TEXT NOT NULL,
            source TEXT NOT NULL,
            json BLOB NOT NULL,
            changed_ms INTEGER NOT NULL,
            PRIMARY KEY (content, source)
        ) WITHOUT ROWID;
        CREATE TABLE wish (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            track TEXT NOT NULL,
            asked_ms INTEGER NOT NULL
        );
        CREATE TABLE fingerprint (
            content TEXT NOT NULL,
            version INTEGER NOT NULL,
            words BLOB NOT NULL,
            PRIMARY KEY (content, version)
        ) WITHOUT ROWID;
        CREATE TABLE transition_report (
            epoch INTEGER NOT NULL REFERENCES epoch (id) ON DELETE CASCADE,
            sequence INTEGER NOT NULL,
            json BLOB NOT NULL,
            PRIMARY KEY (epoch, sequence)
        ) WITHOUT ROWID;
        """,
        """
        ALTER TABLE fingerprint ADD COLUMN same_as TEXT;
        """,
        """
        CREATE TABLE summary (
            content TEXT NOT NULL,
            version INTEGER NOT NULL,
            json BLOB NOT NULL,
            PRIMARY KEY (content, version)
        ) WITHOUT ROWID;
        """,
    ]
}
