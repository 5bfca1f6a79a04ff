/// What the root knows of one relay.
public struct RelayRecord: Hashable, Sendable {
    /// A relay that says nothing for so long gets no more listeners, and its own are not counted.
    public static let silenceNanosecondsMax: Int64 = 10_000_000_000

    public var report: RelayReport
    /// absolute, without a path
    public var url: String
    public var lastReportNanoseconds: Int64
    /// listeners sent there since its last report, which it cannot have counted yet
    public var assignedSinceReport = 0

    /// Whether it spoke lately.
    public func isHeard(now: Int64) -> Bool { now - lastReportNanoseconds <= Self.silenceNanosecondsMax }

    /// Whether it may get listeners.
    public func isHealthy(now: Int64) -> Bool { isHeard(now: now) && report.isHealthy }

    /// How much of its room is free, 0...1; 1 when it has no limit.
    public var freeShare: Double {
        guard let limit = report.listenerLimit else { return 1 }
        guard limit > 0 else { return 0 }
        let taken = max(report.connections, report.listeners) + assignedSinceReport
        return Double(max(0, limit - taken)) / Double(limit)
    }
}
