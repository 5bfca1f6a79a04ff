import CSQLite
import Foundation

/// One connection to one SQLite file: prepared statements, transactions, and nothing else.
///
/// **Thread:** one user at a time; `Catalogue` sees to it.
final class Database {
    private let handle: OpaquePointer
    private var statements: [String: Statement] = [:]
    private var synchronous = Synchronous.normal

    /// When a transaction counts as done: in the write-ahead log (survives a kill), or on the disk (survives a power
    /// failure too).
    enum Synchronous: String { case normal = "NORMAL", full = "FULL" }

    /// Opens or makes the file. ":memory:" lives as long as the connection.
    ///
    /// - onlyReads: the file must be there, and is not changed
    init(path: String, onlyReads: Bool = false) throws(CatalogueError) {
        var handle: OpaquePointer?
        let mode = onlyReads ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        let flags = mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &handle, flags, nil)
        guard code == SQLITE_OK, let handle else {
            defer { sqlite3_close_v2(handle) }
            throw Database.failure(code, handle, doing: "open \(path)")
        }
        self.handle = handle
        sqlite3_busy_timeout(handle, CatalogueLimits.busyMillisecondsMax)
        sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, Int32(CatalogueLimits.valueBytesMax + (1 << 20)))
    }

    deinit {
        statements.removeAll()
        sqlite3_close_v2(handle)
    }

    /// The settings every connection has. Reads the file's first page: a file that is no database is noticed here.
    func configure() throws(CatalogueError) {
        try execute("PRAGMA journal_mode = WAL")
        try execute("PRAGMA synchronous = NORMAL")
        try execute("PRAGMA foreign_keys = ON")
        try execute("PRAGMA cell_size_check = ON")
        // What is removed is gone: some sources allow no keeping.
        try execute("PRAGMA secure_delete = ON")
        // 4 MB of pages and no more: the station must live on small machines.
        try execute("PRAGMA cache_size = -4000")
    }

    /// Reads every page. **Errors:** the first damage that shows.
    func checkWhole() throws(CatalogueError) {
        let words = try first("PRAGMA quick_check(1)") { $0.text(0) } ?? "ok"
        guard words == "ok" else { throw .sqlite(code: SQLITE_CORRUPT, message: words, action: "quick_check") }
    }

    /// A number that is another one after another connection has changed the file.
    func dataVersion() throws(CatalogueError) -> Int64 { try first("PRAGMA data_version") { $0.integer(0) } ?? 0 }

    /// Makes another file's tables known under a name.
    func attach(_ path: String, as name: String) throws(CatalogueError) {
        try run("ATTACH DATABASE ? AS \(name)", .text(path))
    }

    /// Copies the whole of this database over `other`, as it was at one moment, while others write on.
    func copy(to other: Database) throws(CatalogueError) {
        // A reader's view does not change while it is open, so the copy need not begin again at every write.
        try execute("BEGIN")
        defer { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
        _ = try first("SELECT count(*) FROM sqlite_schema") { $0.integer(0) }
        guard let backup = sqlite3_backup_init(other.handle, "main", handle, "main") else {
            throw Database.failure(sqlite3_errcode(other.handle), other.handle, doing: "backup")
        }
        var code = SQLITE_OK
        var waits = 0
        while true {
            code = sqlite3_backup_step(backup, CatalogueLimits.backupPages)
            if code == SQLITE_BUSY || code == SQLITE_LOCKED, waits < 100 {
                waits += 1
                sqlite3_sleep(CatalogueLimits.busyMillisecondsMax / 100)
            } else if code != SQLITE_OK {
                break
            }
        }
        let finished = sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE, finished == SQLITE_OK else {
            throw Database.failure(code == SQLITE_DONE ? finished : code, other.handle, doing: "backup")
        }
    }

    /// Runs SQL that gives nothing worth having back; several statements in one text are well.
    func execute(_ text: String) throws(CatalogueError) {
        let code = sqlite3_exec(handle, text, nil, nil, nil)
        guard code == SQLITE_OK else { throw Database.failure(code, handle, doing: text) }
    }

    /// Runs one statement that gives no rows.
    func run(_ text: String, _ values: SQLValue...) throws(CatalogueError) { try run(text, values) }

    func run(_ text: String, _ values: [SQLValue]) throws(CatalogueError) {
        let statement = try prepared(text)
        defer { statement.reset() }
        try statement.bind(values)
        _ = try statement.step()
    }

    /// All rows of one statement, each made by `row`, at most `CatalogueLimits.rowsMax`.
    func rows<Row>(
        _ text: String, _ values: SQLValue..., row: (Statement) -> Row
    ) throws(CatalogueError) -> [Row] {
        let statement = try prepared(text)
        defer { statement.reset() }
        try statement.bind(values)
        var rows: [Row] = []
        while rows.count < CatalogueLimits.rowsMax, try statement.step() { rows.append(row(statement)) }
        return rows
    }

    /// Each row of one statement, for as long as `body` says true: of any number, since none is kept.
    func forEach(_ text: String, _ body: (Statement) throws(CatalogueError) -> Bool) throws(CatalogueError) {
        let statement = try prepared(text)
        defer { statement.reset() }
        while try statement.step(), try body(statement) {}
    }

    /// The first row of one statement, if there is one.
    func first<Row>(
        _ text: String, _ values: SQLValue..., row: (Statement) -> Row
    ) throws(CatalogueError) -> Row? {
        let statement = try prepared(text)
        defer { statement.reset() }
        try statement.bind(values)
        return try statement.step() ? row(statement) : nil
    }

    /// Everything in `body` or nothing of it.
    ///
    /// - Parameter durable: on the disk when it returns, so that not even a power failure takes it back.
    func transaction<Result>(
        durable: Bool = false, _ body: () throws(CatalogueError) -> Result
    ) throws(CatalogueError) -> Result {
        try use(durable ? .full : .normal)
        try execute("BEGIN IMMEDIATE")
        do throws(CatalogueError) {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // SQLite may have rolled back by itself; then this one fails and says nothing new.
            sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
            throw error
        }
    }

    /// Rows changed by the latest statement.
    var changes: Int { Int(sqlite3_changes64(handle)) }

    private func use(_ wanted: Synchronous) throws(CatalogueError) {
        guard wanted != synchronous else { return }
        try execute("PRAGMA synchronous = \(wanted.rawValue)")
        synchronous = wanted
    }

    private func prepared(_ text: String) throws(CatalogueError) -> Statement {
        if let statement = statements[text] { return statement }
        let statement = try Statement(text, database: handle)
        if statements.count >= CatalogueLimits.statementsMax { statements.removeAll() }
        statements[text] = statement
        return statement
    }

    static func failure(_ code: Int32, _ handle: OpaquePointer?, doing action: String) -> CatalogueError {
        let words = handle.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
        let extended = handle.map { sqlite3_extended_errcode($0) } ?? code
        return .sqlite(code: extended == SQLITE_OK ? code : extended, message: words, action: String(action.prefix(80)))
    }
}
