import Testing

import ForeverCore

@Suite struct LibraryChangesTests {
    @Test func aPathIsLookedAtWhenItHasBeenQuiet() {
        var changes = LibraryChanges()
        #expect(changes.take(now: 0) == .wait(seconds: .infinity))
        changes.note("/m/a.mp3", now: 1)
        changes.note("/m/b.mp3", now: 1.25)
        #expect(changes.take(now: 1.25) == .wait(seconds: 0.25))
        #expect(changes.take(now: 1.5) == .paths(["/m/a.mp3"]))
        #expect(changes.take(now: 1.75) == .paths(["/m/b.mp3"]))
        #expect(changes.take(now: 2) == .wait(seconds: .infinity))
    }

    @Test func oneThatNeverRestsIsLookedAtAllTheSame() {
        var changes = LibraryChanges()
        var now = 0.0
        while now < 100 {
            changes.note("/m/a.mp3", now: now)
            if case .paths = changes.take(now: now) { break }
            now += 0.25
        }
        #expect(now == LibraryChanges.patienceSeconds)
    }

    @Test func aFolderCoversWhatLiesInIt() {
        var changes = LibraryChanges()
        for path in ["/m/a", "/m/a/b.mp3", "/m/a/c/d.mp3", "/m/ab.mp3", "/x"] { changes.note(path, now: 0) }
        #expect(changes.take(now: 9) == .paths(["/m/a", "/m/ab.mp3", "/x"]))
    }

    @Test func tooManyChangesAreEverything() {
        var changes = LibraryChanges()
        for number in 0..<20_000 { changes.note("/m/\(number).mp3", now: 0) }
        #expect(changes.take(now: 1) == .everything)
        #expect(changes.take(now: 2) == .wait(seconds: .infinity))
    }

    @Test func anOverflowCoversAllThatWaits() {
        var changes = LibraryChanges()
        changes.note("/m/a.mp3", now: 0)
        changes.noteAll(now: 0.1)
        changes.note("/m/b.mp3", now: 0.2)
        #expect(changes.take(now: 0.4) == .wait(seconds: 0.1 + LibraryChanges.quietSeconds - 0.4))
        #expect(changes.take(now: 0.7) == .everything)
        #expect(changes.take(now: 5) == .wait(seconds: .infinity))
    }

    @Test func roundsComeByThemselves() {
        var changes = LibraryChanges()
        changes.lookThrough(every: 60, now: 0)
        changes.lookThrough(every: 60, now: 30)
        #expect(changes.take(now: 10) == .wait(seconds: 50))
        #expect(changes.take(now: 61) == .everything)
        #expect(changes.take(now: 62) == .wait(seconds: 59))
        changes.lookThrough(every: nil, now: 70)
        #expect(changes.take(now: 999) == .wait(seconds: .infinity))
    }
}
