import ForeverHTTP

/// A machine's own clocks: they run too fast or too slow, and the wall clock may be set at any time.
final class DriftingClock: LoopClock {
    private let truth: ManualClock
    /// how much faster than the truth, in millionths
    private let driftMillionths: Int64
    private let startNanoseconds: Int64
    /// how far the wall clock is off, beside its drift
    var wallOffsetMilliseconds: Int64 = 0

    init(_ truth: ManualClock, driftMillionths: Int64) {
        self.truth = truth
        self.driftMillionths = driftMillionths
        startNanoseconds = truth.monotonicNanoseconds
    }

    private var driftNanoseconds: Int64 {
        (truth.monotonicNanoseconds - startNanoseconds) / 1_000_000 * driftMillionths
    }

    var monotonicNanoseconds: Int64 { truth.monotonicNanoseconds + driftNanoseconds }
    var wallMilliseconds: Int64 { truth.wallMilliseconds + driftNanoseconds / 1_000_000 + wallOffsetMilliseconds }
}
