import ForeverCore
import ForeverMix
import Testing
import forever_server

/// Cue points that somebody set in a file, as places for transitions.
@Suite struct HintedAnalysisTests {
    private var analysis: TrackAnalysis {
        var analysis = Samples.analysis(tempo: 120, seconds: 240)
        analysis.structure.exits = [.init(seconds: 208, score: 0.95), .init(seconds: 192, score: 0.5)]
        return analysis
    }

    private func hinted(_ marks: [Double]) -> TrackStructure {
        analysis.hinted(by: TagHints(cuePoints: marks)).structure
    }

    @Test func aMarkRaisesTheBarLineNearIt() {
        #expect(hinted([16.3]).entries == [.init(seconds: 16, score: 0.9)])
        #expect(hinted([191.8]).exits.map(\.seconds) == [208, 192] && hinted([191.8]).exits[1].score == 0.9)
        #expect(hinted([208]).exits == analysis.structure.exits, "better already")
        #expect(hinted([16, 16.1]).entries.count == 1)
    }

    @Test func whatIsNoPlaceForATransitionIsPassedOver() {
        #expect(hinted([120, 500, -3]) == analysis.structure)
        #expect(hinted([17.0]).entries.isEmpty, "in the middle of a bar")
        #expect(analysis.hinted(by: nil) == analysis)
        var unsure = analysis
        unsure.trusted.downbeats = false
        #expect(unsure.hinted(by: TagHints(cuePoints: [16])) == unsure)
    }

    /// The planner leaves at the marked bar, which it would not have chosen.
    @Test func thePlannerGoesByThem() {
        let planner = TransitionPlanner(settings: MixSettings())
        let next = Samples.analysis(tempo: 120)
        let plain = planner.plan(from: Samples.analysis(), to: next, notBefore: 0)
        let marked = Samples.analysis().hinted(by: TagHints(cuePoints: [200]))
        let plan = planner.plan(from: marked, to: next, notBefore: 0)
        #expect(AudioFormat.seconds(plan.outgoingFrame) == 200 && plan.outgoingFrame != plain.outgoingFrame)
    }
}
