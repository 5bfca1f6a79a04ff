import ForeverCatalogue
import ForeverCore
import Foundation
import Glibc

/// Brings files into the catalogue and the crate, and takes out what is gone. **Thread:** the scan's.
///
/// A file known to the catalogue by path, size and time is not opened again, so that a second start is instant; one
/// whose content is known under another path keeps its analysis, its history and what was put right by hand.
package struct LibraryShelf: Sendable {
    let catalogue: Catalogue
    let crate: Crate
    let analyst: Analyst
    let say: @Sendable (String) -> Void

    package init(
        catalogue: Catalogue, crate: Crate, analyst: Analyst, say: @escaping @Sendable (String) -> Void
    ) {
        self.catalogue = catalogue
        self.crate = crate
        self.analyst = analyst
        self.say = say
    }

    /// What became of a file.
    package enum Outcome: Hashable, Sendable {
        /// It is in the crate.
        case shelved
        /// It is in the catalogue; the crate is full.
        case beyond
        /// It cannot be played; said when it was found out.
        case refused
        /// It is still being written.
        case unsettled
    }

    /// Rows that are removed at once.
    private static let batch = 500

    /// Looks at a file that is there.
    ///
    /// - settledBefore: files changed since then are left for later. **Units:** ns since 1970.
    func look(at file: FoundFile, settledBefore: Int64 = .max) -> Outcome {
        let sidecar = Sidecars(besides: file.path)
        let record = try? catalogue.file(file.path)
        if var record, record.byteCount == file.byteCount, record.modifiedNanoseconds == file.modifiedNanoseconds {
            if record.problem != nil { return .refused }
            if let key = record.contentKey.flatMap({ ContentKey(text: $0) }), let tags = currentTags(&record) {
                if record.sidecarNanoseconds != sidecar?.modifiedNanoseconds {
                    putRight(key.text, sidecar, had: record.sidecarNanoseconds != nil)
                    record.sidecarNanoseconds = sidecar?.modifiedNanoseconds
                    try? catalogue.storeFile(record)
                }
                return put(Track(path: file.path, tags: tags, contentKey: key), contentKey: key.text)
            }
        }
        guard file.modifiedNanoseconds < settledBefore else { return .unsettled }
        return takeIn(file, sidecar, former: record)
    }

    /// A file that is new, or another than before.
    private func takeIn(_ file: FoundFile, _ sidecar: Sidecars?, former: FileRecord?) -> Outcome {
        var record = FileRecord(
            path: file.path, byteCount: file.byteCount, modifiedNanoseconds: file.modifiedNanoseconds)
        do {
            let tags = try FileTagReader().tags(atPath: file.path)
            let key = try ContentKey(ofFileAtPath: file.path)
            record.contentKey = key.text
            record.tags = try JSONEncoder().encode(tags)
            record.sidecarNanoseconds = sidecar?.modifiedNanoseconds
            try? catalogue.storeFile(record)
            if let old = former?.contentKey, old != key.text { leave(old, at: file.path, heir: key.text) }
            if sidecar != nil { putRight(key.text, sidecar, had: false) }
            return put(Track(path: file.path, tags: tags, contentKey: key), contentKey: key.text)
        } catch {
            say(Program.passedOver(file.path, error))
            record.problem = "\(error)"
            try? catalogue.storeFile(record)
            if let old = former?.contentKey { leave(old, at: file.path, heir: nil) }
            return .refused
        }
    }

    /// The record's tags, read again where an earlier reader read them.
    private func currentTags(_ record: inout FileRecord) -> TrackTags? {
        guard let stored = record.tags.flatMap({ try? JSONDecoder().decode(TrackTags.self, from: $0) }) else {
            return nil
        }
        if stored.isCurrent { return stored }
        guard let tags = try? FileTagReader().tags(atPath: record.path) else { return stored }
        record.tags = try? JSONEncoder().encode(tags)
        try? catalogue.storeFile(record)
        return tags
    }

    /// Takes over what the file beside the music says, or that it is gone.
    private func putRight(_ content: String, _ sidecar: Sidecars?, had: Bool) {
        do {
            if let sidecar {
                try analyst.corrections.set(try sidecar.read(), .sidecar, content: content)
            } else if had {
                try analyst.corrections.set(nil, .sidecar, content: content)
            }
        } catch {
            say(Program.notUsed(sidecar?.path ?? content, error))
        }
        if let entry = crate[content] { crate.put(CrateTrack(entry.track, contentKey: content, stored: analyst)) }
    }

    /// Two equal files are one track, under the first path that is still there.
    private func put(_ track: Track, contentKey: String) -> Outcome {
        if let known = crate[track.id] {
            // What is known of its sound stays; only where it lies may be new.
            guard case .file(let path) = known.track.origin, track.origin != known.track.origin, isGone(path) else {
                return .shelved
            }
        }
        return crate.put(CrateTrack(track, contentKey: contentKey, stored: analyst)) ? .shelved : .beyond
    }

    /// The operator says of a track what is to hold, besides what was said before. **Returns** the track as it is then.
    ///
    /// **Thread:** any. **Errors:** the catalogue's; nothing has changed then.
    func putRight(_ entry: CrateTrack, with change: Correction) throws -> CrateTrack {
        var said = analyst.corrections.from(.operator, entry.contentKey) ?? Correction()
        if let never = change.neverPlay { said.neverPlay = never ? true : nil }
        if let never = change.neverMix { said.neverMix = never ? true : nil }
        try analyst.corrections.set(said, .operator, content: entry.contentKey)
        let new = CrateTrack(entry.track, contentKey: entry.contentKey, stored: analyst)
        crate.put(new, isAskedFor: true)
        return new
    }

    /// Something else is said by hand of these contents now.
    package func takeUp(_ contents: Set<String>) {
        for entry in crate.entries(withContents: contents) {
            crate.put(CrateTrack(entry.track, contentKey: entry.contentKey, stored: analyst), isAskedFor: true)
        }
    }

    // MARK: What is gone

    /// Forgets the files at and below `path` that are there no more. With `keepsRows` only the crate forgets them: a
    /// disk that is not mounted will come back.
    func sweep(_ path: String, keepsRows: Bool = false, isStopped: () -> Bool) {
        if let record = try? catalogue.file(path), isGone(path) { forget([record], keepsRows: keepsRows) }
        var last = ""
        while !isStopped() {
            guard let page = try? catalogue.files(below: path, after: last, count: LibraryShelf.batch),
                let end = page.last
            else { return }
            last = end.path
            forget(page.filter { isGone($0.path) }, keepsRows: keepsRows)
        }
    }

    private func isGone(_ path: String) -> Bool {
        var status = stat()
        // Where it cannot be asked the file may well be there.
        return stat(path, &status) != 0 && (errno == ENOENT || errno == ENOTDIR)
    }

    private func forget(_ records: [FileRecord], keepsRows: Bool) {
        guard !records.isEmpty else { return }
        if !keepsRows { try? catalogue.removeFiles(records.map(\.path)) }
        for record in records {
            if let content = record.contentKey { leave(content, at: record.path, heir: nil) }
        }
    }

    /// A content is no longer at `path`: another file of it takes over, or the crate is without it.
    ///
    /// - heir: the content that is there now; it inherits what the operator said, where no other file keeps it
    private func leave(_ content: String, at path: String, heir: String?) {
        let others = ((try? catalogue.files(withContent: content)) ?? []).filter { $0.path != path && !isGone($0.path) }
        if others.isEmpty, let heir, let said = analyst.corrections.from(.operator, content) {
            try? analyst.corrections.set(said, .operator, content: heir)
        }
        guard case .file(path)? = crate[content]?.track.origin else { return }
        crate.remove([content])
        if let other = others.first { _ = fetch(other) }
    }

    // MARK: From the catalogue alone

    /// The track of that id, or the one in the file at that path; brought into the crate if the catalogue knows it.
    ///
    /// A station is either SoundCloud or local: with SoundCloud only what is at hand is found.
    func find(_ text: String) -> CrateTrack? {
        if let entry = crate[text] { return entry }
        guard analyst.opener.cloud == nil else { return nil }
        let record =
            text.hasPrefix("/")
            ? (try? catalogue.file(text)) ?? (try? catalogue.file(LibraryShelf.resolved(text)))
            : ((try? catalogue.files(withContent: text)) ?? []).first { !isGone($0.path) }
        guard let record, fetch(record, isAskedFor: true) else { return nil }
        return record.contentKey.flatMap { crate[$0] }
    }

    /// The path without links and dots, as scans give it; as it is where there is nothing.
    static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    /// Puts a file that the catalogue knows into the crate. False where that cannot be.
    @discardableResult
    func fetch(_ record: FileRecord, isAskedFor: Bool = false) -> Bool {
        guard record.problem == nil, let key = record.contentKey.flatMap({ ContentKey(text: $0) }),
            let tags = record.tags.flatMap({ try? JSONDecoder().decode(TrackTags.self, from: $0) })
        else { return false }
        let track = Track(path: record.path, tags: tags, contentKey: key)
        if crate[track.id] != nil { return true }
        return crate.put(CrateTrack(track, contentKey: key.text, stored: analyst), isAskedFor: isAskedFor)
    }
}

extension CrateTrack {
    /// The track with what the catalogue knows of its sound, and what was put right by hand.
    init(_ track: Track, contentKey: String, stored analyst: Analyst) {
        let knowledge: Knowledge = analyst.summary(contentKey: contentKey).map { .init(track, $0) } ?? .unknown
        self.init(
            track: track, contentKey: contentKey, knowledge: knowledge,
            isNever: analyst.corrections[contentKey]?.neverPlay == true,
            sameSoundAs: analyst.sameSound(asContent: contentKey))
    }
}
