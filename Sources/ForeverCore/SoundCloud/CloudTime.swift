/// Times as SoundCloud writes them: `2026/01/13 17:02:45 +0000` in answers, ISO 8601 in cursors, `2026-01-13 17:02:45`
/// in searches.
package enum CloudTime {
    /// Seconds since 1970, or nil for what is no time.
    package static func seconds(_ text: String) -> Double? {
        let pattern = #/^\s*(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?:[T ](\d{1,2}):(\d{2}):(\d{2})(?:\.\d+)?)?\s*(.*?)\s*$/#
        guard let match = text.prefix(CloudLimits.timeCharactersMax).wholeMatch(of: pattern)?.output,
            let year = Int(match.1), let month = Int(match.2), let day = Int(match.3),
            (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day),
            let zone = zoneSeconds(match.7)
        else { return nil }
        let hour = match.4.flatMap { Int($0) } ?? 0
        let minute = match.5.flatMap { Int($0) } ?? 0
        let second = match.6.flatMap { Int($0) } ?? 0
        guard hour < 24, minute < 60, second <= 60 else { return nil }
        return Double(days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - zone)
    }

    /// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`, as HTTP's headers write times; nil for what is none.
    package static func http(_ text: String) -> Double? {
        let pattern = #/^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT$/#
        guard let match = text.prefix(CloudLimits.timeCharactersMax).wholeMatch(of: pattern)?.output,
            let month = months.firstIndex(of: String(match.2))
        else { return nil }
        return seconds("\(match.3)/\(padded(month + 1, 2))/\(match.1) \(match.4)")
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `yyyy-mm-dd hh:mm:ss`, as a search's `created_at[from]` wants it; the form of the answers gives 400 there.
    package static func search(_ seconds: Double) -> String {
        let whole = Int(max(0, min(seconds, 2e11)).rounded(.down))
        let (year, month, day) = date(daysSince1970: whole / 86_400)
        let rest = whole % 86_400
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2)) "
            + "\(padded(rest / 3_600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))"
    }

    private static func zoneSeconds(_ text: Substring) -> Int? {
        if text.isEmpty || text == "Z" || text == "UTC" || text == "GMT" { return 0 }
        guard let match = text.wholeMatch(of: #/([+-])(\d{2}):?(\d{2})/#)?.output,
            let hours = Int(match.2), let minutes = Int(match.3), hours <= 14, minutes < 60
        else { return nil }
        return (match.1 == "-" ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }

    /// Days since 1970 of the proleptic Gregorian calendar (Hinnant's days_from_civil).
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func date(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = daysSince1970 + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153
        let month = part < 10 ? part + 3 : part - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * part + 2) / 5 + 1)
    }

    private static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
