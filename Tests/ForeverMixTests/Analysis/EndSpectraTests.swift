import ForeverMix
import Foundation
import Testing

/// The rows of both ends against sounds of which they are known.
struct EndSpectraTests {
    /// **Units:** dB against a sine of full scale.
    private func level(_ bytes: [UInt8], row: Int, band: Int) -> Float {
        Float(bytes[row * EndSpectra.bandCount + band]) * EndSpectra.stepDecibels + EndSpectra.floorDecibels
    }

    /// The band of 24 from 40 Hz to 16 kHz.
    private func band(_ hertz: Double) -> Int { Int(log(hertz / 40) / log(400) * 24) }

    @Test func eachToneIsInItsBandAtItsLevel() throws {
        let tones = [(60.0, -6.0), (1_000, -20), (9_000, -40)]
        var music = SynthesisedMusic(seconds: 6)
        for (at, tone) in tones.enumerated() {
            music.sine(tone.0, gain: pow(10, tone.1 / 20), from: Double(at) * 2, until: Double(at + 1) * 2)
        }
        let spectra = try TrackAnalyzer().analyze(music.source).spectra
        let bytes = spectra.beginning.bytes
        #expect(bytes.count == EndSpectra.bandCount * 70)
        #expect(spectra.ending.bytes.isEmpty)
        for (at, tone) in tones.enumerated() {
            let row = Int((Double(at) * 2 + 1) / EndSpectra.rowSeconds)
            let levels = (0..<EndSpectra.bandCount).map { level(bytes, row: row, band: $0) }
            let (own, wished) = (band(tone.0), Float(tone.1))
            #expect(levels.max() == levels[own])
            #expect(abs(levels[own] - wished) < 3)
            for other in levels.indices where abs(other - own) > 2 { #expect(levels[other] < wished - 30) }
        }
    }

    /// What is longer than both ends keeps these and no more; what is shorter has all of its rows once.
    @Test(arguments: [50.0, 100, 150]) func bothEndsAreKept(seconds: Double) throws {
        var music = SynthesisedMusic(seconds: seconds)
        music.sine(1_000, gain: 0.5, until: seconds - 10)
        music.sine(100, gain: 0.5, from: seconds - 10)
        let spectra = try TrackAnalyzer().analyze(music.source).spectra
        let rows = (spectra.beginning.bytes.count + spectra.ending.bytes.count) / EndSpectra.bandCount
        let all = Int((seconds / EndSpectra.rowSeconds).rounded(.up))
        #expect(rows >= min(all, 2 * EndSpectra.rowsMax) - 1 && rows <= min(all, 2 * EndSpectra.rowsMax))
        let last = spectra.ending.bytes.isEmpty ? spectra.beginning.bytes : spectra.ending.bytes
        let start = spectra.ending.bytes.isEmpty ? 0 : spectra.endingStart
        let end = start + Double(last.count / EndSpectra.bandCount) * EndSpectra.rowSeconds
        #expect(abs(end - seconds) < 2 * EndSpectra.rowSeconds)
        let low = Int((seconds - 9 - start) / EndSpectra.rowSeconds)
        let high = Int((seconds - 11 - start) / EndSpectra.rowSeconds)
        #expect(level(last, row: low, band: band(100)) > level(last, row: low, band: band(1_000)) + 20)
        #expect(level(last, row: high, band: band(1_000)) > level(last, row: high, band: band(100)) + 20)
    }

    @Test func aMinuteTakesLittleRoom() throws {
        var music = SynthesisedMusic(seconds: 60)
        music.noise(gain: 0.3)
        let spectra = try TrackAnalyzer().analyze(music.source).spectra
        let data = try JSONEncoder().encode(spectra)
        #expect(data.count < 24_000)
        #expect(try JSONDecoder().decode(EndSpectra.self, from: data) == spectra)
    }
}
