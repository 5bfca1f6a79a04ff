import CSQLite
import ForeverTestKit
import Foundation

/// A catalogue as the first version of the program made it, written down once and never changed.
enum FirstSchema {
    /// Makes the file and runs more SQL in it.
    static func write(_ path: String, _ more: String) throws {
        try write(path, tables: tables, more: more, version: 1)
    }

    static func write(_ path: String, tables: String, more: String, version: Int) throws {
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        var handle: OpaquePointer?
        defer { sqlite3_close_v2(handle) }
        guard sqlite3_open(path, &handle) == SQLITE_OK,
            sqlite3_exec(handle, tables + more + "PRAGMA user_version = \(version);", nil, nil, nil) == SQLITE_OK
        else {
            throw TestKitFailure(
                "a catalogue of an earlier schema cannot be written: \(String(cString: sqlite3_errmsg(handle)))")
        }
    }

    static let tables = """
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

        """
}
