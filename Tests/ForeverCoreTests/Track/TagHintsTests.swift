import Testing

import ForeverCore
import Foundation

@Suite struct TagHintsTests {
    @Test(arguments: [
        ("A minor", "A", "minor"), ("Am", "A", "minor"), ("F#m", "F#", "minor"), ("Eb", "Eb", "major"),
        ("e flat maj", "Eb", "major"), ("C♯ moll", "C#", "minor"), ("8A", "A", "minor"), ("8B", "C", "major"),
        ("1A", "Ab", "minor"), ("12b", "E", "major"), ("1d", "C", "major"), ("1m", "A", "minor"),
        ("6m", "G#", "minor"), ("08A", "A", "minor"), ("Bbmin", "Bb", "minor"), ("G dur", "G", "major"),
    ])
    func keysAreReadAsTheyAreWritten(text: String, tonic: String, mode: String) throws {
        let key = try #require(KeyFact(written: text))
        let wanted = KeyFact(tonic: tonic, mode: mode)
        #expect(key.pitchClass == wanted.pitchClass && key.mode == mode, "\(text): \(key)")
    }

    @Test(arguments: ["", "o", "H", "13A", "0A", "8C", "off key", "A minorish", "+8A", "Abm7"])
    func whatIsNoKeyIsNone(text: String) { #expect(KeyFact(written: text) == nil) }

    /// Both wheels against the circle of fifths that keys themselves give.
    @Test func theWheelsTurnInFifths() {
        for hour in 1...12 {
            let camelot = KeyFact(written: "\(hour)B")
            let open = KeyFact(written: "\((hour + 4) % 12 + 1)d")
            #expect(camelot?.fifths == (hour + 4) % 12)
            #expect(KeyFact(written: "\(hour)A")?.fifths == camelot?.fifths)
            #expect(open?.fifths == camelot?.fifths, "\(hour)")
        }
    }

    @Test func absurdTagsGiveNoHints() {
        #expect(TrackTags(bpm: 4_000, key: "yes", replayGainDecibels: .nan).hints.isEmpty)
        let hints = TrackTags(bpm: 174, key: "Am", replayGainDecibels: -7.5).hints
        #expect(hints == TagHints(tempo: 174, key: KeyFact(tonic: "A", mode: "minor"), loudness: -10.5))
    }

    @Test func aTourGoesByThemBeforeTheSoundIsKnown() {
        let key = ContentKey(of: Data([1]))
        let track = Track(path: "/m/x.mp3", tags: TrackTags(bpm: 174, key: "Am"), contentKey: key)
        #expect(track.facts.tempo == 174 && track.facts.key == KeyFact(tonic: "A", mode: "minor"))
        #expect(Track(path: "/m/x.mp3", tags: TrackTags(title: "x"), contentKey: key).hints == nil)
    }
}
