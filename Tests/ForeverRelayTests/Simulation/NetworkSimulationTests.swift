import ForeverTestKit
import Testing

@Suite struct NetworkSimulationTests {
    private let sweep = SeedSweep<NetworkSimulationFailure>(variable: "FOREVER_NETWORK_SEED") {
        try NetworkSimulation(seed: $0).run()
    }

    @Test func everybodyHearsTheRootsBytesWhateverHappens() throws { try sweep.first(4) }

    @Test(.enabled(if: SoakTime.seconds != nil)) func manySeeds() throws { try sweep.many("networks") }

    /// The checks see what is planted: else they prove nothing.
    @Test(arguments: NetworkSimulation.Defect.allCases) func aPlantedDefectIsFound(defect: NetworkSimulation.Defect) {
        #expect(throws: NetworkSimulationFailure.self) { try NetworkSimulation(seed: 1, defect: defect).run() }
    }
}
