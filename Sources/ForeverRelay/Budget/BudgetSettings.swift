/// What a server's transfer is allowed to be, and costs.
public struct BudgetSettings: Hashable, Sendable {
    /// What the provider counts.
    public enum Counts: String, Sendable {
        case out
        /// out and in together
        case both
    }

    /// Bytes a month that are paid for already; nil: nothing is limited.
    public var allotmentBytes: Int64?
    public var counts = Counts.out
    /// The day of the month on which the count begins anew, 1...31.
    public var billingDay = 1
    /// Price of 1 000 000 000 bytes beyond the allotment, or of all without one, in whatever currency all use; nil:
    /// unknown, or none.
    public var pricePerGB: Double?
    /// Servers with the same account share one allotment.
    public var account: String?
    /// From here on no new listeners are taken. **Units:** % of the allotment.
    public var softPercent = 90.0
    /// From here on those who are there are let go. **Units:** % of the allotment.
    public var hardPercent = 100.0

    public static let bytesPerGB = 1e9

    public init() {}

    /// What the provider counts of these bytes.
    public func counted(_ totals: TrafficTotals) -> Int64 {
        switch counts {
        case .out: totals.sentBytes
        case .both: (totals + TrafficTotals(sentBytes: totals.receivedBytes)).sentBytes
        }
    }

    /// Where a count stands against the limits.
    public func state(countedBytes: Int64) -> BudgetState {
        guard let allotmentBytes else { return .open }
        let share = Double(countedBytes) * 100
        if share >= Double(allotmentBytes) * hardPercent { return .hard }
        return share >= Double(allotmentBytes) * softPercent ? .soft : .open
    }

    /// What a count costs. **Units:** those of the price.
    public func cost(countedBytes: Int64) -> Double {
        Double(max(0, countedBytes - (allotmentBytes ?? 0))) / Self.bytesPerGB * (pricePerGB ?? 0)
    }
}

/// How far a budget is used up.
public enum BudgetState: String, Sendable {
    case open
    /// no new listeners
    case soft
    /// nobody any more
    case hard
}
