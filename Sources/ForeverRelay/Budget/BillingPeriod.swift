/// One month as a provider bills it: from a billing day's midnight (UTC) to the next one's. Pure.
public struct BillingPeriod: Hashable, Sendable {
    public let start: CalendarDay
    /// the first day of the next period
    public let end: CalendarDay

    /// The period that a day is in.
    ///
    /// - billingDay: 1...31; in a month that has no such day, its last.
    public init(containing day: CalendarDay, billingDay: Int) {
        let (year, month, _) = day.date
        let turn = Self.turn(year, month, billingDay)
        if day >= turn {
            start = turn
            end = Self.turn(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, billingDay)
        } else {
            start = Self.turn(month == 1 ? year - 1 : year, month == 1 ? 12 : month - 1, billingDay)
            end = turn
        }
    }

    private static func turn(_ year: Int, _ month: Int, _ billingDay: Int) -> CalendarDay {
        let next = CalendarDay(year: month == 12 ? year + 1 : year, month: month == 12 ? 1 : month + 1, day: 1)
        let wanted = CalendarDay(year: year, month: month, day: max(1, billingDay))
        return min(wanted, CalendarDay(number: next.number - 1))
    }
}
