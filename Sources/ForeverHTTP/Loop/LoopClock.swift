import Glibc

/// The two clocks a loop lives by. Nothing in this module asks the system for the time in any other way.
public protocol LoopClock: AnyObject {
    /// Nanoseconds on a clock that never jumps; only differences mean anything.
    var monotonicNanoseconds: Int64 { get }
    /// Milliseconds since 1970, as the machine believes.
    var wallMilliseconds: Int64 { get }
}

/// The machine's own clocks.
public final class SystemClock: LoopClock {
    public init() {}

    public var monotonicNanoseconds: Int64 { Self.read(CLOCK_MONOTONIC) }
    public var wallMilliseconds: Int64 { Self.read(CLOCK_REALTIME) / 1_000_000 }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// Clocks that move only when told to: for tests and simulations.
public final class ManualClock: LoopClock {
    public var monotonicNanoseconds: Int64
    public var wallMilliseconds: Int64

    public init(monotonicNanoseconds: Int64 = 1_000_000_000, wallMilliseconds: Int64 = 1_700_000_000_000) {
        self.monotonicNanoseconds = monotonicNanoseconds
        self.wallMilliseconds = wallMilliseconds
    }

    /// Moves both clocks on.
    public func advance(by duration: Duration) {
        monotonicNanoseconds += duration.wholeNanoseconds
        wallMilliseconds += duration.wholeNanoseconds / 1_000_000
    }
}

extension Duration {
    /// The whole duration in nanoseconds; what is beyond 292 years stays at that.
    public var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, carried) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return carried ? (seconds < 0 ? .min : .max) : sum
    }
}
