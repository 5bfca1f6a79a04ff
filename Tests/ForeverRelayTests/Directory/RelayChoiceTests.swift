import ForeverRelay
import Testing

@Suite struct RelayChoiceTests {
    private func candidate(_ cost: Double, near: Bool = false, share: Double = 1) -> RelayChoice.Candidate {
        RelayChoice.Candidate(costPerGB: cost, isNear: near, share: share)
    }

    @Test func costComesBeforeRegionAndRegionBeforeTheDraw() {
        for draw in stride(from: 0.0, to: 1, by: 0.01) {
            #expect(RelayChoice.choose([candidate(0.01, near: true, share: 9), candidate(0)], draw: draw) == 1)
            #expect(RelayChoice.choose([candidate(0, share: 9), candidate(0, near: true)], draw: draw) == 1)
            #expect(RelayChoice.choose([candidate(0, near: true, share: 0), candidate(0.5)], draw: draw) == 1)
        }
        #expect(RelayChoice.choose([], draw: 0) == nil)
        #expect(RelayChoice.choose([candidate(0, share: 0)], draw: 0) == nil)
    }

    @Test func equalsAreDrawnByShare() {
        let candidates = [candidate(0, share: 1), candidate(1, share: 100), candidate(0, share: 3)]
        let draws = (0..<4_000).map { (Double($0) + 0.5) / 4_000 }
        #expect(draws.count { RelayChoice.choose(candidates, draw: $0) == 0 } == 1_000)
        #expect(draws.count { RelayChoice.choose(candidates, draw: $0) == 2 } == 3_000)
    }

    @Test func theNextByteIsFreeWhileTheAllotmentLasts() {
        var settings = BudgetSettings()
        settings.allotmentBytes = 1_000
        settings.pricePerGB = 0.02
        func report(_ forecast: Int64, used: Int64 = 500) -> BudgetReport {
            BudgetReport(settings: settings, state: .open, usedBytes: used, forecastBytes: forecast)
        }
        #expect(report(1_000).costPerGB == 0 && report(1_001).costPerGB == 0.02)
        settings.allotmentBytes = nil
        #expect(report(0).costPerGB == 0.02, "all of it is paid for")
        settings.pricePerGB = nil
        #expect(report(.max).costPerGB == 0)
        settings.allotmentBytes = 1_000
        #expect(report(1_500).lastingShare == 0.5 && report(900).lastingShare == 1)
        #expect(report(1_500, used: 1_200).lastingShare == 0)
    }
}
