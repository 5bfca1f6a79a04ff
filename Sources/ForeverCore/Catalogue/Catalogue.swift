import Foundation
import Synchronization

/// What the station must not forget: analyses, files, the journal of decisions, anchors and plays, in one SQLite file.
///
/// It stores JSON as bytes and knows nothing of what they mean. A damaged file is set aside under the name
/// `<path>.damaged-N` and a new one begun (`recovery` says so); a file of a newer schema is refused untouched.
/// **Thread:** any; one lock around one connection. **Errors:** every call can throw `CatalogueError`; one whose
/// `isDamage` is true means that the next opening sets the file aside.
public final class Catalogue: Sendable {
    public let path: String
    /// The damaged file that was set aside when this one was opened; nil if all was well.
    public let recovery: Recovery?
    public let retention: CatalogueRetention
    private let state: Mutex<State>

    /// A damaged file that was set aside.
    public struct Recovery: Hashable, Sendable, CustomStringConvertible {
        public var setAsidePath: String
        public var reason: String
        public var description: String { "the catalogue was damaged (\(reason)); it lies now at \(setAsidePath)" }
    }

    struct State: ~Copyable {
        let database: Database
        var additions = 0
    }

    /// Opens the file at `path`, making it and its folder where they are missing; ":memory:" keeps nothing.
    ///
    /// **Cost:** a few milliseconds; files up to `CatalogueLimits.fullCheckBytesMax` are read through.
    public init(path: String, retention: CatalogueRetention = CatalogueRetention()) throws(CatalogueError) {
        let opened = try CatalogueFile(path: path).open()
        self.path = path
        self.retention = retention
        recovery = opened.recovery
        state = Mutex(State(database: opened.database))
    }

    /// Runs `body` with the connection, alone. Damage that shows is marked for the next opening.
    func access<Result: Sendable>(
        _ body: (Database) throws(CatalogueError) -> Result
    ) throws(CatalogueError) -> Result {
        do throws(CatalogueError) {
            return try state.withLock { (state) throws(CatalogueError) in try body(state.database) }
        } catch {
            if error.isDamage { CatalogueFile(path: path).markSuspect() }
            throw error
        }
    }

    /// The same, counting an addition: true now and then, when what is over the limits should be removed.
    func countsToTrim() -> Bool {
        state.withLock { state in
            state.additions += 1
            guard state.additions >= CatalogueLimits.additionsPerTrim else { return false }
            state.additions = 0
            return true
        }
    }

    static func checkSize(_ data: Data) throws(CatalogueError) {
        guard data.count <= CatalogueLimits.valueBytesMax else {
            throw .valueTooLarge(bytes: data.count, limit: CatalogueLimits.valueBytesMax)
        }
    }
}
