import ForeverCatalogue
import ForeverCore
import Foundation
import Glibc

/// Goes through the library's folders, then stays and takes up every change. **Thread:** its own, at low priority once
/// there is a track to play: on a busy machine too the library opens the mix.
///
/// Nothing of the library is held here but the folders that are watched: 100 000 files cost no more memory than 1 000.
package final class LibraryScan {
    /// How often everything is looked through where changes cannot be heard of. **Units:** s.
    static let roundSeconds = 600.0
    /// How often tracks that have played make room for others of a large library. **Units:** s.
    static let rotationSeconds = 60.0
    /// The longest sleep, so that a stop is seen soon. **Units:** ms.
    static let napMilliseconds: Int32 = 250

    private let roots: [String]
    private let shelf: LibraryShelf
    private let wishes: WishIntake
    private let again: LookAgain
    /// How often the operator wants everything looked through; nil: only where it must be.
    private let operatorRoundSeconds: Double?
    private let rotation: CrateRotation
    private let watch: FolderWatch?
    private var changes = LibraryChanges()
    /// Problems that were said, so that a round does not say them again.
    private var said: Set<ScanProblem> = []
    private var saysLimit = false
    private var isFirst = true
    private var hasSteppedBack = false

    /// Problems remembered at most; beyond them some are said again.
    private static let problemsMax = 10_000

    package init(
        roots: [String], shelf: LibraryShelf, wishes: WishIntake, again: LookAgain, roundSeconds: Double?,
        seed: UInt64, watch: FolderWatch? = FolderWatch()
    ) {
        self.roots = roots
        self.shelf = shelf
        self.wishes = wishes
        self.again = again
        operatorRoundSeconds = roundSeconds
        rotation = CrateRotation(roots: roots.map(LibraryShelf.resolved), shelf: shelf, seed: seed)
        self.watch = watch
    }

    private var now: Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }

    /// Scans, then follows until it is stopped.
    package func run(isStopped: () -> Bool) {
        changes.lookThrough(every: operatorRoundSeconds ?? (watch == nil ? LibraryScan.roundSeconds : nil), now: now)
        if watch == nil { shelf.say("the library's folders cannot be watched: changes are looked for every 600 s") }
        lookThrough(isStopped)
        var nextRotation = now + LibraryScan.rotationSeconds
        while !isStopped() {
            hear()
            // A backup was put back: files are looked at as it knows them.
            if again.take() { changes.noteAll(now: now) }
            switch changes.take(now: now) {
            case .everything: lookThrough(isStopped)
            case .paths(let paths): for path in paths where !isStopped() { look(atChanged: path, isStopped) }
            case .wait: break
            }
            if now >= nextRotation {
                nextRotation = now + LibraryScan.rotationSeconds
                rotation.turn()
                wishes.fetch()
            }
        }
    }

    /// Waits a moment for changes, and notes them.
    private func hear() {
        guard let watch else { return Thread.sleep(forTimeInterval: Double(LibraryScan.napMilliseconds) / 1_000) }
        for event in watch.wait(milliseconds: LibraryScan.napMilliseconds) {
            switch event {
            case .changed(let path): changes.note(path, now: now)
            case .overflowed:
                shelf.say("more changes in the library than could be told one by one: it is looked through")
                changes.noteAll(now: now)
            }
        }
    }

    private func startWatching(_ folder: String) {
        guard let watch, watch.add(folder) == .limitReached, !saysLimit else { return }
        saysLimit = true
        let seconds = operatorRoundSeconds ?? LibraryScan.roundSeconds
        shelf.say(
            "no more than \(watch.folderCount) folders can be watched (fs.inotify.max_user_watches): changes in the "
                + "others are looked for every \(Int(seconds)) s")
        changes.lookThrough(every: seconds, now: now)
    }

    // MARK: Looking

    /// Everything: what is there, then what is there no more.
    private func lookThrough(_ isStopped: () -> Bool) {
        var beyond = 0
        var files = 0
        scan(roots, settledBefore: .max, isStopped) { outcome in
            files += 1
            if outcome == .beyond { beyond += 1 }
        }
        for root in roots where !isStopped() {
            let isAway = LibraryScan.isAway(root)
            if isAway { shelf.say("the library \(root) is empty or not there: what is known of it is kept") }
            shelf.sweep(LibraryShelf.resolved(root), keepsRows: isAway, isStopped: isStopped)
        }
        if isStopped() { return }
        if beyond > 0, isFirst {
            rotation.drawAnew()
            wishes.fetch()
        }
        let counts = shelf.crate.counts()
        if isFirst, !roots.isEmpty {
            let refused = shelf.crate.refusedCount
            let part = beyond > 0 ? " of \(files) files, a part that changes," : ""
            shelf.say(
                "library: \(counts.known) tracks\(part) known, \(counts.analysed) analysed, \(counts.unplayable) passed"
                    + " over" + (refused > 0 ? ", \(refused) not let in" : ""))
        }
        isFirst = false
    }

    /// Whatever stands at `path` now.
    private func look(atChanged path: String, _ isStopped: () -> Bool) {
        var status = stat()
        if stat(path, &status) == 0 {
            let settled = Date().timeIntervalSince1970 - LibraryChanges.settledSeconds
            scan([path], keepsNames: true, settledBefore: Int64(settled * 1e9), isStopped) { _ in }
        }
        shelf.sweep(path, keepsRows: roots.contains { LibraryShelf.resolved($0) == path }, isStopped: isStopped)
    }

    private func scan(
        _ paths: [String], keepsNames: Bool = false, settledBefore: Int64, _ isStopped: () -> Bool,
        each: (LibraryShelf.Outcome) -> Void
    ) {
        var findings = LibraryScanner(roots: paths, keepsNames: keepsNames)
            .makeIterator { [self] in startWatching($0) }
        while !isStopped(), let finding = findings.next() {
            switch finding {
            case .problem(let problem): say(problem)
            case .file(let file):
                let outcome = shelf.look(at: file, settledBefore: settledBefore)
                if !hasSteppedBack {
                    hasSteppedBack = true
                    WorkThread.stepBack(to: Station.backgroundNiceness)
                }
                if outcome == .unsettled { changes.note(file.path, now: now) }
                each(outcome)
            }
        }
    }

    private func say(_ problem: ScanProblem) {
        if case .notMusic = problem.reason, !roots.contains(problem.path) { return }
        if said.count >= LibraryScan.problemsMax { said.removeAll() }
        if said.insert(problem).inserted { shelf.say("passed over: \(problem)") }
    }

    /// A folder that is not there or holds nothing is more likely a disk that is not mounted than a library given up.
    private static func isAway(_ root: String) -> Bool {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: root) else {
            return access(root, F_OK) != 0
        }
        return names.isEmpty
    }
}
