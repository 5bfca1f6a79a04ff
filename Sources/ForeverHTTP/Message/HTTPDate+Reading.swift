extension HTTPDate {
    /// The seconds since 1970 that a date stands for, in any of the three forms of RFC 9110 section 5.6.7; nil for anything
    /// else, a day that no month has included. The name of the weekday is read over.
    ///
    /// A year of two digits is taken for the nearest one that is not more than 50 years after `nowSeconds`.
    public static func seconds(_ text: String, nowSeconds: Int64) -> Int64? {
        let words = text.split(separator: " ").map(String.init)
        // Sun, 06 Nov 1994 08:49:37 GMT
        if words.count == 6, words[0].utf8.count == 4, words[0].hasSuffix(","), words[5] == "GMT" {
            guard let year = number(words[3], digits: 4) else { return nil }
            return seconds(day: words[1], month: words[2], year: year, clock: words[4])
        }
        // Sunday, 06-Nov-94 08:49:37 GMT
        if words.count == 4, words[0].hasSuffix(","), words[3] == "GMT" {
            let parts = words[1].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3, let short = number(parts[2], digits: 2) else { return nil }
            let present = year(ofSeconds: nowSeconds)
            var full = present / 100 * 100 + short
            if full > present + 50 { full -= 100 }
            return seconds(day: parts[0], month: parts[1], year: full, clock: words[2])
        }
        // Sun Nov  6 08:49:37 1994
        if words.count == 5, words[0].utf8.count == 3, let year = number(words[4], digits: 4) {
            let day = words[2].utf8.count == 1 ? "0" + words[2] : words[2]
            return seconds(day: day, month: words[1], year: year, clock: words[3])
        }
        return nil
    }

    /// The same, where two digits of a year count from the year 2000 on: for dates that only HTTP of before 1997 wrote so.
    static func seconds(_ text: String) -> Int64? { seconds(text, nowSeconds: 1_577_836_800) }

    private static func number(_ text: String, digits: Int) -> Int64? {
        guard text.utf8.count == digits, text.utf8.allSatisfy(ByteClass.isDigit) else { return nil }
        return Int64(text)
    }

    private static func seconds(day: String, month: String, year: Int64, clock: String) -> Int64? {
        guard let day = number(day, digits: 2), let monthIndex = months.firstIndex(of: month), day > 0 else {
            return nil
        }
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false).map { number(String($0), digits: 2) }
        // 60 is a leap second.
        guard parts.count == 3, let hour = parts[0], let minute = parts[1], let second = parts[2], hour < 24,
            minute < 60,
            second <= 60
        else { return nil }
        let days = days(year: year, month: Int64(monthIndex + 1), day: day)
        let result = days * 86_400 + hour * 3_600 + minute * 60 + second
        // Written again, the 30th of February is the 2nd of March.
        guard days >= 0, Self.text(unixSeconds: days * 86_400).contains("\(day < 10 ? "0" : "")\(day) \(month) ") else {
            return nil
        }
        return result
    }

    /// Days from 1970-01-01, after Howard Hinnant, "days from civil".
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func year(ofSeconds seconds: Int64) -> Int64 {
        // `Sun, 06 Nov 1994 …`: the year stands at the same place in every date of four digits.
        Int64(text(unixSeconds: seconds).dropFirst(12).prefix(4)) ?? 1970
    }
}
