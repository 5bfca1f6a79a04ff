import Foundation
import ForeverMix
import Testing

@Suite struct MixTimelineTests {
    static let tempi: [(Double, Double)] = [
        (124, 128), (128, 121), (126, 126), (120, 132), (140, 70), (87, 174), (90, 184),
    ]

    @Test(arguments: tempi)
    func beatsLieOnBeats(_ tempi: (Double, Double)) throws {
        let tracks = [
            SyntheticTrack(tempo: tempi.0, bars: 64), SyntheticTrack(tempo: tempi.1, bars: 64, firstBeat: 0.77),
        ]
        let mix = SyntheticMix(tracks)
        let transition = mix.timeline.transitions[1]
        #expect(transition.kind == .beatMatched)
        func outputBeats(_ i: Int, _ times: [Double]) -> [Double] {
            times.map { mix.timeline.entries[i].tempoMap.outputFrame(ofSource: $0 * 48_000) }
                .filter { $0 > Double(transition.startFrame) - 48 && $0 < Double(transition.endFrame) - 48 }
        }
        // Each beat of the slower track has one of the faster within a millisecond; so have the downbeats.
        for beats in [
            (tracks[0].analysis.beats, tracks[1].analysis.beats),
            (tracks[0].analysis.downbeats, tracks[1].analysis.downbeats),
        ] {
            let a = outputBeats(0, beats.0)
            let b = outputBeats(1, beats.1)
            let (few, many) = a.count < b.count ? (a, b) : (b, a)
            #expect(few.count >= 4)
            for beat in few {
                let nearest = try #require(many.map { abs($0 - beat) }.min())
                #expect(nearest <= 48, "beat at \(beat)")
            }
        }
        for entry in mix.timeline.entries {
            for (a, b) in zip(entry.map, entry.map.dropFirst()) {
                let speed = (b.sourceFrame - a.sourceFrame) / Double(b.outputFrame - a.outputFrame)
                #expect(speed > 1 / 1.065 && speed < 1.065, "within the limit and rounding")
            }
        }
    }

    @Test func soundsWithoutGaps() {
        let mix = SyntheticMix((0..<5).map { SyntheticTrack(tempo: 120 + Double($0) * 2, bars: 32) })
        let entries = mix.timeline.entries
        for (a, b) in zip(entries, entries.dropFirst()) {
            #expect(b.startFrame < a.endFrame)
            #expect(a.fadeOut == b.fadeIn)
            #expect(b.titleFrame > b.startFrame && b.titleFrame < a.endFrame)
        }
    }

    @Test func replayingDecisionsRebuildsTheTimeline() throws {
        let mix = MixRendererTests.mix
        let written = try mix.decisions.map { try JSONEncoder().encode($0) }
        var rebuilt = MixTimeline(settings: mix.timeline.settings)
        for data in written { rebuilt.apply(try JSONDecoder().decode(MixDecision.self, from: data)) }
        #expect(rebuilt == mix.timeline)
        let copy = try JSONDecoder().decode(MixTimeline.self, from: JSONEncoder().encode(mix.timeline))
        #expect(copy == mix.timeline)
    }

    @Test func replacingTakesBackWhatFollowed() {
        let tracks = (0..<3).map { SyntheticTrack(tempo: 124 + Double($0) * 2, bars: 40) }
        var mix = SyntheticMix(Array(tracks[0...1]))
        let planned = mix.timeline
        let change = mix.timeline.decide(
            trackID: "2", analysis: tracks[2].analysis, previous: tracks[0].analysis, notBefore: 480_000,
            isSoon: true, replacing: 1)
        mix.timeline.apply(change)
        #expect(mix.timeline.entries.map(\.trackID) == ["0", "2"])
        #expect(mix.timeline.entries[1].startFrame < planned.entries[1].startFrame)
        // As if the withdrawn track had never been decided.
        var direct = SyntheticMix([tracks[0]]).timeline
        direct.apply(
            direct.decide(
                trackID: "2", analysis: tracks[2].analysis, previous: tracks[0].analysis, notBefore: 480_000,
                isSoon: true))
        #expect(mix.timeline == direct)
    }

    @Test func forgettingKeepsTheSound() {
        var mix = MixRendererTests.mix
        let start = mix.timeline.entries[2].startFrame
        mix.timeline.forget(before: start)
        #expect(mix.timeline.entries.first?.index == 1)
        let part = mix.render(start..<start + 20_000)
        #expect(part.left == Array(MixRendererTests.whole.left[Int(start)..<Int(start) + 20_000]))
    }

    @Test func aLateDecisionStillFollows() {
        let tracks = [SyntheticTrack(tempo: 124, bars: 40), SyntheticTrack(tempo: 126, bars: 40)]
        let mix = SyntheticMix([tracks[0]])
        let end = mix.endFrame
        for late in [end - 48_000 * 30, end - 48_000 * 10, end - 48_000 * 2, end - 100, end + 48_000 * 5] {
            let decision = mix.timeline.decide(
                trackID: "1", analysis: tracks[1].analysis, previous: tracks[0].analysis, notBefore: late)
            #expect(decision.changesFrom >= late)
            #expect(decision.transition.endFrame > decision.transition.startFrame)
            #expect(decision.entry.endFrame > decision.transition.endFrame)
        }
    }

    @Test func withoutThePreviousAnalysisItFades() {
        let tracks = [SyntheticTrack(tempo: 124), SyntheticTrack(tempo: 124)]
        let mix = SyntheticMix([tracks[0]])
        let decision = mix.timeline.decide(
            trackID: "1", analysis: tracks[1].analysis, previous: nil, notBefore: 0)
        #expect(decision.transition.kind == .fade)
        #expect(decision.transition.endFrame <= mix.endFrame)
    }

    @Test func tinyAndSilentTracksPass() {
        let silent = SyntheticTrack(seconds: 180, loudness: -70)
        let empty = SyntheticTrack(seconds: 0, loudness: -70)
        let mix = SyntheticMix([
            SyntheticTrack(seconds: 1), SyntheticTrack(seconds: 1), silent, empty, SyntheticTrack(bars: 40),
            SyntheticTrack(seconds: 0.2), SyntheticTrack(bars: 40),
        ])
        #expect(mix.timeline.entries.count == 7)
        for (a, b) in zip(mix.timeline.entries, mix.timeline.entries.dropFirst()) {
            #expect(a.startFrame < b.startFrame)
        }
        #expect(mix.timeline.entries[2].endFrame - mix.timeline.entries[2].startFrame < 48_000 * 2)
        let sound = mix.render(0..<min(mix.endFrame, 48_000 * 10))
        #expect(sound.left.allSatisfy { $0.isFinite })
    }

    /// What a journal of before there were styles and a sound version holds.
    @Test func readsWhatAnEarlierBuildWroteDown() throws {
        let text = """
            {"settings":{"targetLoudness":-16,"ceilingDecibels":-2.5,"gainDecibelsMax":15,"stretchLimit":0.06,\
            "overlapBars":[16,8,4],"overlapSecondsMax":40,"aloneShareMin":0.5,"rampBeats":16,"fadeSecondsMin":3,\
            "fadeSecondsMax":8,"bassSwapHertz":180,"bassSwapSeconds":0.25,"decisionSeconds":100},\
            "entries":[{"index":1,"trackID":"a","startFrame":0,"endFrame":100000,"gainDecibels":-2,"titleFrame":0,\
            "map":[{"sourceFrame":0,"outputFrame":0}],"fadeIn":{"startFrame":0,"endFrame":9000,"shape":"equalPower",\
            "bassSwap":{"startFrame":4000,"endFrame":4500}}}],\
            "transitions":[{"fromIndex":0,"toIndex":1,"kind":"beatMatched","startFrame":0,"endFrame":9000,\
            "changesFrom":0,"settledFrame":9000,"reason":"same tempo","expectedStepLoudnessUnits":0}]}
            """
        let timeline = try JSONDecoder().decode(MixTimeline.self, from: Data(text.utf8))
        #expect(timeline.settings.soundVersion == 1)
        #expect(timeline.settings.bassSwapHertz == 180)
        #expect(timeline.settings.trebleHertz == MixSettings().trebleHertz)
        #expect(timeline.entries[0].fadeIn?.bassSwap?.endFrame == 4500)
        #expect(timeline.transitions[0].style == nil)
    }
}
