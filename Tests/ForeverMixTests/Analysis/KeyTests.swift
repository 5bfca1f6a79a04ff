import ForeverMix
import Foundation
import Testing

struct KeyTests {
    /// I IV V I and i iv v i in every key, with a bass and drums on top.
    @Test(arguments: 0..<12, [MusicalKey.Mode.major, .minor])
    func cadenceInEveryKey(tonic: Int, mode: MusicalKey.Mode) throws {
        var music = SynthesisedMusic(seconds: 16)
        let third = mode == .major ? 4 : 3
        for bar in 0..<8 {
            let root = 48 + tonic + [0, 5, 7, 0][bar % 4]
            music.chord([root, root + third, root + 7, root - 12], Double(bar) * 2, length: 1.95)
            for beat in 0..<4 { music.kick(Double(bar) * 2 + Double(beat) * 0.5, gain: 0.3) }
        }
        let analysis = try TrackAnalyzer().analyze(music.source)
        #expect(analysis.key == MusicalKey(pitchClass: tonic, mode: mode))
    }

    /// Seventh chords of the same seven notes, at home in A minor or in C major.
    @Test func relativeKeysAreToldApart() throws {
        func key(_ chords: [[Int]]) throws -> MusicalKey? {
            var music = SynthesisedMusic(seconds: 32)
            for bar in 0..<16 {
                let notes = chords[bar % 4]
                music.chord(notes + [notes[0] - 24], Double(bar) * 2, length: 1.95)
                for beat in 0..<4 { music.kick(Double(bar) * 2 + Double(beat) * 0.5, gain: 0.3) }
            }
            return try TrackAnalyzer().analyze(music.source).key
        }
        let (a, d, e) = ([57, 60, 64, 67], [62, 65, 69, 72], [64, 67, 71, 74])
        let (c, f, g) = ([60, 64, 67, 71], [65, 69, 72, 76], [55, 59, 62, 65])
        #expect(try key([a, d, e, a]) == MusicalKey(pitchClass: 9, mode: .minor))
        #expect(try key([a, f, e, a]) == MusicalKey(pitchClass: 9, mode: .minor))
        #expect(try key([c, f, g, c]) == MusicalKey(pitchClass: 0, mode: .major))
        #expect(try key([c, a, f, g]) == MusicalKey(pitchClass: 0, mode: .major))
    }

    /// A record played a third of a semitone fast or slow is in the same key, and its A is where it is.
    @Test(arguments: [-40.0, -25, 25, 40])
    func keysOutOfTuneAreHeard(cents: Double) throws {
        var music = SynthesisedMusic(seconds: 20)
        for bar in 0..<10 {
            let root = 50 + [0, 5, 7, 0][bar % 4]
            music.chord([root, root + 3, root + 7, root - 12], Double(bar) * 2, length: 1.95)
            for beat in 0..<4 { music.kick(Double(bar) * 2 + 0.5 * Double(beat), gain: 0.3) }
        }
        let ratio = exp2(cents / 1_200)
        let count = Int(Double(music.samples.count - 1) / ratio)
        let turned = (0..<count).map { n -> Float in
            let place = Double(n) * ratio
            let part = Float(place - place.rounded(.down))
            return (1 - part) * music.samples[Int(place)] + part * music.samples[Int(place) + 1]
        }
        let analysis = try TrackAnalyzer().analyze(BufferSource(mono: turned))
        #expect(analysis.key == MusicalKey(pitchClass: 2, mode: .minor))
        #expect(abs(1_200 * log2(analysis.tuning / 440) - cents) < 3)
    }

    /// All notes of a track a step higher: what spoke for C now speaks for C sharp.
    @Test func theEvidenceMovesWithTheMusic() throws {
        func evidence(_ shift: Int) throws -> KeyEvidence {
            var rows = [UInt8](repeating: 60, count: 200 * NoteExtractor.noteCount)
            for row in 0..<200 {
                for note in [[24, 28, 31], [29, 33, 36], [31, 35, 38], [24, 28, 31]][row / 10 % 4] {
                    rows[row * NoteExtractor.noteCount + note + shift] = 140
                }
            }
            let chromagram = Chromagram(noteRows: rows)
            let bars = (0..<20).map { (start: Double($0), end: Double($0 + 1)) }
            let chords = ChordTimeline(chromagram, bars: bars, beatsPerBar: 4)
            #expect(chords.segments.count == 40)
            #expect(chords.segments.allSatisfy { abs($0.chords.reduce(0, +) - 1) < 1e-9 })
            // E1 is note 0: note 24 is an E.
            let likeliest = chords.segments.map { chord in chord.chords.firstIndex(of: chord.chords.max() ?? 0) }
            #expect(Array(likeliest.prefix(8)) == [4, 4, 9, 9, 11, 11, 4, 4].map { ($0 + shift) % 12 })
            return try #require(KeyEvidence(chromagram, chords: chords, cuts: [0]))
        }
        let (low, high) = (try evidence(0), try evidence(1))
        #expect(low.rows.count == 24 && low.rows.allSatisfy { $0.count == KeyEvidence.count })
        for key in 0..<24 {
            let moved = key / 12 * 12 + (key + 1) % 12
            #expect(zip(low.rows[key], high.rows[moved]).allSatisfy { abs($0 - $1) < 1e-6 })
        }
    }

    @Test func noiseHasNoTrustedKey() throws {
        var music = SynthesisedMusic(seconds: 20)
        music.noise(gain: 0.2)
        #expect(try !TrackAnalyzer().analyze(music.source).trusted.key)
    }
}
