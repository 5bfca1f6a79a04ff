/// A catalogue as the program made it before it knew corrections and wishes, written down once and never changed.
enum SecondSchema {
    /// Makes the file and runs more SQL in it.
    static func write(_ path: String, _ more: String) throws {
        try FirstSchema.write(path, tables: FirstSchema.tables + tables, more: more, version: 2)
    }

    static let tables = """
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

        """
}
