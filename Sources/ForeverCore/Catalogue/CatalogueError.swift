import CSQLite

/// Why the catalogue could not do what was asked.
public enum CatalogueError: Error, Hashable, Sendable, CustomStringConvertible {
    /// SQLite refused: its extended result code, its words, and what was being done.
    case sqlite(code: Int32, message: String, action: String)
    /// The file was written by a newer Forever.
    case newerSchema(found: Int, known: Int)
    /// The file or its folder could not be made, moved or opened.
    case file(path: String, reason: String)
    /// A value larger than `CatalogueLimits.valueBytesMax`.
    case valueTooLarge(bytes: Int, limit: Int)
    /// An epoch that was never begun, or is forgotten.
    case unknownEpoch(String)
    /// A decision whose number is not the one after the last.
    case outOfOrder(sequence: Int64, expected: Int64)

    /// SQLite's primary result code, where it is SQLite that refused.
    public var primaryCode: Int32? {
        if case .sqlite(let code, _, _) = self { return code & 0xff }
        return nil
    }

    /// Whether the file itself is damaged: opening it again sets it aside.
    public var isDamage: Bool { primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB }

    /// Whether the disk is full.
    public var isDiskFull: Bool { primaryCode == SQLITE_FULL }

    public var description: String {
        switch self {
        case .sqlite(let code, let message, let action):
            "catalogue: \(action): \(message) (SQLite \(code))"
        case .newerSchema(let found, let known):
            "catalogue: the file has schema \(found), this program knows \(known): it was written by a newer Forever."
                + " Start that one, or give another --data"
        case .file(let path, let reason): "catalogue: \(path): \(reason)"
        case .valueTooLarge(let bytes, let limit): "catalogue: a value of \(bytes) bytes is over the limit of \(limit)"
        case .unknownEpoch(let epoch): "catalogue: no epoch \(epoch) is known"
        case .outOfOrder(let sequence, let expected):
            "catalogue: decision \(sequence) was given where \(expected) comes next"
        }
    }
}
