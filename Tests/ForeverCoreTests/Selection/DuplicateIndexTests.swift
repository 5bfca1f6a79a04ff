import Testing

import ForeverCore

@Suite struct DuplicateIndexTests {
    private func track(_ id: String, _ title: String, by artist: String = "Somebody", seconds: Double = 200) -> Track {
        Track(id: id, title: title, artist: artist, durationSeconds: seconds, origin: .demo(id: id))
    }

    @Test func theSameTitleAndLengthIsTheSameTrack() {
        var index = DuplicateIndex()
        index.insert(track("a", "Blue Night"))
        #expect(index.original(of: track("b", "blue night (Original Mix)", seconds: 201.5)) == "a")
        #expect(index.original(of: track("b", "Blüe  Night", by: "SOMEBODY")) == "a")
        #expect(index.original(of: track("a", "Blue Night")) == nil)
        #expect(index.original(of: track("b", "Blue Night", seconds: 203)) == nil)
        #expect(index.original(of: track("b", "Blue Night (Somebody else remix)")) == nil)
        #expect(index.original(of: track("b", "Blue Night", by: "Another")) == nil)
        #expect(index.original(of: track("b", "Blue Night", seconds: 0), seconds: 200) == "a")
    }

    @Test func whatIsNotKnownIsNotTheSame() {
        var index = DuplicateIndex()
        index.insert(track("a", "Untitled", by: Track.unknownArtist))
        index.insert(track("c", "T", seconds: 0))
        #expect(index.original(of: track("b", "Untitled", by: Track.unknownArtist)) == nil)
        #expect(index.original(of: track("d", "T", seconds: 0)) == nil)
    }

    @Test func whenTheFirstGoesAnotherMayCome() {
        var index = DuplicateIndex()
        index.insert(track("a", "T"))
        index.insert(track("a", "T", seconds: 210))
        #expect(index.original(of: track("b", "T")) == nil)
        let removals = (0..<2).map { _ in index.remove(track("a", "T")) }
        #expect(removals == [true, false])
        #expect(index.original(of: track("b", "T", seconds: 210)) == nil)
    }
}
