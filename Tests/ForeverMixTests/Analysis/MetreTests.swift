import ForeverMix
import Testing

struct MetreTests {
    /// Two beats of three eighths each: a kick, a snare on the second beat, a hat on every eighth, a chord a bar.
    @Test func sixEightHasBarsOfTwo() throws {
        let beat = 60.0 / 66
        var music = SynthesisedMusic(seconds: 60)
        let beats = Array(stride(from: 0.4, to: 58, by: beat))
        let chords: [[Int]] = [[57, 60, 64], [53, 57, 60], [48, 52, 55], [55, 59, 62]]
        for (at, time) in beats.enumerated() {
            if at % 2 == 0 {
                music.kick(time)
                let notes = chords[at / 2 % 4]
                music.chord(notes, time, length: 1.9 * beat)
                music.chord([notes[0] - 12], time, length: 1.9 * beat, gain: 0.1)
            } else {
                music.snare(time)
            }
            for eighth in 0..<3 { music.hat(time + Double(eighth) * beat / 3, gain: eighth == 0 ? 0.2 : 0.12) }
        }
        let analysis = try TrackAnalyzer().analyze(music.source)
        #expect(analysis.timeSignature == .sixEight && analysis.beatsPerBar == 2)
        #expect(abs((analysis.tempo ?? 0) - 66) < 0.1)
        let downbeats = stride(from: 0, to: beats.count, by: 2).map { beats[$0] }.filter { $0 > 1 && $0 < 56 }
        #expect(distances(downbeats, analysis.downbeats).allSatisfy { abs($0) < 0.015 })
    }

    /// Shuffled eighths are thirds of a beat too, but bars stay bars of four.
    @Test func aShuffleStaysInFour() throws {
        let (music, _, downbeats) = SynthesisedMusic.house(tempo: 104, first: 0.3, seconds: 45, swing: 2.0 / 3)
        let analysis = try TrackAnalyzer().analyze(music.source)
        #expect(analysis.timeSignature == .fourFour)
        #expect(distances(downbeats.filter { $0 > 1 && $0 < 43 }, analysis.downbeats).allSatisfy { abs($0) < 0.015 })
    }

    /// A chord every two bars must not halve the tempo.
    @Test func slowChordsDoNotHalveTheTempo() throws {
        let beat = 60.0 / 126
        var music = SynthesisedMusic(seconds: 45)
        for (at, time) in stride(from: 0.3, to: 44, by: beat).enumerated() {
            music.kick(time)
            if at % 2 == 1 { music.snare(time) }
            music.hat(time + beat / 2)
            if at % 8 == 0 {
                let root = [57, 53, 48, 55][at / 8 % 4]
                music.chord([root, root + 4, root + 7], time, length: 7.9 * beat)
            }
        }
        let analysis = try TrackAnalyzer().analyze(music.source)
        #expect(abs((analysis.tempo ?? 0) - 126) < 0.1 && analysis.trusted.beats)
    }

    @Test(arguments: TimeSignature.all) func signaturesAreKnownByTheirBeats(signature: TimeSignature) {
        #expect(TimeSignature(beatsPerBar: signature.beatsPerBar) == signature)
    }
}

extension TimeSignature {
    fileprivate static let all: [TimeSignature] = [.fourFour, .threeFour, .sixEight]
}
