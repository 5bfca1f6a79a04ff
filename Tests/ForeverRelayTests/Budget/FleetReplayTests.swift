import ForeverRelay
import Testing

/// The reason all this exists: what a month of a popular station costs its friends.
@Suite struct FleetReplayTests {
    /// Ten servers as people have them: some with much paid for, some with little, dear and cheap ones, one that pays for all.
    private static let nodes = [
        FleetReplay.Node(allotment: 100, price: 0.02, listenerLimit: 200),
        FleetReplay.Node(allotment: 250, price: 0.09, listenerLimit: 250),
        FleetReplay.Node(allotment: 500, price: 0.02, listenerLimit: 300),
        FleetReplay.Node(allotment: 1_000, price: 0.015, listenerLimit: 300),
        FleetReplay.Node(allotment: 2_000, price: 0.12, listenerLimit: 400),
        FleetReplay.Node(allotment: nil, price: 0.01, listenerLimit: 500),
        FleetReplay.Node(allotment: 300, price: 0.05, listenerLimit: 300),
        FleetReplay.Node(allotment: 50, price: 0.08, listenerLimit: 300),
        FleetReplay.Node(allotment: 800, price: 0.03, listenerLimit: 300),
        FleetReplay.Node(allotment: 1_500, price: 0.04, listenerLimit: 400),
    ]

    private static func replay(seed: UInt64) -> FleetReplay { FleetReplay(nodes: nodes, audience: 200, seed: seed) }

    @Test(arguments: [1, 2]) func aMonthCostsNextToWhatItMust(seed: UInt64) {
        let replay = Self.replay(seed: seed)
        let outcome = replay.run(.real)
        let optimum = replay.optimum(demand: outcome.demand)
        #expect(outcome.demand > 7_500, "more than is paid for: \(outcome.demand) GB")
        #expect(outcome.listenersPeak > 1_000 && outcome.turnedAway == 0, "the crowd came, and was served")
        #expect(
            outcome.cost <= 1.05 * optimum, "\(outcome.cost) against \(optimum): \(outcome.costs), \(outcome.bytes)")
        #expect(outcome.cost >= optimum * 0.999, "less than the least is a mistake of the test")
        #expect(outcome.ledgerSum == outcome.budgetSum, "reports that were lost or doubled change no sum")
    }

    /// The bar is one that can be missed.
    @Test func atRandomItCostsManyTimesAsMuch() {
        let replay = Self.replay(seed: 1)
        let outcome = replay.run(.random)
        #expect(outcome.cost > 3 * replay.optimum(demand: outcome.demand))
    }
}
