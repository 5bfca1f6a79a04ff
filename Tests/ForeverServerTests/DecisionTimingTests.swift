import ForeverMix
import Testing
import forever_server

@Suite struct DecisionTimingTests {
    private let timing = DecisionTiming()

    private func opened() -> MixTimeline {
        var timeline = MixTimeline(settings: MixSettings())
        timeline.apply(timeline.decide(trackID: "a", analysis: Samples.analysis(), previous: nil, notBefore: 0))
        return timeline
    }

    private func advice(
        seconds: Double, isAnalysed: Bool = true, analysed: Int = 10, waiting: Int = 0
    ) -> DecisionTiming.Advice {
        timing.advice(
            timeline: opened(), mixedFrames: AudioFormat.frames(seconds), isNewestAnalysed: isAnalysed,
            choiceCount: analysed, waitingCount: waiting)
    }

    @Test func anEmptyMixOpensAtAnyPrice() {
        let advice = timing.advice(
            timeline: MixTimeline(settings: MixSettings()), mixedFrames: 0, isNewestAnalysed: false,
            choiceCount: 0, waitingCount: 0)
        #expect(advice == .decideAtAnyPrice)
    }

    @Test func theNextIsDecidedSoonAfterTheLastTransition() {
        #expect(advice(seconds: 1) == .wait)
        #expect(advice(seconds: 5) == .decide)
    }

    @Test func waitsForTheAnalysisOfWhatPlays() {
        #expect(advice(seconds: 60, isAnalysed: false) == .wait)
    }

    @Test func waitsForAChoiceAtTheStart() {
        #expect(advice(seconds: 20, analysed: 2, waiting: 100) == .wait)
        #expect(advice(seconds: 20, analysed: DecisionTiming.choiceTracksMin, waiting: 100) == .decide)
        #expect(advice(seconds: 20, analysed: 2, waiting: 0) == .decide)
    }

    @Test func waitsRatherThanPlayTheSameTrackAgain() {
        #expect(advice(seconds: 150, analysed: 0, waiting: 5) == .wait)
        #expect(advice(seconds: 20, analysed: 0, waiting: 0) == .decide)
    }

    @Test func takesWhatThereIsWhereAGoodPlaceWouldBeMissed() {
        #expect(advice(seconds: 150, analysed: 1, waiting: 100) == .decide)
    }

    @Test func neverLetsTheMusicEnd() {
        #expect(advice(seconds: 230, isAnalysed: false, analysed: 0, waiting: 5) == .decideAtAnyPrice)
    }
}
