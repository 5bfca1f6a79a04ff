import ForeverTestKit
import Glibc
import Testing

@Suite struct NetworkSimulationTests {
    /// One seed again, or as many as fit into a time.
    private static func setting(_ name: String) -> UInt64? { getenv(name).flatMap { UInt64(String(cString: $0)) } }

    private static let count: UInt64 = 4

    @Test func everybodyHearsTheRootsBytesWhateverHappens() throws {
        if let seed = Self.setting("FOREVER_NETWORK_SEED") { return try NetworkSimulation(seed: seed).run() }
        for seed in 1...Self.count {
            do {
                try NetworkSimulation(seed: seed).run()
            } catch let failure as NetworkSimulationFailure {
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
                try NetworkSimulation(seed: seed).run()
            } catch let failure as NetworkSimulationFailure {
                failures += 1
                Issue.record(failure)
            }
            seed += 1
        }
        print("simulated \(seed - first) networks from seed \(first)")
    }

    /// The checks see what is planted: else they prove nothing.
    @Test(arguments: NetworkSimulation.Defect.allCases) func aPlantedDefectIsFound(defect: NetworkSimulation.Defect) {
        #expect(throws: NetworkSimulationFailure.self) { try NetworkSimulation(seed: 1, defect: defect).run() }
    }
}
