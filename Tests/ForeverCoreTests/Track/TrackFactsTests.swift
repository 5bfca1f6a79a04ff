import ForeverCore
import Foundation
import Testing

@Suite struct TrackFactsTests {
    @Test func readsTheJSONOfOrder() throws {
        let json = """
            [{"id":"a","title":"T","artist":"R","genre":"house","tags":["x","y"],"duration":200.5,"tempo":124,
              "key":{"tonic":"Eb","mode":"minor"},"energy":0.5,"danceability":0.25,"loudness":-9.5},
             {"id":"b"}, {"id":"c","tempo":null,"tags":null,"key":null,"stranger":[1]}]
            """
        let tracks = try TrackFacts.list(fromJSON: Data(json.utf8))
        #expect(
            tracks == [
                TrackFacts(
                    id: "a", title: "T", artist: "R", genre: "house", tags: ["x", "y"], duration: 200.5, tempo: 124,
                    key: KeyFact(tonic: "Eb", mode: "minor"), energy: 0.5, danceability: 0.25, loudness: -9.5),
                TrackFacts(id: "b"), TrackFacts(id: "c"),
            ])
        let again = try TrackFacts.list(fromJSON: JSONEncoder().encode(tracks))
        #expect(again == tracks)
    }

    @Test(arguments: [
        ("[{\"title\":\"x\"}]", "not a list of tracks: \"id\" is missing at [0]"),
        ("[{\"id\":\"a\"},{\"id\":\"a\"}]", "the id \"a\" stands twice in the list of tracks"),
        ("[{\"id\":\"a\",\"tempo\":\"fast\"}]", "not a list of tracks: something else than Double stands at [0].tempo"),
    ])
    func saysWhatIsWrong(json: String, words: String) {
        #expect { try TrackFacts.list(fromJSON: Data(json.utf8)) } throws: { "\($0)" == words }
    }

    @Test func refusesWhatIsNoJSON() {
        #expect(throws: TrackFactsError.self) { try TrackFacts.list(fromJSON: Data("tracks".utf8)) }
    }

    @Test(arguments: [
        ("C", "major", 0, 0), ("A", "minor", 9, 0), ("G", "major", 7, 1), ("E", "minor", 4, 1), ("F", "major", 5, 11),
        ("F#", "major", 6, 6), ("Gb", "major", 6, 6), ("D♯", "minor", 3, 6), ("cb", "Major", 11, 5),
    ])
    func placesKeysOnTheCircle(tonic: String, mode: String, pitchClass: Int, fifths: Int) {
        let key = KeyFact(tonic: tonic, mode: mode)
        #expect(key.pitchClass == pitchClass)
        #expect(key.fifths == fifths)
    }

    @Test(arguments: [("H", "major"), ("", "minor"), ("C?", "minor"), ("C", "dorian")])
    func leavesOutWhatIsNoKey(tonic: String, mode: String) {
        #expect(KeyFact(tonic: tonic, mode: mode).fifths == nil)
    }
}
