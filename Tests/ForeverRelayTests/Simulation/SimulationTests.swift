import ForeverTestKit
import Glibc
import Testing

@Suite(.enabled(if: ScriptedCalls.isAvailable)) struct SimulationTests {
    /// One seed again, or as many as fit into a time.
    private static func setting(_ name: String) -> UInt64? { getenv(name).flatMap { UInt64(String(cString: $0)) } }

    private static let count: UInt64 = 60

    @Test func everyListenersBytesAreOnePieceOrARecordedSkip() throws {
        if let seed = Self.setting("FOREVER_SIMULATION_SEED") { return try FanoutSimulation(seed: seed).run() }
        for seed in 1...Self.count {
            do {
                try FanoutSimulation(seed: seed).run()
            } catch let failure as SimulationFailure {
                Issue.record(failure)
            }
        }
    }

    /// Long runs: seeds that nobody chose, for as long as the environment says.
    @Test(.enabled(if: setting("FOREVER_SOAK_SECONDS") != nil)) func manySeeds() throws {
        let deadline = Deadline(seconds: Double(Self.setting("FOREVER_SOAK_SECONDS") ?? 0))
        var generator = SystemRandomNumberGenerator()
        var seed = UInt64(UInt32.random(in: .min ... .max, using: &generator)) << 20
        let first = seed
        var failures = 0
        while !deadline.passed, failures < 5 {
            do {
                try FanoutSimulation(seed: seed).run()
            } catch let failure as SimulationFailure {
                failures += 1
                Issue.record(failure)
            }
            seed += 1
        }
        print("simulated \(seed - first) lives from seed \(first)")
    }

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
