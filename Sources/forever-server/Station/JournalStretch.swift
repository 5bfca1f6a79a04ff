import ForeverMix

/// The decisions that a stretch of the stream was made by, in the order they were made.
package struct JournalStretch: Sendable {
    package private(set) var records: [JournalRecord]
    /// From where on what each record says differs from what the one before it said. **Units:** output frames.
    private var changes: [Int64]

    /// - records: in the order they were made
    /// - end: nothing is asked beyond this output frame; decisions that only change what follows are left out
    package init(_ records: [JournalRecord], until end: Int64) {
        self.records = records
        changes = []
        for (at, record) in records.enumerated() {
            var change = record.decision.changesFrom
            // What takes the place of another decision changes the mix from where that one would have.
            for replaced in records[..<at].reversed() {
                guard replaced.decision.entry.index >= record.decision.entry.index else { break }
                change = min(change, replaced.decision.changesFrom)
            }
            changes.append(change)
        }
        let needed = max(place(upTo: end) + 1, min(1, records.count))
        self.records.removeLast(records.count - needed)
        changes.removeLast(changes.count - needed)
    }

    /// The timeline that the samples before `frame` were made from, as far as listeners have heard them.
    ///
    /// That of the last decision that changes any of them: those after it leave them as they are, and those before it know
    /// nothing of it, or were replaced. A renderer looks ahead, so a decision is heard a little before it takes effect.
    package func timeline(upTo frame: Int64) -> MixTimeline { records[max(0, place(upTo: frame))].timeline }

    private func place(upTo frame: Int64) -> Int {
        changes.lastIndex { $0 <= frame + MixTimeline.settleFrames } ?? -1
    }
}
