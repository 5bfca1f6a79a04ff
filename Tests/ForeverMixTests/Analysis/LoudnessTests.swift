import ForeverMix
import Foundation
import Testing

struct LoudnessTests {
    static func measure(_ music: SynthesisedMusic, pushFrames: Int = 4_800) -> LoudnessMeter {
        let meter = LoudnessMeter()
        var start = 0
        while start < music.samples.count {
            let count = min(pushFrames, music.samples.count - start)
            music.samples.withUnsafeBufferPointer { all in
                meter.push(left: all.baseAddress! + start, right: all.baseAddress! + start, count: count)
            }
            start += count
        }
        meter.finish()
        return meter
    }

    /// EBU Tech 3341, cases 1 and 2: a stereo sine's peak level is its loudness.
    @Test(arguments: [-23.0, -33.0])
    func stereoSine(level: Double) {
        var music = SynthesisedMusic(seconds: 20)
        music.sine(997, gain: pow(10, level / 20))
        #expect(abs(LoudnessTests.measure(music).integrated - level) < 0.1)
    }

    /// EBU Tech 3341, case 3: what is 13 dB below the rest does not count.
    @Test func relativeGate() {
        var music = SynthesisedMusic(seconds: 80)
        music.sine(997, gain: pow(10, -36.0 / 20), until: 10)
        music.sine(997, gain: pow(10, -23.0 / 20), from: 10, until: 70)
        music.sine(997, gain: pow(10, -36.0 / 20), from: 70)
        #expect(abs(LoudnessTests.measure(music).integrated + 23) < 0.1)
    }

    /// EBU Tech 3341, case 4: the absolute gate too.
    @Test func absoluteGate() {
        var music = SynthesisedMusic(seconds: 50)
        music.sine(997, gain: pow(10, -72.0 / 20), until: 10)
        music.sine(997, gain: pow(10, -23.0 / 20), from: 10, until: 40)
        music.sine(997, gain: pow(10, -72.0 / 20), from: 40)
        #expect(abs(LoudnessTests.measure(music).integrated + 23) < 0.1)
    }

    /// The weighting lifts highs by 4 dB and cuts the low end.
    @Test func weightingFollowsTheStandard() {
        for (hertz, gain) in [(100.0, -1.18), (10_000.0, 3.99), (40.0, -5.62)] {
            var music = SynthesisedMusic(seconds: 5)
            music.sine(hertz, gain: 0.1)
            var reference = SynthesisedMusic(seconds: 5)
            reference.sine(997, gain: 0.1)
            let difference = LoudnessTests.measure(music).integrated - LoudnessTests.measure(reference).integrated
            #expect(abs(difference - (gain - 0.69)) < 0.35, "\(hertz) Hz: \(difference)")
        }
    }

    @Test func noiseIsTheSumOfItsChannels() {
        var music = SynthesisedMusic(seconds: 10)
        music.noise(gain: 0.1)
        let both = LoudnessTests.measure(music).integrated
        let meter = LoudnessMeter()
        let silence = [Float](repeating: 0, count: music.samples.count)
        meter.push(left: music.samples, right: silence, count: silence.count)
        meter.finish()
        #expect(abs(both - meter.integrated - 3.01) < 0.05)
    }

    @Test func pushSizeChangesNothing() {
        let (music, _, _) = SynthesisedMusic.house(tempo: 120, first: 0, seconds: 10)
        let one = LoudnessTests.measure(music, pushFrames: 4_800).integrated
        #expect(LoudnessTests.measure(music, pushFrames: 777).integrated == one)
    }

    @Test func curveFollowsTheLevel() throws {
        var music = SynthesisedMusic(seconds: 10)
        music.sine(997, gain: 0.01, until: 5)
        music.sine(997, gain: 0.1, from: 5)
        let analysis = try TrackAnalyzer().analyze(music.source)
        #expect(analysis.loudnessCurve.count == 21)
        #expect(abs(analysis.loudnessCurve[6] + 40) < 0.2)
        #expect(abs(analysis.loudnessCurve[14] + 20) < 0.2)
    }

    @Test func silenceIsMinusSeventy() {
        #expect(LoudnessTests.measure(SynthesisedMusic(seconds: 3)).integrated == -70)
        #expect(LoudnessTests.measure(SynthesisedMusic(seconds: 0)).integrated == -70)
    }

    private func truePeak(_ samples: [Float], pushFrames: Int) -> Float {
        let meter = TruePeakMeter(pushMax: pushFrames)
        var start = 0
        while start < samples.count {
            let count = min(pushFrames, samples.count - start)
            samples.withUnsafeBufferPointer {
                meter.push(left: $0.baseAddress! + start, right: $0.baseAddress! + start, count: count)
            }
            start += count
        }
        meter.finish()
        return meter.peak
    }

    /// A sine at a quarter of the rate, sampled 45 degrees beside its peaks: samples read 3 dB low.
    @Test func peakBetweenSamplesIsSeen() {
        var music = SynthesisedMusic(seconds: 1)
        music.sine(12_000, gain: 0.5, phase: .pi / 4)
        let steady = Array(music.samples[4_800..<43_200])
        #expect(abs(Double(steady.map { abs($0) }.max() ?? 0) - 0.3536) < 0.001)
        #expect(abs(20 * log10(truePeak(steady, pushFrames: 4_800)) + 6.02) < 0.3)
    }

    @Test func skippingQuietRunsChangesNothing() {
        var music = SynthesisedMusic(seconds: 2)
        music.noise(gain: 0.3)
        for k in 0..<100 { music.samples[k * 900 + 37] *= 2.5 }
        let peak = truePeak(music.samples, pushFrames: 4_800)
        #expect(peak == truePeak(music.samples, pushFrames: 1_111))
        #expect(peak >= music.samples.map { abs($0) }.max() ?? 1)
    }

    @Test func probeIsNearTheWhole() throws {
        let (music, _, _) = SynthesisedMusic.house(tempo: 124, first: 1.25, seconds: 60)
        let whole = try TrackAnalyzer().analyze(music.source)
        let probe = try LoudnessProbe().probe(music.source)
        #expect(abs(whole.loudness - probe.loudness) < 1)
        #expect(probe.analysisVersion == 0)
        #expect(!probe.trusted.beats && probe.beats.isEmpty && probe.tempo == nil)
        #expect(abs(probe.soundStart - 1.25) < 0.03)
        #expect(probe.frameCount == whole.frameCount)
    }
}
