/// What a simulation found, with all that is needed to see it again.
struct SimulationFailure: Error, CustomStringConvertible {
    let seed: UInt64
    let milliseconds: Int64
    let what: String

    var description: String {
        "seed \(seed), \(milliseconds) ms in: \(what) (again: FOREVER_SIMULATION_SEED=\(seed), see Docs/Testing.md)"
    }
}
