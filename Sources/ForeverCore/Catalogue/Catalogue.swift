import Foundation
import Synchronization

/// What the station must not forget: analyses, files, the journal of decisions, anchors, plays, corrections and wishes,
/// in one SQLite file.
///
/// It stores JSON as bytes and knows nothing of what they mean. A damaged file is set aside under the name
/// `<path>.damaged-N` and a new one begun, at the opening (`recovery` says so) or when a call meets the damage
/// (`onRenewal` says so); what people did by hand, and the plays, are saved from the damaged one as far as they can
/// be read. A file of a newer schema is refused untouched.
/// **Thread:** any; one lock around one connection. **Errors:** every call can throw `CatalogueError`; after one whose
/// `isDamage` is true the catalogue is a new one, in which no epoch is begun.
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
        /// Plays, corrections and wishes that could be read from it and are in the new one.
        public var savedCount = 0
        public var description: String {
            "THE CATALOGUE WAS DAMAGED (\(reason)); it lies now at \(setAsidePath). A new one is begun, with"
                + " \(savedCount) plays, corrections and wishes saved from the damaged one; analyses are made again"
        }
    }

    struct State: ~Copyable {
        var database: Database
        var additions = 0
        var onRenewal: (@Sendable (Recovery) -> Void)?
        /// As it was last seen.
        var dataVersion: Int64
        /// How often the file was renewed: who found damage in an earlier one does not set the new one aside.
        var renewals = 0

        init(database: Database, dataVersion: Int64) {
            self.database = database
            self.dataVersion = dataVersion
        }
    }

    /// Opens the file at `path`, making it and its folder where they are missing; ":memory:" keeps nothing.
    ///
    /// **Cost:** a few milliseconds; files up to `CatalogueLimits.fullCheckBytesMax` are read through.
    public init(path: String, retention: CatalogueRetention = CatalogueRetention()) throws(CatalogueError) {
        let opened = try CatalogueFile(path: path).open()
        self.path = path
        self.retention = retention
        recovery = opened.recovery
        let version = try opened.database.dataVersion()
        state = Mutex(State(database: opened.database, dataVersion: version))
    }

    /// Calls `handler` when a file that was sound at the opening turns out damaged, with the new one in place.
    ///
    /// **Thread:** whichever met the damage; the handler may use the catalogue.
    public func onRenewal(_ handler: @escaping @Sendable (Recovery) -> Void) {
        state.withLock { $0.onRenewal = handler }
    }

    /// Runs `body` with the connection, alone. A file whose damage shows is replaced by a new one; the call fails all
    /// the same, since what it asked for is gone.
    func access<Result: Sendable>(
        _ body: (Database) throws(CatalogueError) -> Result
    ) throws(CatalogueError) -> Result {
        var tell: (@Sendable () -> Void)?
        do throws(CatalogueError) {
            return try state.withLock { (state) throws(CatalogueError) in
                do throws(CatalogueError) {
                    return try body(state.database)
                } catch {
                    // Nobody else may meet the same damage before the file is another one.
                    if error.isDamage { tell = renew(&state, after: error) }
                    throw error
                }
            }
        } catch {
            tell?()
            throw error
        }
    }

    /// Sets the damaged file aside and begins a new one. Where not even that is possible the next opening tries again.
    ///
    /// **Returns** what tells of it, to be called without the lock: whoever hears of it may use the catalogue.
    private func renew(_ state: inout State, after damage: CatalogueError) -> (@Sendable () -> Void)? {
        let file = CatalogueFile(path: path)
        file.markSuspect()
        state.renewals += 1
        do throws(CatalogueError) {
            // The old connection must be closed before the file moves: closing tidies up under the old name.
            state.database = try Database(path: ":memory:")
            let opened = try file.replace(reason: damage.description)
            state.database = opened.database
            state.dataVersion = try opened.database.dataVersion()
            guard let recovery = opened.recovery, let handler = state.onRenewal else { return nil }
            return { handler(recovery) }
        } catch {
            return nil
        }
    }

    /// Whether another process has changed the file since the last call: a restored backup, say.
    public func takeForeignChange() throws(CatalogueError) -> Bool {
        try state.withLock { (state) throws(CatalogueError) in
            let version = try state.database.dataVersion()
            defer { state.dataVersion = version }
            return state.dataVersion != version
        }
    }

    /// Reads the whole file through and replaces it if it is damaged: for files too large to be checked at the opening.
    ///
    /// **Thread:** one in the background; the catalogue can be used meanwhile. **Cost:** one read of the file.
    public func checkWhole() {
        guard path != ":memory:", CatalogueFile(path: path).byteCount > CatalogueLimits.fullCheckBytesMax else {
            return
        }
        let renewals = state.withLock { $0.renewals }
        do throws(CatalogueError) {
            let database = try Database(path: path)
            try database.configure()
            try database.checkWhole()
        } catch {
            guard error.isDamage else { return }
            let tell = state.withLock { state in
                // What was read through may be set aside already.
                state.renewals == renewals ? renew(&state, after: error) : nil
            }
            tell?()
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
