import ForeverCatalogue
import ForeverCore
import ForeverMix
import ForeverTestKit
import Foundation
import Synchronization
import Testing
import forever_server

/// A scan that runs beside the test, over real files, until it is stopped.
private final class RunningScan: Sendable {
    let crate: Crate
    let catalogue: Catalogue
    let analyst: Analyst
    let wishes: WishDesk
    let folder: TemporaryFolder
    private let said = Mutex<[String]>([])
    private let isStopping = Atomic<Bool>(false)
    private let hasEnded = DispatchSemaphore(value: 0)
    private let housekeepingHasEnded = DispatchSemaphore(value: 0)

    init(_ folder: TemporaryFolder, heldMax: Int = 100, watches: Bool = true, foldersMax: Int = 100) throws {
        self.folder = folder
        let files = DataFiles(folder: folder("data"))
        try FileManager.default.createDirectory(atPath: folder("data"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: folder("music"), withIntermediateDirectories: true)
        catalogue = try Catalogue(path: files.catalogue)
        crate = Crate(heldMax: heldMax)
        analyst = Analyst(opener: SoundOpener(crate: DemoCrate(seed: 1)), catalogue: catalogue)
        wishes = WishDesk(catalogue: catalogue)
        let say: @Sendable (String) -> Void = { [self] line in said.withLock { $0.append(line) } }
        let shelf = LibraryShelf(catalogue: catalogue, crate: crate, analyst: analyst, say: say)
        let intake = WishIntake(
            finder: WishFinder(shelf: shelf), crate: crate, wishes: wishes, files: files,
            rules: RulesBoard(HouseRules()), say: say)
        let again = LookAgain()
        let thread = Thread { [self] in
            LibraryScan(
                roots: [folder("music")], shelf: shelf, wishes: intake, again: again, roundSeconds: nil, seed: 1,
                watch: watches ? FolderWatch(foldersMax: foldersMax) : nil
            ).run { [self] in isStopping.load(ordering: .relaxed) }
            hasEnded.signal()
        }
        thread.start()
        let housekeeping = Thread { [self] in
            Housekeeping(shelf: shelf, intake: intake) { again.ask() }
                .run { [self] in isStopping.load(ordering: .relaxed) }
            housekeepingHasEnded.signal()
        }
        housekeeping.start()
        try waitFor("the first scan") { says("library:") }
    }

    func stop() {
        if isStopping.exchange(true, ordering: .relaxed) { return }
        hasEnded.wait()
        housekeepingHasEnded.wait()
    }

    var titles: [String] {
        crate.playable(limit: 1_000, standIns: false).compactMap { crate[$0]?.track.title }.sorted()
    }

    func says(_ words: String) -> Bool { said.withLock { $0.contains { $0.contains(words) } } }

    func waitFor(_ what: String, _ holds: () throws -> Bool) throws { try waitUntil(what, seconds: 20, holds) }
}

@Suite struct LibraryScanTests {
    /// A tenth of a second of sound that only this `number` has.
    private func sound(_ number: Int) -> Data {
        var bytes = Data("RIFF".utf8)
        func add(_ value: Int, _ count: Int) { for at in 0..<count { bytes.append(UInt8(value >> (8 * at) & 255)) } }
        let frames = 4_410
        add(36 + frames * 2, 4)
        bytes += Data("WAVEfmt ".utf8)
        for (value, count) in [(16, 4), (1, 2), (1, 2), (44_100, 4), (88_200, 4), (2, 2), (16, 2)] { add(value, count) }
        bytes += Data("data".utf8)
        add(frames * 2, 4)
        for frame in 0..<frames { add((frame * (number + 3)) & 0x3FFF, 2) }
        return bytes
    }

    private func put(_ folder: TemporaryFolder, _ name: String, _ number: Int) throws {
        let place = (folder("music/" + name) as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try folder.write(sound(number), to: "music/" + name)
    }

    private func folder(_ names: [String]) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for (number, name) in names.enumerated() { try put(folder, name, number) }
        return folder
    }

    @Test func filesThatComeMoveAndGoAreTakenUpWithoutARestart() throws {
        let folder = try folder(["one.wav", "deep/two.wav"])
        let scan = try RunningScan(folder)
        defer { scan.stop() }
        #expect(scan.titles == ["one", "two"])
        let files = FileManager.default

        try put(folder, "three.wav", 3)
        try files.createDirectory(atPath: folder("music/new/inner"), withIntermediateDirectories: true)
        try put(folder, "new/inner/four.wav", 4)
        try scan.waitFor("new files") { scan.titles == ["four", "one", "three", "two"] }

        // A file of a folder that is new itself is heard of too.
        try put(folder, "new/inner/five.wav", 5)
        try scan.waitFor("a file in a new folder") { scan.titles.contains("five") }

        let id = try #require(scan.crate.find("three", limit: 1).first?.track.id)
        try scan.catalogue.storeAnalysis(
            try JSONEncoder().encode(Samples.analysis()), forContent: id, version: TrackAnalysis.currentVersion)
        try files.moveItem(atPath: folder("music/three.wav"), toPath: folder("music/deep/drei.wav"))
        try scan.waitFor("a moved file") { scan.titles.contains("drei") && !scan.titles.contains("three") }
        #expect(scan.crate[id]?.track.title == "drei")
        #expect(scan.analyst.kept(contentKey: id) != nil)

        try files.moveItem(atPath: folder("music/new"), toPath: folder("music/renamed"))
        try scan.waitFor("a moved folder") {
            scan.crate.find("renamed/inner", limit: 9).count == 2 && scan.crate.find("/new/", limit: 9).isEmpty
        }
        try put(folder, "renamed/inner/six.wav", 6)
        try scan.waitFor("a file in a moved folder") { scan.titles.contains("six") }

        try files.removeItem(atPath: folder("music/renamed"))
        try files.removeItem(atPath: folder("music/one.wav"))
        try scan.waitFor("deleted files") { scan.titles == ["drei", "two"] }
        #expect(try scan.catalogue.files().count == 2)
    }

    @Test func aFileThatIsWrittenAgainIsAnotherTrack() throws {
        let folder = try folder(["a.wav"])
        let scan = try RunningScan(folder)
        defer { scan.stop() }
        let before = try #require(scan.crate.find("a.wav", limit: 1).first?.track.id)
        try scan.analyst.corrections.set(Correction(neverMix: true), .operator, content: before)
        try put(folder, "a.wav", 77)
        try scan.waitFor("the new content") { scan.crate[before] == nil && scan.titles == ["a"] }
        let after = try #require(scan.crate.find("a.wav", limit: 1).first?.track.id)
        #expect(after != before)
        // What the operator said of the file at this place goes on to hold.
        #expect(scan.analyst.corrections[after]?.neverMix == true)
    }

    @Test func whatThisStationCannotPlayIsNotWishedFor() throws {
        let folder = try folder(["a.wav"])
        let scan = try RunningScan(folder)
        defer { scan.stop() }
        let shelf = LibraryShelf(catalogue: scan.catalogue, crate: scan.crate, analyst: scan.analyst) { _ in }
        let finder = WishFinder(shelf: shelf)
        func refusal(_ text: String) -> WishFinder.Refusal? {
            do throws(WishFinder.Refusal) {
                _ = try finder.find(text)
                return nil
            } catch {
                return error
            }
        }
        let entry = try #require(scan.crate.find("a.wav", limit: 1).first)
        #expect(refusal(entry.track.id) == nil && finder.again(entry.track.id) == nil)
        #expect(refusal("nothing") == .unknown && finder.again("nothing") == .unknown)
        #expect(refusal("soundcloud:tracks:7") == .refused("SoundCloud is off"))
        #expect(finder.again("soundcloud:tracks:7") == .refused("SoundCloud is off"))
        try scan.analyst.corrections.set(Correction(neverPlay: true), .operator, content: entry.contentKey)
        shelf.takeUp([entry.contentKey])
        #expect(refusal(entry.track.id) == .refused("never to be played, by hand"))
        #expect(finder.again(entry.track.id) == .refused("never to be played, by hand"))
    }

    /// What nobody can play any more keeps no other wish waiting, and goes from the list where it never comes back.
    @Test func wishesForWhatIsGoneEnd() throws {
        let folder = try folder(["a.wav", "b.wav"])
        var scan = try RunningScan(folder)
        let ids = scan.crate.playable(limit: 2, standIns: false)
        for id in ids + ["0-nobody"] { _ = try scan.wishes.ask(.next, for: id) }
        scan.stop()
        // A file that is away may come back.
        try FileManager.default.moveItem(atPath: folder("music"), toPath: folder("elsewhere"))
        scan = try RunningScan(folder)
        defer { scan.stop() }
        try scan.waitFor("the unknown one to go") { scan.wishes.list.tracks(.next) == ids }
        // It is said when it is done.
        try scan.waitFor("it to be said") { scan.says("no longer wished for: 0-nobody: no such track is known") }
        #expect(scan.wishes.list.only { scan.crate[$0] != nil }.wishes.isEmpty)
    }

    @Test func correctionsBesideTheMusicHoldAndOutliveEverything() throws {
        let folder = try folder(["a.wav", "b.wav"])
        let scan = try RunningScan(folder)
        defer { scan.stop() }
        let id = try #require(scan.crate.find("a.wav", limit: 1).first?.track.id)
        try scan.catalogue.storeAnalysis(
            try JSONEncoder().encode(Samples.analysis(tempo: 120)), forContent: id,
            version: TrackAnalysis.currentVersion)
        #expect(scan.analyst.summary(contentKey: id)?.facts(of: Samples.track(id)).tempo == 120)
        try folder.write(Data("{ \"tempoOctave\": -1 } // half".utf8), to: "music/a.wav.forever.json")
        try scan.waitFor("the correction") { scan.analyst.kept(contentKey: id)?.tempo == 60 }
        #expect(scan.analyst.summary(contentKey: id)?.facts(of: Samples.track(id)).tempo == 60)
        // Analysing again does not touch it.
        try scan.catalogue.storeAnalysis(
            try JSONEncoder().encode(Samples.analysis(tempo: 124)), forContent: id,
            version: TrackAnalysis.currentVersion)
        #expect(scan.analyst.kept(contentKey: id)?.tempo == 62)
        try folder.write(Data("{ \"tempoOctave\": oops }".utf8), to: "music/a.wav.forever.json")
        try scan.waitFor("the complaint") { scan.says("not used") }
        #expect(scan.analyst.kept(contentKey: id)?.tempo == 62)
        // A file that moves without its sidecar keeps what was said of it.
        try FileManager.default.moveItem(atPath: folder("music/a.wav"), toPath: folder("music/c.wav"))
        try scan.waitFor("the moved file") { scan.titles == ["b", "c"] }
        #expect(scan.analyst.kept(contentKey: id)?.tempo == 62)
        try folder.write(Data("{ \"neverPlay\": true }".utf8), to: "music/c.wav.forever.json")
        try scan.waitFor("never") { scan.crate.objection(to: id) == .never }
        scan.stop()
        let next = try RunningScan(folder)
        defer { next.stop() }
        #expect(next.crate.objection(to: id) == .never && next.titles == ["b"])
        try FileManager.default.removeItem(atPath: folder("music/c.wav.forever.json"))
        try next.waitFor("it was taken back") { next.titles == ["b", "c"] }
    }

    @Test func whatAFolderSaysOfItsTempiHolds() throws {
        let folder = try folder(["a.wav"])
        let scan = try RunningScan(folder)
        defer { scan.stop() }
        let id = try #require(scan.crate.find("a.wav", limit: 1).first?.track.id)
        try scan.catalogue.storeAnalysis(
            try JSONEncoder().encode(Samples.analysis(tempo: 87)), forContent: id,
            version: TrackAnalysis.currentVersion)
        try folder.write(Data("{ \"tempoRange\": [150, 190] }".utf8), to: "music/folder.forever.json")
        try scan.waitFor("the range") { scan.analyst.kept(contentKey: id)?.tempo == 174 }
        try FileManager.default.removeItem(atPath: folder("music/folder.forever.json"))
        try scan.waitFor("it was taken back") { scan.analyst.kept(contentKey: id)?.tempo == 87 }
    }

    @Test func whereFoldersCannotBeWatchedItIsSaid() throws {
        let folder = try folder(["a/a.wav", "b/b.wav"])
        let few = try RunningScan(folder, foldersMax: 1)
        defer { few.stop() }
        #expect(few.says("can be watched") && few.titles == ["a", "b"])
        few.stop()
        let none = try RunningScan(folder, watches: false)
        defer { none.stop() }
        #expect(none.says("cannot be watched") && none.titles == ["a", "b"])
    }

    @Test func anEmptyRootIsADiskThatIsNotMounted() throws {
        let folder = try folder(["a.wav", "b.wav"])
        do {
            let scan = try RunningScan(folder)
            defer { scan.stop() }
            #expect(scan.titles == ["a", "b"])
        }
        try FileManager.default.moveItem(atPath: folder("music"), toPath: folder("elsewhere"))
        do {
            let scan = try RunningScan(folder)
            defer { scan.stop() }
            #expect(scan.says("is kept") && scan.titles.isEmpty)
            #expect(try scan.catalogue.files().count == 2)
        }
    }

    @Test func aLargeLibraryIsDrawnFrom() throws {
        let folder = try folder((0..<40).map { String(format: "%02d.wav", $0) })
        let scan = try RunningScan(folder, heldMax: 10)
        defer { scan.stop() }
        let drawn = scan.titles
        #expect(drawn.count == 10)
        #expect(drawn != (0..<10).map { String(format: "%02d", $0) }, "the first ten are no draw")
        #expect(try scan.catalogue.playableFileCount() == 40)
        #expect(scan.says("of 40 files"))
        // One that is not in the crate can be asked for by its path.
        let path = try #require((0..<40).map { String(format: "%02d", $0) }.first { !drawn.contains($0) }) + ".wav"
        try folder.write(Data("# play this\n \(folder("music/" + path)) \nno such track\n".utf8), to: "data/inject.txt")
        try scan.waitFor("the wish") { !scan.wishes.list.tracks(.next).isEmpty }
        #expect(scan.says("\"no such track\": no such track is known"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder("data/inject.txt"))).isEmpty)
        let wished = try #require(scan.wishes.list.tracks(.next).first)
        #expect(scan.crate[wished]?.track.title == String(path.prefix(2)))
        try folder.write(Data("\(wished)\n".utf8), to: "data/mix.txt")
        try scan.waitFor("the second wish") { scan.wishes.list.tracks(.mustMix) == [wished] }
        scan.stop()
        // Wishes outlive a restart, and what they name is there.
        let next = try RunningScan(folder, heldMax: 10)
        defer { next.stop() }
        #expect(next.wishes.list.tracks(.next) == [wished] && next.crate[wished] != nil)
    }

    @Test func aRestoredBackupIsTakenUp() throws {
        let folder = try folder(["a.wav"])
        let scan = try RunningScan(folder)
        defer { scan.stop() }
        let id = try #require(scan.crate.find("a.wav", limit: 1).first?.track.id)
        try scan.analyst.corrections.set(Correction(neverMix: true), .operator, content: id)
        let files = DataFiles(folder: folder("data"))
        try CatalogueBackup.write(files.catalogue, to: folder("backup"))
        try scan.analyst.corrections.set(nil, .operator, content: id)
        #expect(scan.analyst.corrections[id] == nil)
        try CatalogueBackup.restore(folder("backup"), to: files.catalogue)
        try scan.waitFor("the correction is back") { scan.analyst.corrections[id]?.neverMix == true }
    }
}
