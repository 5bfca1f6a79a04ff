import ForeverMix
import Foundation
import Testing

/// Tuning, loudness range, waveform, timbre and fingerprint against sounds of which they are known.
struct SoundFactsTests {
    @Test(arguments: [440.0, 432.0, 446.0, 450.0])
    func tuning(hertz: Double) throws {
        var music = SynthesisedMusic(seconds: 8)
        for (at, semitones) in [0.0, 3, 7, 10, 12, 5, 8, 2].enumerated() {
            music.sine(
                hertz * pow(2, (semitones - 12) / 12), gain: 0.3, from: Double(at), until: Double(at) + 0.95)
        }
        let found = try TrackAnalyzer().analyze(music.source).tuning
        #expect(abs(1_200 * log2(found / hertz)) < 3)
    }

    @Test func noiseIsNotTuned() throws {
        var music = SynthesisedMusic(seconds: 8)
        music.noise(gain: 0.3)
        #expect(try TrackAnalyzer().analyze(music.source).tuning == 440)
    }

    /// EBU Tech 3342's first two signals: 20 s each of a 1 kHz tone at two levels.
    @Test(arguments: [(-20.0, -30.0, 10.0), (-20.0, -15.0, 5.0)])
    func loudnessRange(first: Double, second: Double, range: Double) throws {
        var music = SynthesisedMusic(seconds: 40)
        music.sine(1_000, gain: pow(10, first / 20), until: 20)
        music.sine(1_000, gain: pow(10, second / 20), from: 20)
        let analysis = try TrackAnalyzer().analyze(music.source)
        #expect(abs(analysis.loudnessRange - range) < 1)
        #expect(abs(Double(analysis.shortTermCurve[19]) - first) < 0.1)
        #expect(abs(Double(analysis.shortTermCurve[39]) - second) < 0.1)
        #expect(analysis.shortTermCurve.count == 41)
    }

    @Test func theWaveformShowsEachBandInItsOwnColumns() throws {
        var music = SynthesisedMusic(seconds: 3)
        music.sine(80, gain: 1, until: 1)
        music.sine(1_000, gain: 0.25, from: 1, until: 2)
        music.sine(8_000, gain: 1, from: 2)
        let waveform = try TrackAnalyzer().analyze(music.source).waveform
        #expect(waveform.columnCount == 30)
        for (band, level) in [1, 0.5, 1].enumerated() {
            for column in (band * 10 + 2)..<(band * 10 + 8) {
                #expect(abs(waveform[column, band] - level) < 0.15)
                for other in 0..<3 where other != band { #expect(waveform[column, other] < 0.15) }
            }
        }
    }

    @Test func beatsThatSoundAlikeAreClose() throws {
        var music = SynthesisedMusic(seconds: 24)
        let beats = Array(stride(from: 0.2, to: 23.5, by: 0.5))
        for (at, beat) in beats.enumerated() {
            music.kick(beat, gain: 0.3)
            if at % 2 == 0 { music.chord([45, 52], beat, length: 0.45, gain: 0.2) } else { music.snare(beat) }
        }
        let analysis = try TrackAnalyzer().analyze(music.source)
        let timbre = analysis.timbre
        #expect(timbre.count == analysis.beats.count && timbre.count > 40)
        #expect(timbre.mean.count == BeatTimbre.size && timbre.deviation.count == BeatTimbre.size)
        let alike = timbre.distance(10, to: timbre, 12)
        #expect(timbre.distance(10, to: timbre, 11) > 3 * alike)
        #expect(timbre.distance(10, to: timbre, 10) == 0)
    }

    @Test func theSameSoundIsKnownAgain() throws {
        let (music, _, _) = SynthesisedMusic.house(tempo: 124, first: 0.5, seconds: 40)
        var copy = SynthesisedMusic(seconds: 40)
        // Begins 1.63 s later, half as loud, duller, with noise.
        copy.noise(gain: 0.004)
        var last: Float = 0
        for n in 0..<(music.samples.count - 78_000) {
            last = 0.6 * last + 0.4 * music.samples[n + 78_000]
            copy.samples[n] += 0.5 * last
        }
        // The same drums at the same tempo under other chords, which is as near as another track comes.
        var other = SynthesisedMusic(seconds: 40)
        for beat in stride(from: 0.5, to: 39, by: 60.0 / 124) {
            other.kick(beat)
            other.hat(beat + 30.0 / 124)
            other.chord([50, 54, 57, 61], beat, length: 0.9)
        }
        let prints = try [music, copy, other].map { try TrackAnalyzer().analyze($0.source).fingerprint }
        #expect(prints[0].similarity(to: prints[0]) == 1)
        #expect(prints[0].similarity(to: prints[1]) > AcousticFingerprint.sameFrom + 0.1)
        #expect(prints[0].similarity(to: prints[2]) < AcousticFingerprint.sameFrom - 0.1)
        #expect(prints[1].similarity(to: prints[0]) == prints[0].similarity(to: prints[1]))
        #expect(prints[0].similarity(to: AcousticFingerprint()) == 0)
        #expect((194...199).contains(prints[0].words.count))
    }

    @Test func packedBytesAreStoredAsOneWord() throws {
        let packed = PackedBytes([0, 1, 254, 255])
        let json = try JSONEncoder().encode([packed])
        #expect(String(decoding: json, as: UTF8.self) == #"["AAH+\/w=="]"#)
        #expect(try JSONDecoder().decode([PackedBytes].self, from: json) == [packed])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([PackedBytes].self, from: Data(#"["?"]"#.utf8))
        }
    }
}
