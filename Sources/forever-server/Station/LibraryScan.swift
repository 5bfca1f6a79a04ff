import ForeverCatalogue
import ForeverCore
import Foundation
import Synchronization

/// Goes through the library's folders and puts what it finds into the crate. **Thread:** its own, at low priority.
///
/// A file known to the catalogue by path, size and time is not opened again, so that a second start is instant.
struct LibraryScan: Sendable {
    let roots: [String]
    let catalogue: Catalogue
    let crate: Crate
    let analyst: Analyst
    let say: @Sendable (String) -> Void

    /// Scans once. Each unreadable file or folder is said once, and only when it is new or has changed.
    func run(isStopped: () -> Bool) {
        for finding in LibraryScanner(roots: roots) {
            if isStopped() { return }
            switch finding {
            case .problem(let problem): say("passed over: \(problem)")
            case .file(let file):
                guard add(file) else {
                    say("the crate is full: \(Crate.tracksMax) tracks; the rest of the library is passed over")
                    return
                }
            }
        }
        let counts = crate.counts()
        say("library: \(counts.known) tracks known, \(counts.analysed) analysed, \(counts.unplayable) passed over")
    }

    private func add(_ file: FoundFile) -> Bool {
        if let record = try? catalogue.file(file.path), record.byteCount == file.byteCount,
            record.modifiedNanoseconds == file.modifiedNanoseconds
        {
            if record.problem != nil { return true }
            if let key = record.contentKey.flatMap({ ContentKey(text: $0) }), let tags = record.tags.flatMap(tags) {
                return put(file, tags: tags, contentKey: key)
            }
        }
        return addNew(file)
    }

    private func addNew(_ file: FoundFile) -> Bool {
        do {
            let tags = try FileTagReader().tags(atPath: file.path)
            let key = try ContentKey(ofFileAtPath: file.path)
            try? catalogue.storeFile(
                FileRecord(
                    path: file.path, byteCount: file.byteCount, modifiedNanoseconds: file.modifiedNanoseconds,
                    contentKey: key.text, tags: try JSONEncoder().encode(tags)))
            return put(file, tags: tags, contentKey: key)
        } catch {
            say(Program.passedOver(file.path, error))
            try? catalogue.storeFile(
                FileRecord(
                    path: file.path, byteCount: file.byteCount, modifiedNanoseconds: file.modifiedNanoseconds,
                    problem: "\(error)"))
            return true
        }
    }

    private func tags(_ json: Data) -> TrackTags? { try? JSONDecoder().decode(TrackTags.self, from: json) }

    private func put(_ file: FoundFile, tags: TrackTags, contentKey: ContentKey) -> Bool {
        let track = Track(path: file.path, tags: tags, contentKey: contentKey)
        // Two equal files are one track, under the first path.
        if crate[track.id] != nil { return true }
        return crate.put(CrateTrack(track, contentKey: contentKey.text, stored: analyst))
    }
}

extension CrateTrack {
    /// The track with what the catalogue knows of its sound.
    init(_ track: Track, contentKey: String, stored analyst: Analyst) {
        let knowledge: Knowledge =
            analyst.stored(contentKey: contentKey)
            .map { .analysed(facts: TrackFacts(track, $0), summary: $0.summary) } ?? .unknown
        self.init(track: track, contentKey: contentKey, knowledge: knowledge)
    }
}
