import Foundation
import Testing

import ForeverCore

@Suite struct FolderWatchTests {
    /// Events until one satisfies, at most ten seconds.
    private func hear(_ watch: FolderWatch, until isEnough: (Set<FolderWatch.Event>) -> Bool) -> Set<FolderWatch.Event>
    {
        var heard: Set<FolderWatch.Event> = []
        let deadline = ContinuousClock.now + .seconds(10)
        while !isEnough(heard), ContinuousClock.now < deadline { heard.formUnion(watch.wait(milliseconds: 100)) }
        return heard
    }

    @Test func musicFoldersAndSidecarsAreHeardOf() throws {
        let folder = TemporaryFolder()
        let watch = try #require(FolderWatch())
        #expect(watch.add(folder.path) == .watched)
        #expect(watch.add(folder.path) == .watched)
        #expect(watch.folderCount == 1)
        let files = FileManager.default
        for name in ["a.mp3", "b.txt", "c.flac.forever.json", ".hidden.mp3", "link"] {
            #expect(files.createFile(atPath: folder.path + "/" + name, contents: Data([1])))
        }
        try files.createDirectory(atPath: folder.path + "/Vol. 1", withIntermediateDirectories: false)
        let wanted: Set<FolderWatch.Event> = [
            .changed(path: folder.path + "/a.mp3"), .changed(path: folder.path + "/c.flac"),
            .changed(path: folder.path + "/Vol. 1"), .changed(path: folder.path + "/link"),
        ]
        #expect(hear(watch) { $0.isSuperset(of: wanted) } == wanted)
        try files.moveItem(atPath: folder.path + "/a.mp3", toPath: folder.path + "/z.mp3")
        try files.removeItem(atPath: folder.path + "/Vol. 1")
        let moved: Set<FolderWatch.Event> = [
            .changed(path: folder.path + "/a.mp3"), .changed(path: folder.path + "/z.mp3"),
            .changed(path: folder.path + "/Vol. 1"),
        ]
        #expect(hear(watch) { $0.isSuperset(of: moved) } == moved)
        #expect(watch.wait(milliseconds: 0).isEmpty)
    }

    @Test func aFolderThatGoesIsSaidAndForgotten() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/inner"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        let watch = try #require(FolderWatch())
        #expect(watch.add(path) == .watched)
        try FileManager.default.removeItem(atPath: path)
        #expect(hear(watch) { !$0.isEmpty } == [.changed(path: path)])
        _ = watch.wait(milliseconds: 0)
        #expect(watch.folderCount == 0)
    }

    @Test func aLimitIsAnAnswer() throws {
        let folder = TemporaryFolder()
        let watch = try #require(FolderWatch(foldersMax: 1))
        #expect(watch.add(folder.path) == .watched)
        #expect(watch.add("/tmp") == .limitReached)
        watch.removeAll()
        #expect(watch.folderCount == 0)
        if case .failed = watch.add(folder.path + "/none") {} else { Issue.record("a folder that is not there") }
    }
}
