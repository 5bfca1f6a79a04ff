import Synchronization

/// Performances in use, so that a track that is read twice at a time is made once.
final class DemoShelf: Sendable {
    private struct Entry {
        weak var performance: DemoPerformance?
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// The track's performance: the one somebody still holds, or a new one. **Thread:** any.
    func performance(id: String, score: DemoScore) -> DemoPerformance {
        if let held = entries.withLock({ $0[id]?.performance }) { return held }
        let made = DemoPerformance(score: score)
        return entries.withLock { entries in
            // Another thread may have made it meanwhile: both are the same, the first is kept.
            if let held = entries[id]?.performance { return held }
            entries[id] = Entry(performance: made)
            return made
        }
    }
}
