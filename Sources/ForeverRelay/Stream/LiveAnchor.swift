/// "At this moment, on both clocks, the live edge was here": from it on, live follows the clock.
public struct LiveAnchor: Hashable, Sendable {
    public var position: StreamPosition
    public var monotonicNanoseconds: Int64
    public var wallMilliseconds: Int64

    public init(position: StreamPosition, monotonicNanoseconds: Int64, wallMilliseconds: Int64) {
        self.position = position
        self.monotonicNanoseconds = monotonicNanoseconds
        self.wallMilliseconds = wallMilliseconds
    }
}

/// One reading of the two clocks.
public struct Instant: Hashable, Sendable {
    public var monotonicNanoseconds: Int64
    public var wallMilliseconds: Int64

    public init(monotonicNanoseconds: Int64, wallMilliseconds: Int64) {
        self.monotonicNanoseconds = monotonicNanoseconds
        self.wallMilliseconds = wallMilliseconds
    }
}
