/// Which alerts about a budget are due: each level once in a billing period. Pure.
public struct AlertLevels: Hashable, Sendable {
    /// Levels that may be asked for.
    public static let levelsMax = 16

    /// **Units:** % of the allotment, rising.
    public let levels: [Double]
    /// the period that `delivered` is of
    package private(set) var period: CalendarDay?
    package private(set) var delivered: [Double] = []

    public init(levels: [Double] = [50, 80, 95]) { self.levels = levels.sorted() }

    /// Takes up what was delivered before a restart.
    package mutating func restore(period: CalendarDay?, delivered: [Double]) {
        self.period = period
        self.delivered = Array(delivered.prefix(Self.levelsMax))
    }

    /// The lowest level that is reached and was not told yet.
    public mutating func due(percent: Double, period: CalendarDay) -> Double? {
        begin(period)
        return levels.first { $0 <= percent && !delivered.contains($0) }
    }

    /// The level was told.
    public mutating func isDelivered(_ level: Double, period: CalendarDay) {
        begin(period)
        if !delivered.contains(level) { delivered.append(level) }
    }

    private mutating func begin(_ next: CalendarDay) {
        guard next != period else { return }
        period = next
        delivered = []
    }

    /// Reads `50,80,95`; nil when it is no list of percentages.
    public init?(_ text: String) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let levels = parts.compactMap { part in
            Double(part.drop { $0 == " " }).flatMap { $0 > 0 && $0 <= 10_000 ? $0 : nil }
        }
        guard levels.count == parts.count, levels.count <= Self.levelsMax else { return nil }
        self.init(levels: Array(Set(levels)))
    }
}
