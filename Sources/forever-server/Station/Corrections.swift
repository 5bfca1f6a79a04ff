import ForeverCatalogue
import ForeverCore
import Foundation
import Synchronization

/// What was put right by hand, by content: from files beside the music, and by the operator. **Thread:** any.
///
/// Kept in the catalogue, so that a file which moves without its sidecar keeps what was said of it. What is said of a
/// SoundCloud track is kept by its name alone: the same track may bring other bytes the next time.
package final class Corrections: Sendable {
    /// Who said it; the operator counts more.
    package enum Source: String, Sendable, CaseIterable { case `operator`, sidecar }

    private let catalogue: Catalogue?
    private let said: Mutex<[String: [Source: Correction]]>

    /// What the catalogue keeps; nothing where there is none.
    package init(catalogue: Catalogue?) {
        self.catalogue = catalogue
        said = Mutex([:])
        renameOld()
        reload()
    }

    /// The same, with sidecars that were read just now.
    package convenience init(catalogue: Catalogue?, sidecars: [String: Correction]) {
        self.init(catalogue: catalogue)
        said.withLock { said in
            for (content, correction) in sidecars { said[content, default: [:]][.sidecar] = correction }
        }
    }

    /// Under which name it is kept what is said of a content.
    package static func name(ofContent content: String) -> String { CloudShelf.name(ofContent: content) }

    /// Earlier versions kept what was said of a SoundCloud track by its bytes as well; the latest word holds.
    private func renameOld() {
        guard let catalogue, let records = try? catalogue.corrections() else { return }
        for var record in records.sorted(by: { $0.changedMilliseconds < $1.changedMilliseconds }) {
            let old = record.content
            record.content = Corrections.name(ofContent: old)
            guard record.content != old, (try? catalogue.storeCorrection(record)) != nil else { continue }
            _ = try? catalogue.removeCorrection(ofContent: old, source: record.source)
        }
    }

    /// Reads the catalogue again, which somebody else has changed. **Returns** the contents of which something else is
    /// said now.
    @discardableResult
    package func reload() -> Set<String> {
        guard let catalogue, let records = try? catalogue.corrections() else { return [] }
        var all: [String: [Source: Correction]] = [:]
        for record in records {
            guard let source = Source(rawValue: record.source), let correction = try? Correction(json: record.json)
            else { continue }
            all[Corrections.name(ofContent: record.content), default: [:]][source] = correction
        }
        return said.withLock { [all] said in
            defer { said = all }
            let former = said
            return Set(former.keys).union(all.keys).filter { former[$0] != all[$0] }
        }
    }

    /// What holds for a content; nil where nobody said anything.
    package subscript(content: String) -> Correction? {
        said.withLock { $0[Corrections.name(ofContent: content)] }.flatMap(Corrections.merged)
    }

    /// What one of the two says.
    package func from(_ source: Source, _ content: String) -> Correction? {
        said.withLock { $0[Corrections.name(ofContent: content)]?[source] }
    }

    /// Takes down what somebody says; nil takes it back. **Errors:** the catalogue's; then nothing has changed.
    package func set(_ correction: Correction?, _ source: Source, content: String) throws {
        let correction = correction?.isEmpty == true ? nil : correction
        let content = Corrections.name(ofContent: content)
        if let correction {
            try catalogue?.storeCorrection(
                CorrectionRecord(
                    content: content, source: source.rawValue, json: try JSONEncoder().encode(correction),
                    changedMilliseconds: Int64(Date().timeIntervalSince1970 * 1_000)))
        } else {
            try catalogue?.removeCorrection(ofContent: content, source: source.rawValue)
        }
        said.withLock { said in
            said[content, default: [:]][source] = correction
            if said[content]?.isEmpty == true { said[content] = nil }
        }
    }

    private static func merged(_ said: [Source: Correction]) -> Correction? {
        switch (said[.operator], said[.sidecar]) {
        case (let mine?, let theirs?): mine.over(theirs)
        case (let one, let other): one ?? other
        }
    }
}
