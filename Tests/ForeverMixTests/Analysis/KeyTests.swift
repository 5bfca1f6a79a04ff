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

    @Test func noiseHasNoTrustedKey() throws {
        var music = SynthesisedMusic(seconds: 20)
        music.noise(gain: 0.2)
        #expect(try !TrackAnalyzer().analyze(music.source).trusted.key)
    }
}
