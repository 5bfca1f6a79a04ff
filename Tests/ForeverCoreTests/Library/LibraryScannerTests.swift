import ForeverCore
import Foundation
import Glibc
import Testing

@Suite struct LibraryScannerTests {
    private func scan(_ roots: [String], limits: LibraryScanner.Limits = .init()) -> (
        files: [String], problems: [ScanProblem]
    ) {
        var files: [String] = []
        var problems: [ScanProblem] = []
        for finding in LibraryScanner(roots: roots, limits: limits) {
            switch finding {
            case .file(let file): files.append(file.path)
            case .problem(let problem): problems.append(problem)
            }
        }
        return (files, problems)
    }

    @Test func findsMusicInByteOrderWhateverItsCase() {
        let folder = TemporaryFolder()
        for name in ["b/2.FLAC", "b/1.mp3", "a.Ogg", "Z.wav", "c.opus", "d.m4a", "e.aac", "f.oga", "g.mp4"] {
            folder.file(name)
        }
        for name in ["notes.txt", "mp3", "cover.jpg", "b/list.m3u", ".mp3"] { folder.file(name) }
        let found = scan([folder.path])
        let expected = ["Z.wav", "a.Ogg", "b/1.mp3", "b/2.FLAC", "c.opus", "d.m4a", "e.aac", "f.oga", "g.mp4"]
        #expect(found.files == expected.map { "\(folder.path)/\($0)" })
        #expect(found.problems.isEmpty)
        #expect(scan([folder.path]).files == found.files)
    }

    @Test func givesSizeAndTimeToTheNanosecond() throws {
        let folder = TemporaryFolder()
        let path = folder.file("a.mp3", [UInt8](repeating: 0, count: 1_234))
        var times = [
            timespec(tv_sec: 1_000_000_000, tv_nsec: 7), timespec(tv_sec: 1_600_000_000, tv_nsec: 123_456_789),
        ]
        #expect(utimensat(AT_FDCWD, path, &times, 0) == 0)
        let expected = FoundFile(path: path, byteCount: 1_234, modifiedNanoseconds: 1_600_000_000_123_456_789)
        #expect(Array(LibraryScanner(roots: [folder.path])) == [.file(expected)])
    }

    @Test func passesOverHiddenNames() {
        let folder = TemporaryFolder()
        folder.file(".hidden.mp3")
        folder.file(".Trash/a.mp3")
        folder.file("._resource.mp3")
        let seen = folder.file("seen.mp3")
        #expect(scan([folder.path]).files == [seen])
    }

    @Test func entersAFolderOnceHoweverManyLinksLeadToIt() {
        let folder = TemporaryFolder()
        let song = folder.file("a/song.mp3")
        folder.link("a/loop", to: folder.path)
        folder.link("a/self", to: ".")
        folder.link("z", to: "a")
        folder.link("nowhere", to: "missing")
        folder.link("circle", to: "circle")
        let found = scan([folder.path, "\(folder.path)/a", folder.path])
        #expect(found.files == [song])
        #expect(found.problems.isEmpty)
    }

    @Test func followsLinksToFilesAndReportsBrokenOnes() {
        let folder = TemporaryFolder()
        let elsewhere = TemporaryFolder()
        let real = elsewhere.file("real.mp3")
        folder.link("link.mp3", to: real)
        folder.link("broken.mp3", to: "missing")
        let found = scan([folder.path])
        #expect(found.files == ["\(folder.path)/link.mp3"])
        #expect(found.problems.map(\.path) == ["\(folder.path)/broken.mp3"])
    }

    @Test func takesWeirdNamesAsTheyAre() {
        let folder = TemporaryFolder()
        let names = [
            "new\nline.mp3", "quote'\".mp3", "ümläut.mp3", "e\u{301}.mp3", "空の音.flac", "🎧🏽.ogg", " space .wav",
            "-dash.mp3", "a;b|c&d$e`f.mp3", "trailing. .mp3", "back\\slash.mp3", "%41.mp3",
        ]
        for name in names { folder.file(name) }
        let found = scan([folder.path])
        let expected = names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        #expect(found.files.map { Array($0.utf8) } == expected.map { Array("\(folder.path)/\($0)".utf8) })
        #expect(found.files.allSatisfy { access($0, R_OK) == 0 })
    }

    @Test func reportsNamesThatAreNotText() {
        let folder = TemporaryFolder()
        folder.file("good.mp3")
        let name =
            Array("\(folder.path)/bad".utf8CString.dropLast()) + [CChar(bitPattern: 0xff)]
            + Array(".mp3".utf8CString)
        let descriptor = name.withUnsafeBufferPointer { open($0.baseAddress!, O_CREAT | O_WRONLY, 0o600) }
        #expect(descriptor >= 0)
        close(descriptor)
        let found = scan([folder.path])
        #expect(found.files == ["\(folder.path)/good.mp3"])
        #expect(found.problems.map(\.reason) == [.nameNotUTF8])
    }

    @Test func passesOverEmptyFilesAndPipesWithMusicNames() {
        let folder = TemporaryFolder()
        let empty = folder.file("empty.mp3", [])
        #expect(mkfifo("\(folder.path)/pipe.mp3", 0o600) == 0)
        folder.folder("folder.mp3")
        let found = scan([folder.path])
        #expect(found.files.isEmpty)
        #expect(found.problems == [ScanProblem(path: empty, reason: .emptyFile)])
    }

    @Test func reportsAnUnreadableFolderOnceAndGoesOn() async {
        let folder = TemporaryFolder()
        folder.file("a/1.mp3")
        let closed = folder.folder("b")
        folder.file("b/2.mp3")
        folder.file("c/3.mp3")
        #expect(chmod(closed, 0) == 0)
        #expect(chmod(folder.path, 0o755) == 0)
        let path = folder.path
        // A thread of its own, since root must take another user's eyes to be refused anything.
        let found = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                becomeNobodyForFiles()
                continuation.resume(returning: Array(LibraryScanner(roots: [path])))
            }
        }
        chmod(closed, 0o755)
        let names = found.map { finding in
            switch finding {
            case .file(let file): String(file.path.dropFirst(path.count))
            case .problem(let problem): "problem \(problem.description.dropFirst(path.count))"
            }
        }
        #expect(names == ["/a/1.mp3", "problem /b: Permission denied", "/c/3.mp3"])
    }

    @Test func reportsAMissingRootAndTakesASingleFile() {
        let folder = TemporaryFolder()
        let song = folder.file("song.mp3")
        let text = folder.file("notes.txt")
        let found = scan(["\(folder.path)/missing", text, song])
        #expect(found.files == [song])
        #expect(
            found.problems == [
                ScanProblem(path: "\(folder.path)/missing", reason: .unreadable("No such file or directory")),
                ScanProblem(path: text, reason: .notMusic),
            ])
    }

    @Test func keepsItsLimits() {
        let folder = TemporaryFolder()
        folder.file("1.mp3")
        folder.file("a/b/c/2.mp3")
        folder.file("z.mp3")
        var limits = LibraryScanner.Limits()
        limits.depthMax = 2
        var found = scan([folder.path], limits: limits)
        #expect(found.files == ["\(folder.path)/1.mp3", "\(folder.path)/z.mp3"])
        #expect(found.problems == [ScanProblem(path: "\(folder.path)/a/b", reason: .tooDeep(limit: 2))])

        limits = .init()
        limits.filesMax = 2
        found = scan([folder.path], limits: limits)
        #expect(found.files.count == 2)
        #expect(found.problems.map(\.reason) == [.tooManyFiles(limit: 2)])

        limits = .init()
        limits.folderNameBytesMax = 7
        found = scan([folder.path], limits: limits)
        #expect(found.problems.map(\.reason).contains(.folderTooLarge(byteLimit: 7)))

        limits = .init()
        limits.foldersMax = 2
        found = scan([folder.path], limits: limits)
        #expect(found.problems.map(\.reason) == [.tooManyFolders(limit: 2)])
    }

    @Test func looksNoFurtherThanItIsAsked() {
        let folder = TemporaryFolder()
        folder.file("a/1.mp3")
        folder.file("b/2.mp3")
        var scan = LibraryScanner(roots: [folder.path]).makeIterator()
        #expect(scan.next() != nil)
        // What appears behind the scan's place is still found; what it has not reached may go.
        folder.file("b/3.mp3")
        try? FileManager.default.removeItem(atPath: "\(folder.path)/b/2.mp3")
        guard case .file(let last)? = scan.next() else { Issue.record("nothing more"); return }
        #expect(last.path == "\(folder.path)/b/3.mp3")
        #expect(scan.next() == nil)
        #expect(scan.next() == nil)
    }
}

/// Takes root's power over files from this thread alone, as far as there is any: glibc's setfsuid is the thread's own.
private func becomeNobodyForFiles() {
    typealias SetUser = @convention(c) (UInt32) -> Int32
    guard let symbol = dlsym(nil, "setfsuid") else { return }
    _ = unsafeBitCast(symbol, to: SetUser.self)(65_534)
}
