import ForeverMix
import Foundation
import Testing

@Suite struct TransitionReportTests {
    static let tracks = [
        SyntheticTrack(tempo: 124, bars: 40), SyntheticTrack(tempo: 127, bars: 40, pitch: 277),
    ]

    /// The report of the only transition, with what a test does to the tracks' sound and to the plan.
    private func report(
        blockFrames: Int = 4_800, level: Float = 0.5, late: Double = 0, change: (inout MixDecision) -> Void = { _ in }
    ) throws -> TransitionReport {
        let tracks = TransitionReportTests.tracks
        var timeline = MixTimeline(settings: MixSettings())
        for i in tracks.indices {
            var decision = timeline.decide(
                trackID: "\(i)", analysis: tracks[i].analysis, previous: i > 0 ? tracks[i - 1].analysis : nil,
                notBefore: timeline.renderableUntil)
            if i == 1 { change(&decision) }
            timeline.apply(decision)
        }
        let renderer = MixRenderer(settings: timeline.settings) { id in
            var track = tracks[Int(id)!]
            if id == "1" { track.firstBeat += late }
            return DrumSource(track, level: id == "1" ? level : 0.5)
        }
        var reports: [TransitionReport] = []
        renderer.onReport = { reports.append($0) }
        let transition = timeline.transitions[1]
        var at = transition.startFrame - 13 * 48_000
        let end = transition.endFrame + 14 * 48_000
        while at < end {
            var block = StereoBuffer(frameCount: blockFrames)
            renderer.render(timeline, from: at, into: &block)
            at += Int64(blockFrames)
        }
        #expect(reports.count == 1)
        return try #require(reports.first)
    }

    @Test func aGoodBlendMissesNothing() throws {
        let report = try report()
        #expect(report.misses == [])
        #expect(report.fromIndex == 0 && report.toIndex == 1)
        #expect(report.style?.isBeatMatched == true)
        let beats = try #require(report.beats)
        #expect(beats.count > 16)
        // The bars where the true beats are given.
        #expect(beats.medianMilliseconds <= 3 && beats.p95Milliseconds <= 5 && beats.maxMilliseconds <= 8)
        #expect(try #require(report.levelStep).magnitude <= 0.5)
        #expect(report.bassOverlapSeconds <= 1)
        #expect(try #require(report.bassBump) <= 1)
        #expect(!report.isUnheard)
    }

    @Test func anyBlockSizeGivesTheSameReport() throws {
        #expect(try report(blockFrames: 1_152) == report(blockFrames: 10_000))
    }

    @Test(arguments: [0.012, -0.03]) func beatsApartAreFound(late: Double) throws {
        let report = try report(late: late)
        let beats = try #require(report.beats)
        #expect(abs(beats.medianMilliseconds - abs(late) * 1000) < 2.5)
        #expect(report.misses.contains(.beatMedian))
    }

    @Test func aStepIsFound() throws {
        let report = try report(level: 0.25)
        #expect(abs(try #require(report.levelStep) + 6) < 1)
        #expect(report.misses.contains(.levelStep))
    }

    @Test func basesOnTogetherAreFound() throws {
        let report = try report { decision in
            decision.entry.fadeIn?.bassSwap = nil
            decision.previous?.fadeOut?.bassSwap = nil
        }
        #expect(report.bassOverlapSeconds > 4)
        #expect(report.misses.contains(.bassOverlap))
    }

    /// Two basses in full, on one beat, are twice the amplitude.
    @Test func aBassBumpIsFound() throws {
        let report = try report { decision in
            let (start, end) = (decision.transition.startFrame, decision.transition.endFrame)
            decision.previous?.fadeOut = Fade(startFrame: end - 480, endFrame: end)
            decision.entry.fadeIn = Fade(startFrame: start, endFrame: start + 480)
        }
        #expect(try #require(report.bassBump) > 3)
        #expect(report.misses.contains(.bassBump))
    }

    /// Both on one beat as planned, and nothing to hear it by.
    @Test func whatCannotBeHeardIsNoMissAndIsSaid() throws {
        let report = try report(level: 0)
        #expect(report.style?.isBeatMatched == true && report.beats == nil)
        #expect(report.isUnheard)
        #expect(!report.misses.contains { [.beatMedian, .beatP95, .beatMax, .jitter].contains($0) })
        let fade = TransitionReport(fromIndex: 0, toIndex: 1, style: .fade, bassOverlapSeconds: 0)
        #expect(!fade.isUnheard)
    }

    @Test func reportsOfBeforeCanBeRead() throws {
        let json = #"{"fromIndex":3,"toIndex":4,"style":"longBlend","levelStep":1.5,"bassOverlapSeconds":0.25}"#
        let report = try JSONDecoder().decode(TransitionReport.self, from: Data(json.utf8))
        #expect(report.toIndex == 4 && report.bassBump == nil && report.misses == [.levelStep])
        let again = try JSONDecoder().decode(TransitionReport.self, from: JSONEncoder().encode(report))
        #expect(again == report)
    }

    /// All reports of a mix of these tracks, each at its level.
    private func reports(_ tracks: [SyntheticTrack], levels: [Float]) -> [TransitionReport] {
        let mix = SyntheticMix(tracks)
        let renderer = MixRenderer(settings: mix.timeline.settings) {
            DrumSource(tracks[Int($0)!], level: levels[Int($0)!])
        }
        var reports: [TransitionReport] = []
        renderer.onReport = { reports.append($0) }
        _ = mix.render(0..<mix.endFrame, by: renderer, blockFrames: 48_000)
        renderer.finishReports()
        return reports
    }

    /// Of a track that was only looked at quickly it is not known how its level goes.
    @Test func noStepIsReportedBeyondWhatNobodyKnows() throws {
        var unknown = SyntheticTrack(seconds: 40)
        unknown.analysis.loudnessCurve = []
        let music = SyntheticTrack(tempo: 124, bars: 16, isTrusted: false)
        let reports = reports([music, unknown], levels: [0.5, 0.125])
        let report = try #require(reports.first)
        #expect(report.expectation == nil && report.levelStep == nil)
        #expect(report.dip != nil && report.bump != nil)
    }

    /// What lies beyond a track of a second is not its level.
    @Test func aTinyTrackHasNoLevelOfItsOwn() throws {
        let music = SyntheticTrack(tempo: 124, bars: 16, isTrusted: false)
        let reports = reports([music, SyntheticTrack(seconds: 1), music], levels: [0.5, 0.05, 0.5])
        #expect(reports.count == 2)
        #expect(reports.allSatisfy { $0.levelStep == nil && $0.dip == nil && $0.bump == nil && $0.bassBump == nil })
        #expect(reports.allSatisfy { !$0.misses.contains(.levelStep) })
    }

    /// A track that plays alone for a few seconds is heard there and not in its overlaps, nor is what lies beyond.
    @Test func aShortTrackIsHeardWhereItPlaysAlone() throws {
        let music = SyntheticTrack(tempo: 124, bars: 16, isTrusted: false)
        let reports = reports([music, SyntheticTrack(seconds: 18), music], levels: [0.5, 0.125, 0.5])
        try #require(reports.count == 2)
        #expect(abs(try #require(reports[0].levelStep) + 12) < 1)
        #expect(abs(try #require(reports[1].levelStep) - 12) < 1)
    }

    @Test func aHoleIsFound() throws {
        let report = try report { decision in
            let transition = decision.transition
            let third = (transition.endFrame - transition.startFrame) / 3
            decision.previous?.fadeOut = Fade(
                startFrame: transition.startFrame, endFrame: transition.startFrame + third)
            decision.entry.fadeIn = Fade(startFrame: transition.endFrame - third, endFrame: transition.endFrame)
        }
        #expect(try #require(report.dip) < -10)
        #expect(report.misses.contains(.dip))
    }

    @Test func aTransitionThatIsNotHeardWholeHasNoReport() throws {
        let mix = SyntheticMix(TransitionReportTests.tracks)
        let renderer = mix.renderer()
        var count = 0
        renderer.onReport = { _ in count += 1 }
        let transition = mix.timeline.transitions[1]
        _ = mix.render(
            transition.startFrame - 48_000..<transition.startFrame + 48_000, by: renderer, blockFrames: 4_800)
        _ = mix.render(transition.endFrame..<transition.endFrame + 14 * 48_000, by: renderer, blockFrames: 4_800)
        renderer.finishReports()
        #expect(count == 0)
    }
}
