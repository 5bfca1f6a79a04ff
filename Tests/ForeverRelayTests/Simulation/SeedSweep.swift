import ForeverTestKit
import Glibc
import Testing

/// Lives a simulation with many seeds. `Failure` is what it found, which is recorded; whatever else it throws ends the test.
struct SeedSweep<Failure: Error> {
    /// where the environment names one seed to be lived again
    let variable: String
    let live: (_ seed: UInt64) throws -> Void

    static var failuresMax: Int { 5 }

    /// The seed that the environment names, or the first so many.
    func first(_ count: UInt64) throws {
        if let seed = SoakTime.setting(variable) { return try live(seed) }
        for seed in 1...count { _ = try isFound(seed) }
    }

    /// Seeds that nobody chose, for as long as the environment says.
    func many(_ things: String) throws {
        let deadline = Deadline(seconds: Double(SoakTime.seconds ?? 0))
        var generator = SystemRandomNumberGenerator()
        var seed = UInt64(UInt32.random(in: .min ... .max, using: &generator)) << 20
        let first = seed
        var failures = 0
        while !deadline.passed, failures < Self.failuresMax {
            if try isFound(seed) { failures += 1 }
            seed += 1
        }
        print("simulated \(seed - first) \(things) from seed \(first)")
    }

    private func isFound(_ seed: UInt64) throws -> Bool {
        do {
            try live(seed)
            return false
        } catch let failure as Failure {
            Issue.record(failure)
            return true
        }
    }
}

/// How long seeds that nobody chose are to be lived.
enum SoakTime {
    static var seconds: UInt64? { setting("FOREVER_SOAK_SECONDS") }

    static func setting(_ name: String) -> UInt64? { getenv(name).flatMap { UInt64(String(cString: $0)) } }
}
