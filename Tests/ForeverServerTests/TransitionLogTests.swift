import ForeverCatalogue
import ForeverMix
import ForeverTestKit
import Testing
import forever_server

/// What stays at hand of what was measured.
@Suite struct TransitionLogTests {
    /// As many as a long lead puts between the mix and its listeners.
    @Test func reportsStayAsLongAsTheirTransitions() throws {
        let folder = try TemporaryFolder()
        let catalogue = try Catalogue(path: folder("catalogue.sqlite"))
        var log = TransitionLog(catalogue: catalogue, epoch: "none")
        var timeline = MixTimeline(settings: MixSettings())
        let analysis = Samples.analysis(seconds: 40)
        for number in 0..<120 {
            let decision = timeline.decide(
                trackID: "\(number)", analysis: analysis, previous: number == 0 ? nil : analysis, notBefore: 0)
            timeline.apply(decision)
            log.decided(decision, number: Int64(number))
        }
        for transition in timeline.transitions.dropFirst() {
            log.keep(
                TransitionReport(
                    fromIndex: transition.toIndex - 1, toIndex: transition.toIndex, style: transition.style,
                    bassOverlapSeconds: 0))
        }
        #expect(log.reports.map(\.toIndex) == Array(1..<120))
        timeline.forget(before: timeline.transitions[70].startFrame)
        log.forget(outside: timeline)
        #expect(log.reports.map(\.toIndex) == Array(70..<120))
    }
}
