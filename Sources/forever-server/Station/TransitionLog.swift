import ForeverCatalogue
import ForeverMix
import Foundation

/// What was measured of transitions: kept in the catalogue with the decision that made each, at hand for the pages, and
/// counted. **Thread:** the mixer's.
package struct TransitionLog {
    /// Reports kept for the pages, those of the timeline's transitions: it reaches back from what listeners hear, so that
    /// the longest lead makes it an hour and a quarter long. That many tracks of five seconds fill it.
    static let reportsMax = 1_024
    /// Decisions that are looked at after a restart: those whose transitions have not been heard to their end are among the
    /// last few, also where wishes have changed the newest again and again.
    static let decisionsMax = 16

    private let catalogue: Catalogue
    private let epoch: String
    /// Of the timeline's transitions.
    package private(set) var reports: [TransitionReport] = []
    /// Of all since the start.
    private(set) var counts = TransitionCounts()
    /// Numbers of the decisions by the index of the entry that they brought in.
    private var numbers: [Int: Int64] = [:]

    package init(catalogue: Catalogue, epoch: String) {
        self.catalogue = catalogue
        self.epoch = epoch
    }

    /// Of a decision in the journal only which entry it brings in.
    private struct DecidedEntry: Decodable {
        struct Decision: Decodable { var entry: Entry }
        struct Entry: Decodable { var index: Int }
        var decision: Decision
    }

    /// What an earlier life has left: reports of the timeline's transitions, and decisions whose transitions this one hears.
    mutating func takeUp(_ timeline: MixTimeline) {
        let decoder = JSONDecoder()
        let stored = try? catalogue.transitionReports(epoch: epoch, count: TransitionLog.reportsMax)
        reports = (stored ?? []).compactMap { try? decoder.decode(TransitionReport.self, from: $0.json) }
        forget(outside: timeline)
        for record in (try? catalogue.lastDecisions(epoch: epoch, count: TransitionLog.decisionsMax)) ?? [] {
            guard let decided = try? decoder.decode(DecidedEntry.self, from: record.json) else { continue }
            numbers[decided.decision.entry.index] = record.sequence
        }
    }

    /// The decision of that number stands in the journal.
    package mutating func decided(_ decision: MixDecision, number: Int64) {
        numbers[decision.entry.index] = number
        numbers.removeValue(forKey: decision.entry.index - TransitionLog.reportsMax)
    }

    /// Of transitions that the timeline does not hold any more no page tells.
    package mutating func forget(outside timeline: MixTimeline) {
        let told = Set(timeline.transitions.map(\.toIndex))
        reports.removeAll { !told.contains($0.toIndex) }
    }

    /// A transition has been heard.
    package mutating func keep(_ report: TransitionReport) {
        counts.add(report)
        reports.append(report)
        if reports.count > TransitionLog.reportsMax { reports.removeFirst() }
        guard let number = numbers.removeValue(forKey: report.toIndex), let json = try? JSONEncoder().encode(report)
        else { return }
        // A report is nice to have: the music does not wait for it, nor stop without it.
        try? catalogue.storeTransitionReport(json, epoch: epoch, sequence: number)
    }
}
