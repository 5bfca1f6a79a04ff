import ForeverCatalogue
import ForeverCore

/// Which part of a large library is in the crate: a draw, of which those that have played make room for others.
///
/// **Thread:** the scan's.
final class CrateRotation {
    /// Tracks that change places at one turn, about as many as play in three hours.
    static let turnMax = 64
    /// The latest plays, which stay: they are on the timeline, or were just now.
    static let staysCount = 16
    /// Plays that are looked at.
    static let playsMax = 2_000
    /// Rows that are drawn at once.
    private static let drawCount = 500

    private let roots: [String]
    private let shelf: LibraryShelf
    private var generator: SeededGenerator

    init(roots: [String], shelf: LibraryShelf, seed: UInt64) {
        self.roots = roots
        self.shelf = shelf
        generator = SeededGenerator(seed: seed ^ 0x726f_7461_7465)
    }

    /// The first files of a large library came in first; a draw from all of it takes the place of those that nobody
    /// has looked at yet.
    func drawAnew() {
        shelf.crate.remove(Set(shelf.crate.unknown(limit: Crate.heldMax)))
        fill(without: [])
    }

    /// Tracks that have played make room for others, where there are others.
    func turn() {
        guard shelf.crate.isFull, let known = try? shelf.catalogue.playableFileCount(), known > shelf.crate.ownCount,
            let plays = try? shelf.catalogue.recentHistory(count: CrateRotation.playsMax)
        else { return }
        let stays = Set(plays.suffix(CrateRotation.staysCount).map(\.trackID))
        var leaves: Set<String> = []
        for play in plays where leaves.count < CrateRotation.turnMax {
            let isHere = shelf.crate[play.trackID].map { if case .file = $0.track.origin { true } else { false } }
            if isHere == true, !stays.contains(play.trackID) { leaves.insert(play.trackID) }
        }
        guard !leaves.isEmpty else { return }
        shelf.crate.remove(leaves)
        fill(without: Set(plays.map(\.trackID)))
    }

    /// Draws from the catalogue until the crate is full, or the hat is empty.
    private func fill(without ids: Set<String>) {
        let first = mark()
        var next = first
        var hasTurned = false
        while !shelf.crate.isFull {
            guard let page = try? shelf.catalogue.drawnFiles(from: next, count: CrateRotation.drawCount) else { return }
            for record in page where !shelf.crate.isFull {
                guard let content = record.contentKey, !ids.contains(content), isOurs(record.path) else { continue }
                shelf.fetch(record)
            }
            if let last = page.last?.contentKey, page.count == CrateRotation.drawCount {
                // Equal contents have equal marks: the next draw begins behind them.
                next = String(last.suffix(16)) + "!"
            } else if hasTurned {
                return
            } else {
                hasTurned = true
                next = ""
            }
            if hasTurned, next > first { return }
        }
    }

    private func mark() -> String {
        let digits = String(generator.next(), radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    /// Whether the file is in the library as it is now: the catalogue also knows others'.
    private func isOurs(_ path: String) -> Bool {
        roots.contains { path == $0 || path.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") }
    }
}
