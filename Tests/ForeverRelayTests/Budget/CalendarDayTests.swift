import ForeverRelay
import Testing

@Suite struct CalendarDayTests {
    @Test func daysAndDatesAreTheSame() {
        #expect(CalendarDay(year: 1970, month: 1, day: 1).number == 0)
        #expect(CalendarDay(year: 2000, month: 3, day: 1).number == 11_017)
        #expect("\(CalendarDay(number: -1))" == "1969-12-31")
        #expect("\(CalendarDay(wallMilliseconds: 1_700_000_000_000))" == "2023-11-14")
        #expect(CalendarDay(wallMilliseconds: -1).number == -1)
        for number in stride(from: -200_000, to: 200_000, by: 37) {
            let day = CalendarDay(number: number)
            #expect(CalendarDay(year: day.date.year, month: day.date.month, day: day.date.day) == day)
        }
        #expect(CalendarDay("2024-02-29")?.description == "2024-02-29")
        for text in ["2023-02-29", "2024-13-01", "2024-00-01", "2024-1-1", "24-01-01", "2024-01-01x", "", "+024-01-01"]
        {
            #expect(CalendarDay(text) == nil, "\(text)")
        }
    }

    @Test(arguments: [
        ("2026-11-14", 1, "2026-11-01", "2026-12-01"), ("2026-11-14", 14, "2026-11-14", "2026-12-14"),
        ("2026-11-14", 15, "2026-10-15", "2026-11-15"), ("2026-12-31", 5, "2026-12-05", "2027-01-05"),
        ("2027-01-04", 5, "2026-12-05", "2027-01-05"), ("2026-02-27", 31, "2026-01-31", "2026-02-28"),
        ("2026-02-28", 31, "2026-02-28", "2026-03-31"), ("2024-03-01", 30, "2024-02-29", "2024-03-30"),
    ])
    func aPeriodGoesFromBillingDayToBillingDay(day: String, billingDay: Int, start: String, end: String) throws {
        let period = BillingPeriod(containing: try #require(CalendarDay(day)), billingDay: billingDay)
        #expect("\(period.start)" == start && "\(period.end)" == end)
    }

    @Test func periodsFollowEachOtherWithoutAHole() {
        for billingDay in 1...31 {
            var number = CalendarDay(year: 2023, month: 1, day: 1).number
            while number < CalendarDay(year: 2029, month: 1, day: 1).number {
                let period = BillingPeriod(containing: CalendarDay(number: number), billingDay: billingDay)
                #expect(period.start.number <= number && number < period.end.number)
                #expect(BillingPeriod(containing: period.start, billingDay: billingDay) == period)
                #expect(
                    BillingPeriod(containing: CalendarDay(number: period.end.number - 1), billingDay: billingDay)
                        == period)
                number = period.end.number
            }
        }
    }
}
