import Foundation

/// The catalogue's file on the disk: opened if it is sound, set aside if it is damaged.
struct CatalogueFile {
    let path: String

    struct Opened {
        var database: Database
        var recovery: Catalogue.Recovery?
    }

    private var isInMemory: Bool { path == ":memory:" }
    /// Stands beside the file while it is suspected of damage, whatever its size.
    private var suspectPath: String { path + ".suspect" }

    func open() throws(CatalogueError) -> Opened {
        if isInMemory { return Opened(database: try soundDatabase(check: false), recovery: nil) }
        try makeFolder()
        let isSuspect = FileManager.default.fileExists(atPath: suspectPath)
        let reason: String
        do throws(CatalogueError) {
            let database = try soundDatabase(check: isSuspect || byteCount <= CatalogueLimits.fullCheckBytesMax)
            if isSuspect { try? FileManager.default.removeItem(atPath: suspectPath) }
            return Opened(database: database, recovery: nil)
        } catch {
            guard error.isDamage else { throw error }
            reason = error.description
        }
        return try replace(reason: reason)
    }

    /// Sets the file aside, whatever is in it, and begins a new one with what can be saved.
    func replace(reason: String) throws(CatalogueError) -> Opened {
        let aside = try setAside()
        try? FileManager.default.removeItem(atPath: suspectPath)
        let database = try soundDatabase(check: false)
        return Opened(
            database: database,
            recovery: Catalogue.Recovery(
                setAsidePath: aside, reason: reason, savedCount: CatalogueSalvage.copy(from: aside, into: database)))
    }

    /// Remembers that a call met damage, so that the next opening looks at the whole file.
    func markSuspect() {
        if isInMemory { return }
        _ = FileManager.default.createFile(atPath: suspectPath, contents: Data())
    }

    private func soundDatabase(check: Bool) throws(CatalogueError) -> Database {
        let database = try Database(path: path)
        try database.configure()
        if check { try database.checkWhole() }
        try CatalogueSchema.migrate(database)
        return database
    }

    var byteCount: Int64 {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? NSNumber)?.int64Value ?? 0
    }

    private func makeFolder() throws(CatalogueError) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw .file(path: folder.path, reason: "the folder cannot be made: \(error.localizedDescription)")
        }
    }

    /// Moves the file and its log to the first free name `<path>.damaged-N`; the log keeps its place beside it.
    private func setAside() throws(CatalogueError) -> String {
        let files = FileManager.default
        let limit = CatalogueLimits.damagedFilesMax
        let number = (1..<limit).first { !files.fileExists(atPath: path + ".damaged-\($0)") } ?? limit
        let aside = path + ".damaged-\(number)"
        for ending in ["", "-wal", "-shm"] where files.fileExists(atPath: path + ending) {
            do {
                if files.fileExists(atPath: aside + ending) { try files.removeItem(atPath: aside + ending) }
                try files.moveItem(atPath: path + ending, toPath: aside + ending)
            } catch {
                throw .file(path: path + ending, reason: "cannot be set aside: \(error.localizedDescription)")
            }
        }
        return aside
    }
}
