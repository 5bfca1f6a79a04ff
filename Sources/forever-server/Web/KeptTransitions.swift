import ForeverCatalogue
import ForeverCore
import ForeverMix
import ForeverRelay
import Foundation

/// The transitions that were mixed last, as the catalogue keeps them: what was measured, and which tracks these were.
/// **Thread:** any; waits for the disk.
package struct KeptTransitions {
    /// Transitions of one answer: two hours and more of them.
    package static let shownMax = 50
    /// Reports that are looked through for those that missed a bar: about four days of them.
    static let searchedMax = 2_000

    private let catalogue: Catalogue

    package init(catalogue: Catalogue) { self.catalogue = catalogue }

    /// The newest first.
    ///
    /// - onlyMissed: those that missed a bar, and no others
    package func value(onlyMissed: Bool) throws(CatalogueError) -> JSONValue {
        let decoder = JSONDecoder()
        let records = try catalogue.latestTransitionReports(
            count: onlyMissed ? KeptTransitions.searchedMax : KeptTransitions.shownMax)
        var shown: [JSONValue] = []
        for record in records where shown.count < KeptTransitions.shownMax {
            guard let report = try? decoder.decode(TransitionReport.self, from: record.json),
                !onlyMissed || !report.misses.isEmpty
            else { continue }
            shown.append(try json(report, record))
        }
        return [
            "bars": .array(
                TransitionReport.Bar.allCases.map { ["bar": .string($0.rawValue), "limit": .rounded($0.limit)] }),
            "transitions": .array(shown),
        ]
    }

    private func json(_ report: TransitionReport, _ record: TransitionReportRecord) throws(CatalogueError) -> JSONValue
    {
        let decision = try catalogue.decision(epoch: record.epoch, sequence: record.sequence)
        let made = decision.flatMap { try? JSONDecoder().decode(JournalRecord.self, from: $0.json) }
        let transition = made?.decision.transition
        let format = StreamFormat(bitrateKbps: record.bitrateKbps)
        func position(_ frame: Int64?) -> StreamPosition? {
            guard let frame, let format else { return nil }
            return max(0, format.position(ofSample: frame))
        }
        let start = position(transition?.startFrame)
        return [
            "epoch": .string(record.epoch),
            "number": .integer(record.sequence),
            "byteRate": .count(format?.byteRate),
            "from": track(report.fromIndex, in: made),
            "to": track(report.toIndex, in: made),
            "kind": .text(transition?.kind.rawValue),
            "style": .text(report.style?.rawValue),
            "reason": .text(transition?.reason),
            "startPosition": .count(start),
            "endPosition": .count(position(transition?.endFrame)),
            "heardAtMilliseconds": .count(try heardAt(start, record.epoch, format)),
            "expected": transition?.expectedJSON ?? .null,
            "report": report.json,
        ]
    }

    /// When the position came, or comes, to the live edge. **Units:** ms since 1970.
    private func heardAt(
        _ position: StreamPosition?, _ epoch: String, _ format: StreamFormat?
    ) throws(CatalogueError) -> Int64? {
        guard let position, let format, let anchor = try catalogue.anchor(epoch: epoch, at: position) else {
            return nil
        }
        return anchor.wallMilliseconds + (position - anchor.position) * 1_000 / format.byteRate
    }

    /// What was played from SoundCloud is called by no name any more.
    private func track(_ index: Int, in record: JournalRecord?) -> JSONValue {
        guard let record, let entry = record.timeline.entries.first(where: { $0.index == index }) else { return .null }
        let track = record.cast[entry.trackID]?.track
        return ["id": .string(entry.trackID), "title": .text(track?.title), "artist": .text(track?.artist)]
    }
}
