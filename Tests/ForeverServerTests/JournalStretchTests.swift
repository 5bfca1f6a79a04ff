import ForeverMix
import Testing
import forever_server

/// Which decision holds where, among those that were replaced.
@Suite struct JournalStretchTests {
    private var timeline = MixTimeline(settings: MixSettings())
    private var records: [JournalRecord] = []
    private let analysis = Samples.analysis()

    /// Decides as a station does, and writes it down.
    private mutating func decide(
        _ track: String, notBefore seconds: Double = 0, isSoon: Bool = false, replacing: Int? = nil
    ) -> MixDecision {
        let decision = timeline.decide(
            trackID: track, analysis: analysis, previous: timeline.entries.isEmpty ? nil : analysis,
            notBefore: AudioFormat.frames(seconds), isSoon: isSoon, replacing: replacing)
        timeline.apply(decision)
        records.append(JournalRecord(decision: decision, timeline: timeline, cast: [:]))
        return decision
    }

    /// Who is heard around `frame`, by the timeline that holds there.
    private func playing(at frame: Int64) -> [String] {
        let timeline = JournalStretch(records, until: .max / 2).timeline(upTo: frame)
        return timeline.entries.filter { $0.startFrame < frame && $0.endFrame >= frame }.map(\.trackID)
    }

    @Test mutating func whatIsBroughtForwardHoldsFromThere() {
        _ = decide("a")
        let late = decide("b")
        let soon = decide("c", notBefore: 20, isSoon: true, replacing: 1)
        #expect(soon.changesFrom + AudioFormat.frames(30) < late.changesFrom)
        #expect(playing(at: soon.changesFrom - AudioFormat.frames(1)) == ["a"])
        #expect(playing(at: soon.transition.endFrame + AudioFormat.frames(10)) == ["c"])
        #expect(playing(at: late.transition.endFrame + 1) == ["c"])
    }

    @Test mutating func whatIsPutOffIsNotHeardBefore() {
        _ = decide("a")
        let soon = decide("b", notBefore: 20, isSoon: true)
        let late = decide("c", replacing: 1)
        let then = decide("d")
        #expect(soon.transition.endFrame < late.changesFrom)
        #expect(playing(at: soon.transition.endFrame + 1) == ["a"])
        #expect(playing(at: late.transition.endFrame + 1) == ["c"])
        #expect(playing(at: then.transition.endFrame + 1) == ["d"])
    }

    /// Cut short in its overlap: the beginning of the overlap is that of the decision that was changed.
    @Test mutating func whatRisesSoonerBeginsAsItWasDecided() throws {
        _ = decide("a")
        let first = decide("b")
        let middle = (first.transition.startFrame + first.transition.endFrame) / 2
        let rise = try #require(timeline.decideToRise(notBefore: middle))
        timeline.apply(rise)
        records.append(JournalRecord(decision: rise, timeline: timeline, cast: [:]))
        #expect(rise.changesFrom > first.changesFrom + AudioFormat.frames(1))
        #expect(playing(at: middle) == ["a", "b"])
        #expect(playing(at: first.transition.endFrame + AudioFormat.frames(1)) == ["b"])
        let held = JournalStretch(records, until: .max / 2).timeline(upTo: rise.changesFrom)
        #expect(held == timeline)
    }

    /// A decision that changes only what follows is not needed, whoever made it.
    @Test mutating func whatFollowsIsLeftOut() {
        _ = decide("a")
        let next = decide("b")
        let end = next.changesFrom - MixTimeline.settleFrames
        #expect(JournalStretch(records, until: end - 1).records.count == 1)
        #expect(JournalStretch(records, until: end).records.count == 2)
        #expect(JournalStretch([], until: end).records.isEmpty)
    }
}
