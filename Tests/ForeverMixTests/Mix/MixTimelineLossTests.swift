import ForeverMix
import Testing

/// What is decided when a track falls silent before its time.
@Suite struct MixTimelineLossTests {
    private static let tracks = [
        SyntheticTrack(tempo: 124, bars: 40), SyntheticTrack(tempo: 127, bars: 40, pitch: 277),
    ]
    private let mix = SyntheticMix(MixTimelineLossTests.tracks)
    private var incoming: TrackAnalysis { MixTimelineLossTests.tracks[1].analysis }
    private struct Lost: Error {}

    /// With the first track's sound lost.
    private func render(_ timeline: MixTimeline, _ frames: Range<Int64>) -> StereoBuffer {
        let renderer = MixRenderer(settings: timeline.settings) { id in
            guard id != "0" else { throw Lost() }
            return DrumSource(MixTimelineLossTests.tracks[Int(id)!])
        }
        var block = StereoBuffer(frameCount: frames.count)
        renderer.render(timeline, from: frames.lowerBound, into: &block)
        return block
    }

    /// The same decision with the incoming track at its level from its first frame on.
    private func unfaded(_ decision: MixDecision) -> MixDecision {
        var decision = decision
        decision.entry.fadeIn = nil
        return decision
    }

    @Test func theNextTrackComesInAtOnceAndInFull() throws {
        var timeline = SyntheticMix([MixTimelineLossTests.tracks[0]]).timeline
        let decision = try #require(
            timeline.decideAfterLoss(
                trackID: "1", analysis: incoming, previous: MixTimelineLossTests.tracks[0].analysis,
                notBefore: 480_000))
        #expect(decision.entry.index == 1 && decision.transition.fromIndex == 0)
        #expect(decision.changesFrom == 480_000 + MixTimeline.settleFrames)
        timeline.apply(decision)
        #expect(timeline.entries[0].endFrame == timeline.transitions[1].endFrame)
        let entry = timeline.entries[1]
        // Its first beat is not faded: the rise lies in the silence before it.
        let beat = entry.tempoMap.outputFrame(ofSource: incoming.beats[0] * 48_000)
        #expect(Int64(beat.rounded()) == decision.changesFrom + 2_400)
        #expect(abs(entry.endFrame - Int64(entry.tempoMap.outputFrame(ofSource: incoming.soundEnd * 48_000))) < 48_000)
        var faded = timeline
        faded.apply(unfaded(decision))
        let after = Int64(beat)..<Int64(beat) + 48_000
        #expect(render(timeline, after) == render(faded, after))
        #expect(render(timeline, after).left.contains { abs($0) > 0.1 })
    }

    /// Where the lost track was only coming in, the one before sounds on until it should have been the louder.
    @Test func whatStillSoundsIsNotCutOff() throws {
        let title = mix.timeline.entries[1].titleFrame
        let early = try #require(
            mix.timeline.decideAfterLoss(
                trackID: "2", analysis: incoming, previous: incoming,
                notBefore: mix.timeline.transitions[1].startFrame))
        #expect(early.changesFrom == title && early.entry.index == 2)
        let late = try #require(
            mix.timeline.decideAfterLoss(
                trackID: "2", analysis: incoming, previous: incoming, notBefore: title + 96_000))
        #expect(late.changesFrom == title + 96_000 + MixTimeline.settleFrames)
    }

    @Test func theNextOneTakesThePlaceOfWhatWasDecided() throws {
        let decision = try #require(
            mix.timeline.decideAfterLoss(
                trackID: "2", analysis: incoming, previous: nil, notBefore: 480_000, replacing: 1))
        var timeline = mix.timeline
        timeline.apply(decision)
        #expect(timeline.entries.map(\.trackID) == ["0", "2"])
        #expect(timeline.entries[1].index == 1 && decision.changesFrom < 500_000)
        #expect(
            MixTimeline(settings: MixSettings()).decideAfterLoss(
                trackID: "2", analysis: incoming, previous: nil, notBefore: 0) == nil)
    }

    /// The one that comes in over a lost one is at its level at once, and nothing before that changes.
    @Test(arguments: [0.1, 0.3, 0.6]) func whatComesInRisesAtOnce(share: Double) throws {
        let transition = mix.timeline.transitions[1]
        let length = transition.endFrame - transition.startFrame
        let now = transition.startFrame + Int64(share * Double(length))
        let decision = try #require(mix.timeline.decideToRise(notBefore: now))
        var timeline = mix.timeline
        timeline.apply(decision)
        #expect(timeline.entries.map(\.trackID) == ["0", "1"])
        #expect(timeline.entries[1].titleFrame <= decision.changesFrom)
        let before = now - 48_000..<decision.changesFrom
        #expect(render(timeline, before) == render(mix.timeline, before))

        var full = timeline
        full.apply(unfaded(decision))
        let risen = decision.changesFrom + 4_800
        let after = render(timeline, risen..<risen + 48_000)
        let wanted = render(full, risen..<risen + 48_000)
        #expect(zip(after.left, wanted.left).allSatisfy { abs($0 - $1) < 1e-4 })
        #expect(zip(after.left, render(mix.timeline, risen..<risen + 48_000).left).contains { abs($0 - $1) > 0.01 })
        // It is done once; and never before the entry has begun.
        #expect(timeline.decideToRise(notBefore: now + 48_000) == nil)
        #expect(mix.timeline.decideToRise(notBefore: transition.startFrame - 96_000) == nil)
        #expect(mix.timeline.decideToRise(notBefore: transition.endFrame) == nil)
    }
}
