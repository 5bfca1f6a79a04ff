import ForeverMix
import Foundation
import Testing

struct TrackAnalyzerTests {
    @Test(arguments: [0.0, 0.00002, 0.01, 0.4, 1, 3, 7.9])
    func shortTracksGiveAClearResult(seconds: Double) throws {
        var music = SynthesisedMusic(seconds: seconds)
        music.sine(440, gain: 0.3)
        let analysis = try TrackAnalyzer().analyze(music.source)
        #expect(analysis.frameCount == Int64(music.samples.count))
        #expect(analysis.tempo == nil && analysis.beats.isEmpty && !analysis.trusted.beats)
        #expect(analysis.loudness.isFinite && analysis.truePeak.isFinite)
        #expect(analysis.analysisVersion == TrackAnalysis.currentVersion)
        _ = try LoudnessProbe().probe(music.source)
    }

    @Test func silence() throws {
        let analysis = try TrackAnalyzer().analyze(SynthesisedMusic(seconds: 30).source)
        #expect(analysis.loudness == -70)
        #expect(analysis.beats.isEmpty && analysis.key == nil && analysis.onsets.isEmpty)
        #expect(analysis.soundStart == 0 && analysis.soundEnd == 0)
        #expect(analysis.confidence == .init(beats: 0, downbeats: 0, key: 0))
    }

    @Test func noiseDirectCurrentAndASteadyToneAreNotTrusted() throws {
        var noise = SynthesisedMusic(seconds: 30)
        noise.noise(gain: 0.3)
        var tone = SynthesisedMusic(seconds: 30)
        tone.sine(220, gain: 0.4)
        var direct = SynthesisedMusic(seconds: 30)
        for n in direct.samples.indices { direct.samples[n] = 0.6 }
        for music in [noise, tone, direct] {
            let analysis = try TrackAnalyzer().analyze(music.source)
            #expect(!analysis.trusted.beats && !analysis.trusted.downbeats)
            #expect(analysis.confidence.beats < 0.5)
        }
    }

    @Test func clippedOneSidedAndOppositeChannelsStillHaveBeats() throws {
        let (music, beats, _) = SynthesisedMusic.house(tempo: 125, first: 0.4, seconds: 30)
        let clipped = music.samples.map { max(-1, min(1, $0 * 8)) }
        let silent = [Float](repeating: 0, count: clipped.count)
        let buffers = [
            StereoBuffer(left: clipped, right: clipped), StereoBuffer(left: silent, right: music.samples),
            StereoBuffer(left: music.samples, right: music.samples.map { -$0 }),
        ]
        for buffer in buffers {
            let analysis = try TrackAnalyzer().analyze(BufferSource(buffer))
            #expect(abs((analysis.tempo ?? 0) / 125 - 1) < 0.0003)
            #expect(distances(beats.filter { $0 > 1 && $0 < 29 }, analysis.beats).allSatisfy { abs($0) < 0.015 })
        }
    }

    @Test func edgesAreFound() throws {
        var music = SynthesisedMusic(seconds: 12)
        music.sine(440, gain: 0.2, from: 1.5, until: 9.25)
        let analysis = try TrackAnalyzer().analyze(music.source)
        #expect(abs(analysis.soundStart - 1.5) <= 0.011)
        #expect(abs(analysis.soundEnd - 9.25) <= 0.011)
    }

    @Test func beatsAreWithinTheSound() throws {
        var (music, _, _) = SynthesisedMusic.house(tempo: 128, first: 3, seconds: 40)
        for n in (35 * 48_000)..<music.samples.count { music.samples[n] = 0 }
        let analysis = try TrackAnalyzer().analyze(music.source)
        #expect((analysis.beats.first ?? 0) >= 2.9)
        #expect((analysis.beats.last ?? 99) <= 35.01)
        #expect(Set(analysis.downbeats).isSubset(of: Set(analysis.beats)))
    }

    @Test func progressRisesToOne() throws {
        let (music, _, _) = SynthesisedMusic.house(tempo: 120, first: 0, seconds: 10)
        var values: [Double] = []
        _ = try TrackAnalyzer().analyze(music.source, progress: { values.append($0) })
        #expect(values == values.sorted())
        #expect(values.last == 1 && values.count > 20)
    }

    @Test func cancelling() {
        let music = SynthesisedMusic(seconds: 10)
        var asked = 0
        #expect(throws: CancellationError.self) {
            _ = try TrackAnalyzer().analyze(
                music.source,
                isCancelled: {
                    asked += 1
                    return asked > 5
                })
        }
        #expect(asked == 6)
    }

    @Test func sourceErrorsComeThrough() {
        let source = SynthesisedMusic(seconds: 10).source
        source.failsAt = 200_000
        #expect(throws: BufferSource.Failure.self) { _ = try TrackAnalyzer().analyze(source) }
        #expect(throws: BufferSource.Failure.self) { _ = try LoudnessProbe().probe(source) }
    }

    @Test func sameSamplesGiveTheSameResult() throws {
        let (music, _, _) = SynthesisedMusic.house(tempo: 131, first: 0.2, seconds: 20)
        let one = try TrackAnalyzer().analyze(music.source)
        #expect(try TrackAnalyzer().analyze(music.source) == one)
        let stored = try JSONEncoder().encode(one)
        #expect(try JSONDecoder().decode(TrackAnalysis.self, from: stored) == one)
    }

    @Test func samplesInMemoryAreASourceToo() throws {
        let (music, _, _) = SynthesisedMusic.house(tempo: 131, first: 0.2, seconds: 12)
        let held = try TrackAnalyzer().analyze(StereoBuffer(left: music.samples, right: music.samples))
        #expect(try TrackAnalyzer().analyze(music.source) == held)
        #expect(throws: CancellationError.self) {
            try TrackAnalyzer().analyze(StereoBuffer(frameCount: 48_000), isCancelled: { true })
        }
    }

    /// What an importer's decoder may leave behind: no numbers, infinities, sizes that no sound has.
    @Test func samplesThatAreNoSoundAreSilence() throws {
        let (music, beats, _) = SynthesisedMusic.house(tempo: 125, first: 0.4, seconds: 24)
        var left = music.samples
        for (at, value) in [Float.nan, .infinity, -.infinity, 1e30, .greatestFiniteMagnitude].enumerated() {
            left[100_000 + 150_000 * at] = value
        }
        let analysis = try TrackAnalyzer().analyze(StereoBuffer(left: left, right: music.samples))
        #expect(analysis.loudness.isFinite && analysis.truePeak < 20 && analysis.energy.isFinite)
        #expect(distances(beats.filter { $0 > 1 && $0 < 23 }, analysis.beats).allSatisfy { abs($0) < 0.015 })
        let all = StereoBuffer(left: left.map { _ in .nan }, right: left.map { _ in .infinity })
        #expect(try TrackAnalyzer().analyze(all).loudness == -70)
    }

    @Test func featuresDoNotDependOnTheBlock() {
        let (music, _, _) = SynthesisedMusic.house(tempo: 131, first: 0.2, seconds: 8)
        func frames(_ block: Int) -> OnsetFrames {
            let pass = AnalysisPass()
            var start = 0
            while start < music.samples.count {
                let count = min(block, music.samples.count - start)
                let part = Array(music.samples[start..<(start + count)])
                pass.push(StereoBuffer(left: part, right: part), count: count)
                start += count
            }
            pass.finish()
            return pass.onsets.frames
        }
        let whole = frames(9_600)
        let pieces = frames(1_001)
        #expect(whole.count == pieces.count && whole.count >= 800)
        #expect(whole.low == pieces.low && whole.linear == pieces.linear && whole.attack == pieces.attack)
    }

    @Test func threeFourHasBarsOfThree() throws {
        let period = 60.0 / 140
        var music = SynthesisedMusic(seconds: 45)
        let beats = Array(stride(from: 0.3, to: 44, by: period))
        let chords: [[Int]] = [[48, 52, 55], [53, 57, 60], [55, 59, 62], [48, 52, 55]]
        for (at, beat) in beats.enumerated() {
            if at % 3 == 0 {
                music.kick(beat)
                let notes: [Int] = chords[at / 3 % 4]
                music.chord(notes, beat, length: 2.9 * period)
                music.chord([notes[0] - 12], beat, length: 2.9 * period)
            } else {
                music.snare(beat, gain: 0.2)
            }
            music.hat(beat)
        }
        let analysis = try TrackAnalyzer().analyze(music.source)
        #expect(analysis.beatsPerBar == 3)
        let downbeats = stride(from: 0, to: beats.count, by: 3).map { beats[$0] }.filter { $0 > 1 && $0 < 43 }
        #expect(distances(downbeats, analysis.downbeats).allSatisfy { abs($0) < 0.015 })
    }
}
