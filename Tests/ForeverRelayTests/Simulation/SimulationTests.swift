import ForeverTestKit
import Testing

@Suite(.enabled(if: ScriptedCalls.isAvailable)) struct SimulationTests {
    private let sweep = SeedSweep<SimulationFailure>(variable: "FOREVER_SIMULATION_SEED") {
        try FanoutSimulation(seed: $0).run()
    }

    @Test func everyListenersBytesAreOnePieceOrARecordedSkip() throws { try sweep.first(60) }

    @Test(.enabled(if: SoakTime.seconds != nil)) func manySeeds() throws { try sweep.many("lives") }

    /// The checks see what is planted: else they prove nothing.
    @Test(arguments: SimulatedKernel.Defect.allCases) func aPlantedDefectIsFound(defect: SimulatedKernel.Defect) throws
    {
        var found = 0
        for seed in UInt64(1)...12 {
            do {
                try FanoutSimulation(seed: seed, defect: defect).run()
            } catch is SimulationFailure {
                found += 1
            }
        }
        #expect(found >= 3, "\(defect) was found in \(found) of 12 lives")
    }
}
