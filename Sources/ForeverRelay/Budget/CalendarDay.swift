/// A day of the Gregorian calendar in UTC, which billing periods are counted in. Pure.
public struct CalendarDay: Hashable, Sendable, Comparable, CustomStringConvertible {
    static let millisecondsPerDay: Int64 = 86_400_000

    /// since 1970-01-01
    public let number: Int

    public init(number: Int) { self.number = number }

    /// The day of a moment.
    public init(wallMilliseconds: Int64) {
        let (days, rest) = wallMilliseconds.quotientAndRemainder(dividingBy: Self.millisecondsPerDay)
        number = Int(days) - (rest < 0 ? 1 : 0)
    }

    /// The day of that date; days beyond the month's end are those of the next month.
    ///
    /// Counts years from March, so that the leap day is a year's last (H. Hinnant, "chrono-compatible low-level date
    /// algorithms", 2013).
    public init(year: Int, month: Int, day: Int) {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        number = era * 146_097 + dayOfEra - 719_468
    }

    public var date: (year: Int, month: Int, day: Int) {
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// When it begins.
    public var wallMilliseconds: Int64 { Int64(number) * Self.millisecondsPerDay }

    /// `2026-11-01`.
    public var description: String {
        let (year, month, day) = date
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(year)-\(two(month))-\(two(day))"
    }

    /// Reads `2026-11-01`; nil for what is no day between 1970 and 9999.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2, parts[2].utf8.count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), year >= 1970,
            (1...12).contains(month), day >= 1
        else { return nil }
        self.init(year: year, month: month, day: day)
        guard date.month == month else { return nil }
    }

    public static func < (a: CalendarDay, b: CalendarDay) -> Bool { a.number < b.number }
}
