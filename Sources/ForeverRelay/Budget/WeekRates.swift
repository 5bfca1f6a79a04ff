import Glibc

/// How much goes through at each hour of the week, learnt as it goes, and what that says of the hours to come. Pure.
///
/// Radio follows the day and the week: an allotment that seems to last at noon does not last through the evenings. Each of
/// the 168 hours has a running mean; what is not known yet is taken from the same hour of other days, then from the mean of
/// all. The last 24 hours against what was expected of them tell how far the audience has changed; it is believed to stay
/// so for a while, half of it a day later.
public struct WeekRates: Hashable, Sendable {
    static let hoursPerWeek = 168
    static let millisecondsPerHour: Int64 = 3_600_000
    /// The newest week counts this much against what was learnt before.
    private static let newestShare = 0.5
    /// An hour of which less was seen says too little.
    private static let seenMillisecondsMin: Int64 = 600_000
    /// The audience may have changed by a factor up to this, both ways.
    private static let changeMax = 8.0

    /// mean bytes in each hour of the week; negative: not known yet
    private(set) var means: [Double]
    /// actual and expected bytes of the last hours that were seen, 24 at most
    private var recent: [Recent] = []
    /// the hour under way, counted from 1970
    private var hour: Int64?
    private var hourBytes: Int64 = 0
    private var seenMilliseconds: Int64 = 0

    private struct Recent: Hashable {
        var hour: Int64
        var actual: Double
        /// nil while that hour of the week was not known
        var expected: Double?
    }

    public init() { means = Array(repeating: -1, count: Self.hoursPerWeek) }

    /// Takes up what was kept; nil when it is not 168 numbers.
    package init?(means: [Double]) {
        guard means.count == Self.hoursPerWeek, means.allSatisfy({ $0.isFinite }) else { return nil }
        self.means = means
    }

    /// The mean of each hour of the week, negative where it is not known.
    package var kept: [Double] { means }

    /// Adds what went through within the last `milliseconds` before `now`.
    public mutating func add(_ bytes: Int64, within milliseconds: Int64, now wallMilliseconds: Int64) {
        let current = wallMilliseconds / Self.millisecondsPerHour
        if let hour, hour != current { close(hour) }
        if hour != current {
            hour = current
            hourBytes = 0
            seenMilliseconds = 0
        }
        hourBytes += bytes
        seenMilliseconds = min(Self.millisecondsPerHour, seenMilliseconds + max(0, milliseconds))
    }

    private mutating func close(_ hour: Int64) {
        guard seenMilliseconds >= Self.seenMillisecondsMin else { return }
        let actual = Double(hourBytes) * Double(Self.millisecondsPerHour) / Double(seenMilliseconds)
        let index = Self.index(hour)
        recent.append(Recent(hour: hour, actual: actual, expected: means[index] >= 0 ? means[index] : nil))
        recent.removeAll { $0.hour <= hour - 24 }
        means[index] = means[index] < 0 ? actual : means[index] + (actual - means[index]) * Self.newestShare
    }

    private static func index(_ hour: Int64) -> Int { Int((hour % 168 + 168) % 168) }

    /// What may be expected of the hours from `now` on, one after the other, until `body` says to stop: bytes, and how long
    /// each piece is (the first one only to its hour's end).
    func forecast(from wallMilliseconds: Int64, _ body: (_ bytes: Double, _ milliseconds: Int64) -> Bool) {
        let table = filled()
        // What is new today is half as new tomorrow: change ^ (1/2 ^ days), a step each hour.
        var exponent = log(change())
        let hourly = exp2(-1.0 / 24)
        var hour = wallMilliseconds / Self.millisecondsPerHour
        var start = wallMilliseconds
        while true {
            let end = (hour + 1) * Self.millisecondsPerHour
            let milliseconds = end - start
            let share = Double(milliseconds) / Double(Self.millisecondsPerHour)
            let level = exponent == 0 ? 1 : exp(exponent)
            if !body(table[Self.index(hour)] * level * share, milliseconds) { return }
            exponent *= hourly
            hour += 1
            start = end
        }
    }

    /// All 168 hours, those not known filled from the same hour of other days, else from the mean.
    private func filled() -> [Double] {
        var known = means.filter { $0 >= 0 }
        if known.isEmpty, seenMilliseconds >= 60_000 {
            known = [Double(hourBytes) * Double(Self.millisecondsPerHour) / Double(seenMilliseconds)]
        }
        let mean = known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
        var result = means
        for hour in 0..<24 {
            let days = stride(from: hour, to: Self.hoursPerWeek, by: 24)
            var sum = 0.0
            var count = 0.0
            for index in days where means[index] >= 0 {
                sum += means[index]
                count += 1
            }
            let value = count > 0 ? sum / count : mean
            for index in days where means[index] < 0 { result[index] = value }
        }
        return result
    }

    /// How the last day was against what was expected of it; 1 while nothing was expected.
    private func change() -> Double {
        var actual = 0.0
        var expected = 0.0
        for hour in recent {
            guard let value = hour.expected else { continue }
            actual += hour.actual
            expected += value
        }
        guard expected > 0 else { return 1 }
        return min(Self.changeMax, max(1 / Self.changeMax, actual / expected))
    }
}
