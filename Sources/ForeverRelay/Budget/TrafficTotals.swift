/// Bytes on the wire, in both directions.
public struct TrafficTotals: Hashable, Sendable {
    public var sentBytes: Int64
    public var receivedBytes: Int64

    public init(sentBytes: Int64 = 0, receivedBytes: Int64 = 0) {
        self.sentBytes = sentBytes
        self.receivedBytes = receivedBytes
    }

    static func + (a: TrafficTotals, b: TrafficTotals) -> TrafficTotals {
        TrafficTotals(
            sentBytes: sum(a.sentBytes, b.sentBytes), receivedBytes: sum(a.receivedBytes, b.receivedBytes))
    }

    static func += (a: inout TrafficTotals, b: TrafficTotals) { a = a + b }

    /// What has come since `before`; nothing where it is less.
    func since(_ before: TrafficTotals) -> TrafficTotals {
        TrafficTotals(
            sentBytes: max(0, sentBytes - before.sentBytes),
            receivedBytes: max(0, receivedBytes - before.receivedBytes))
    }

    /// The larger of each: a count that is known twice is the later one.
    func merged(_ other: TrafficTotals) -> TrafficTotals {
        TrafficTotals(
            sentBytes: max(sentBytes, other.sentBytes), receivedBytes: max(receivedBytes, other.receivedBytes))
    }

    /// Reports come from others: their sums must not overflow.
    private static func sum(_ a: Int64, _ b: Int64) -> Int64 {
        let (result, overflow) = a.addingReportingOverflow(b)
        return overflow ? .max : result
    }
}

/// The bytes of one billing period.
public struct TrafficPeriod: Hashable, Sendable {
    /// The period's first day.
    public var start: CalendarDay
    public var totals: TrafficTotals

    public init(start: CalendarDay, totals: TrafficTotals) {
        self.start = start
        self.totals = totals
    }

    package var json: JSONValue {
        [
            "start": .string(start.description), "sentBytes": .integer(totals.sentBytes),
            "receivedBytes": .integer(totals.receivedBytes),
        ]
    }

    package init?(_ json: JSONValue) {
        guard let start = json["start"]?.string.flatMap({ CalendarDay($0) }),
            let sent = json["sentBytes"]?.integer, sent >= 0, let received = json["receivedBytes"]?.integer,
            received >= 0
        else { return nil }
        self.init(start: start, totals: TrafficTotals(sentBytes: sent, receivedBytes: received))
    }
}
