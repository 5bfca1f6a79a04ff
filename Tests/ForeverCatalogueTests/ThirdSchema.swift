/// A catalogue as the program made it before it knew sounds that are the same, written down once and never changed.
enum ThirdSchema {
    /// Makes the file and runs more SQL in it.
    static func write(_ path: String, _ more: String) throws {
        try FirstSchema.write(
            path, tables: FirstSchema.tables + SecondSchema.tables + tables, more: more, version: 3)
    }

    static let tables = """
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

        """
}
