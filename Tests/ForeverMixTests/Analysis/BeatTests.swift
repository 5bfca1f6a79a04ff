import ForeverMix
import Foundation
import Testing

struct BeatTests {
    @Test(arguments: [(86.0, 0.31), (97.3, 0.05), (118, 0.77), (124.02, 0.4), (128, 0.123), (136.5, 1.9), (145, 0.9)])
    func houseAtEveryTempoAndPhase(tempo: Double, first: Double) throws {
        let (music, beats, downbeats) = SynthesisedMusic.house(tempo: tempo, first: first, seconds: 40)
        let analysis = try TrackAnalyzer().analyze(music.source)
        let found = try #require(analysis.tempo)
        #expect(abs(found / tempo - 1) < 0.0001, "tempo to a hundredth of a percent, got \(found)")
        let inner = beats.filter { $0 > 1 && $0 < 39 }
        let offsets = distances(inner, analysis.beats)
        #expect(abs(median(offsets)) < 0.003)
        #expect(offsets.allSatisfy { abs($0) < 0.01 })
        #expect(analysis.beats.count <= beats.count + 2, "no more beats than there are")
        #expect(distances(downbeats.filter { $0 > 1 && $0 < 39 }, analysis.downbeats).allSatisfy { abs($0) < 0.01 })
        #expect(analysis.beatsPerBar == 4)
        #expect(analysis.trusted.beats)
    }

    @Test(arguments: [0.58, 0.64])
    func swungHatsDoNotMoveTheBeat(swing: Double) throws {
        let (music, beats, _) = SynthesisedMusic.house(tempo: 122, first: 0.2, seconds: 40, swing: swing)
        let analysis = try TrackAnalyzer().analyze(music.source)
        #expect(abs(try #require(analysis.tempo) / 122 - 1) < 0.0002)
        #expect(distances(beats.filter { $0 > 1 && $0 < 39 }, analysis.beats).allSatisfy { abs($0) < 0.01 })
    }

    @Test func drumAndBassIsNotHalved() throws {
        let period = 60.0 / 174
        var music = SynthesisedMusic(seconds: 40)
        let beats = Array(stride(from: 0.25, to: 39.8, by: period))
        for (at, beat) in beats.enumerated() {
            if at % 4 == 0 { music.kick(beat) }
            if at % 4 == 2 { music.kick(beat + period / 2) }
            if at % 2 == 1 { music.snare(beat) }
            music.hat(beat)
            music.hat(beat + period / 2)
            if at % 4 == 0 {
                let notes: [Int] = at % 8 == 0 ? [57, 60, 64] : [53, 57, 60]
                music.chord(notes, beat, length: 3.8 * period)
                music.chord([notes[0] - 24], beat, length: 1.4 * period, gain: 0.15)
                music.chord([notes[0] - 24], beat + 2.5 * period, length: 0.9 * period, gain: 0.15)
            }
        }
        let analysis = try TrackAnalyzer().analyze(music.source)
        #expect(abs(try #require(analysis.tempo) / 174 - 1) < 0.0002, "\(analysis.tempo ?? 0)")
        #expect(distances(beats.filter { $0 > 1 && $0 < 38 }, analysis.beats).allSatisfy { abs($0) < 0.012 })
    }

    @Test func hipHopIsNotDoubled() throws {
        let period = 60.0 / 88
        var music = SynthesisedMusic(seconds: 45)
        let beats = Array(stride(from: 0.25, to: 44.5, by: period))
        for (at, beat) in beats.enumerated() {
            if at % 2 == 0 { music.kick(beat) } else { music.snare(beat) }
            if at % 4 == 2 { music.kick(beat + period / 2) }
            music.hat(beat)
            music.hat(beat + 0.58 * period)
            if at % 4 == 0 {
                music.chord(at % 8 == 0 ? [45, 57, 60, 64] : [41, 53, 57, 60], beat, length: 3.8 * period)
            }
        }
        let analysis = try TrackAnalyzer().analyze(music.source)
        #expect(abs(try #require(analysis.tempo) / 88 - 1) < 0.0002)
        #expect(distances(beats.filter { $0 > 1 && $0 < 43 }, analysis.beats).allSatisfy { abs($0) < 0.012 })
    }

    @Test func gridRunsOnThroughADrumlessPassage() throws {
        let (music, beats, _) = SynthesisedMusic.house(tempo: 126.4, first: 0.5, seconds: 80, drumless: 28..<52)
        let analysis = try TrackAnalyzer().analyze(music.source)
        #expect(abs(try #require(analysis.tempo) / 126.4 - 1) < 0.0001)
        #expect(distances(beats.filter { $0 > 1 && $0 < 79 }, analysis.beats).allSatisfy { abs($0) < 0.01 })
    }

    @Test func driftingTempoGetsAMap() throws {
        var music = SynthesisedMusic(seconds: 60)
        var beats: [Double] = []
        var time = 0.3
        while time < 59.5 {
            beats.append(time)
            let sway: Double = sin(2 * Double.pi * time / 40)
            time += 60 / (118 * (1 + 0.02 * sway))
        }
        for (at, beat) in beats.enumerated() {
            music.kick(beat)
            if at % 2 == 1 { music.snare(beat) }
            if at + 1 < beats.count { music.hat((beat + beats[at + 1]) / 2) }
        }
        let analysis = try TrackAnalyzer().analyze(music.source)
        let offsets = distances(beats.filter { $0 > 1 && $0 < 58 }, analysis.beats)
        #expect(offsets.allSatisfy { abs($0) < 0.02 })
        let intervals = zip(analysis.beats.dropFirst(), analysis.beats).map { $0 - $1 }
        #expect((intervals.max() ?? 0) - (intervals.min() ?? 0) > 0.01, "not one straight line")
        #expect(analysis.trusted.beats, "two ears that hear the same do not doubt each other")
    }

    /// Eighths of a ballad in 6/8 are no beats, and neither are three of them in two.
    @Test func sixEightIsHeardInDottedQuarters() throws {
        let period = 60.0 / 62
        var music = SynthesisedMusic(seconds: 60)
        let beats = Array(stride(from: 0.4, to: 59, by: period))
        let chords = [[57, 60, 64], [53, 57, 60], [48, 52, 55], [55, 59, 62]]
        for (at, beat) in beats.enumerated() {
            if at % 2 == 0 { music.kick(beat) } else { music.snare(beat) }
            for third in 0..<3 { music.hat(beat + Double(third) * period / 3, gain: third == 0 ? 0.2 : 0.12) }
            let notes = chords[at / 2 % 4]
            if at % 2 == 0 { music.chord(notes + [notes[0] - 24], beat, length: 1.9 * period) }
        }
        let analysis = try TrackAnalyzer().analyze(music.source)
        #expect(abs(try #require(analysis.tempo) / 62 - 1) < 0.0002, "\(analysis.tempo ?? 0)")
        #expect(distances(beats.filter { $0 > 1 && $0 < 58 }, analysis.beats).allSatisfy { abs($0) < 0.012 })
    }

    @Test func evidenceHasAsManyNumbersAsTheModelWeighs() {
        let silence = AnalysisPass()
        silence.finish()
        let evidence = BeatEvidence(frames: silence.onsets.frames, chromagram: Chromagram(noteRows: []))
        let features = evidence.features(beats: stride(from: 0, to: 10, by: 0.5).map { $0 }, tempo: 120)
        #expect(features.count == BeatLevelModel.featureCount)
        #expect(features.allSatisfy { $0.isFinite })
        #expect(BeatLevelModel.score(features).isFinite)
    }

    @Test func attacksBecomeAnchors() throws {
        let (music, beats, _) = SynthesisedMusic.house(tempo: 120, first: 0.5, seconds: 20)
        let analysis = try TrackAnalyzer().analyze(music.source)
        let offsets = distances(beats.filter { $0 > 0.4 && $0 < 19 }, analysis.onsets)
        #expect(offsets.filter { abs($0) < 0.003 }.count > offsets.count * 9 / 10)
        #expect(zip(analysis.onsets.dropFirst(), analysis.onsets).allSatisfy { $0 > $1 })
    }

    @Test(arguments: [60, 75, 93, 110, 128, 150, 176, 199])
    func trackerFollowsAPulse(tempo: Int) {
        let period = 6_000 / Double(tempo)
        var strength = [Float](repeating: 0.02, count: 3_000)
        var time = 17.0
        while time < 2_999 {
            strength[Int(time.rounded())] = 1
            time += period
        }
        let path = BeatTracker().track(strength)
        let intervals = zip(path.beats.dropFirst(), path.beats).map { Double($0 - $1) }
        let mean = intervals.reduce(0, +) / Double(max(1, intervals.count))
        let ratio = mean / period
        #expect([0.5, 1, 2].contains { abs(ratio / $0 - 1) < 0.01 }, "\(mean) frames for \(period)")
    }

    @Test func lineFitIsExactAndPassesOverStrays() throws {
        var marks: [BeatGrid.Mark] = []
        for k in 0..<200 {
            let stray = k % 9 == 4 ? 0.11 : 0
            marks.append(.init(seconds: 0.37 + 0.4837 * Double(k) + stray, weight: 1))
        }
        let line = try #require(LineFit.fit(marks, parts: 1))
        #expect(abs(line.period - 0.4837) < 1e-6)
        let judged = LineFit.judge(marks, line, parts: 1)
        #expect(abs(judged.share - 178.0 / 200) < 0.01)
    }
}
