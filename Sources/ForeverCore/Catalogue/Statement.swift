import CSQLite
import Foundation

/// A value bound to a statement.
enum SQLValue {
    case integer(Int64)
    case text(String)
    case blob(Data)
    case null

    static func optional(_ text: String?) -> SQLValue { text.map { .text($0) } ?? .null }
    static func optional(_ number: Int64?) -> SQLValue { number.map { .integer($0) } ?? .null }
    static func optional(_ blob: Data?) -> SQLValue { blob.map { .blob($0) } ?? .null }
}

/// One prepared statement, used again and again. **Thread:** its database's.
final class Statement {
    private let handle: OpaquePointer
    private let database: OpaquePointer
    let text: String

    /// SQLITE_TRANSIENT: SQLite copies what is bound.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    init(_ text: String, database: OpaquePointer) throws(CatalogueError) {
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(database, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else { throw Database.failure(code, database, doing: text) }
        self.handle = handle
        self.database = database
        self.text = text
    }

    deinit { sqlite3_finalize(handle) }

    /// Binds the values in order, 1-based in SQL.
    func bind(_ values: [SQLValue]) throws(CatalogueError) {
        precondition(Int(sqlite3_bind_parameter_count(handle)) == values.count, "as many values as places")
        for (index, value) in values.enumerated() {
            let place = Int32(index + 1)
            let code: Int32
            switch value {
            case .integer(let number):
                code = sqlite3_bind_int64(handle, place, number)
            case .text(let text):
                code = sqlite3_bind_text64(
                    handle, place, text, sqlite3_uint64(text.utf8.count), Statement.copied, UInt8(SQLITE_UTF8))
            case .blob(let data):
                code = data.withUnsafeBytes {
                    $0.isEmpty
                        ? sqlite3_bind_zeroblob(handle, place, 0)
                        : sqlite3_bind_blob64(
                            handle, place, $0.baseAddress, sqlite3_uint64($0.count), Statement.copied)
                }
            case .null:
                code = sqlite3_bind_null(handle, place)
            }
            guard code == SQLITE_OK else { throw Database.failure(code, database, doing: text) }
        }
    }

    /// The next row: true if there is one.
    func step() throws(CatalogueError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw Database.failure(code, database, doing: text)
        }
    }

    /// Makes it ready for the next use; keeps no bound value.
    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    // Columns of the current row, 0-based.

    /// The first `count` columns as they are stored.
    func values(count: Int32) -> [SQLValue] {
        (0..<count).map { column in
            switch sqlite3_column_type(handle, column) {
            case SQLITE_INTEGER: .integer(integer(column))
            case SQLITE_TEXT: .text(text(column))
            case SQLITE_NULL: .null
            default: .blob(blob(column))
            }
        }
    }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

    func text(_ column: Int32) -> String {
        guard let bytes = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    func blob(_ column: Int32) -> Data {
        guard let bytes = sqlite3_column_blob(handle, column) else { return Data() }
        return Data(bytes: bytes, count: Int(sqlite3_column_bytes(handle, column)))
    }

    func optionalBlob(_ column: Int32) -> Data? { isNull(column) ? nil : blob(column) }
}
