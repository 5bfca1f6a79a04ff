import ForeverHTTP
import ForeverRelay

/// A month of listeners over a fleet of relays, in steps of a minute: real directory, choice, ledger and budgets, and no
/// sockets.
struct FleetReplay {
    struct Node {
        /// **Units:** GB; nil: everything is paid for
        var allotment: Double?
        var price: Double
        var listenerLimit: Int
        var counts = BudgetSettings.Counts.out
    }

    /// How a relay is found for a listener.
    enum Choice {
        case real
        /// any that has room
        case random
    }

    struct Outcome {
        var costs: [Double] = []
        /// **Units:** GB
        var bytes: [Double] = []
        var turnedAway = 0
        var listenersPeak = 0
        var ledgerSum: Int64 = 0
        var budgetSum: Int64 = 0

        var cost: Double { costs.reduce(0, +) }
        var demand: Double { bytes.reduce(0, +) }
    }

    /// 128 kbit/s and what a listener's packets add to it.
    static let sentBytesPerMinute: Int64 = 16_000 * 60 * 1_045 / 1_000
    static let receivedBytesPerMinute: Int64 = sentBytesPerMinute / 45
    static let stayMinutes = 45.0
    static let start = CalendarDay(year: 2026, month: 11, day: 1)
    static let days = 30
    /// A crowd comes on the 18th at three in the afternoon.
    static let crowdMinutes = (17 * 24 + 15) * 60..<(17 * 24 + 21) * 60

    var nodes: [Node]
    /// mean number of listeners
    var audience: Double
    var seed: UInt64

    /// How much more or less comes at this minute than on average: evenings, weekends, the crowd.
    static func curve(_ minute: Int) -> Double {
        let hour = Double(minute % 1_440) / 60
        // The farther from eight in the evening, the fewer.
        let distance = min(abs(hour - 20), 24 - abs(hour - 20))
        let daily = 0.25 + 1.9 * max(0, 1 - distance / 10)
        let weekday = minute / 1_440 % 7
        let weekly = weekday == 0 || weekday == 6 ? 1.4 : 0.84
        return daily * weekly * (crowdMinutes.contains(minute) ? 5 : 1)
    }

    func run(_ choice: Choice) -> Outcome {
        var generator = SeededGenerator(seed)
        let directory = RelayDirectory(generator: SeededGenerator(seed &+ 1))
        var ledger = TrafficLedger()
        var listeners = Array(repeating: 0, count: nodes.count)
        var budgets = nodes.map { node in
            var settings = BudgetSettings()
            settings.allotmentBytes = node.allotment.map { Int64($0 * 1e9) }
            settings.pricePerGB = node.price
            settings.counts = node.counts
            // Who can be paid goes on beyond.
            settings.softPercent = 10_000
            settings.hardPercent = 10_000
            return TransferBudget(settings: settings, now: Self.start.wallMilliseconds)
        }
        var outcome = Outcome()
        for minute in 0..<(Self.days * 1_440 - 1) {
            let wall = Self.start.wallMilliseconds + Int64(minute + 1) * 60_000
            let now = Int64(minute + 1) * 60_000_000_000
            for index in nodes.indices {
                let count = Int64(listeners[index])
                budgets[index].count(
                    TrafficTotals(
                        sentBytes: count * Self.sentBytesPerMinute, receivedBytes: count * Self.receivedBytesPerMinute),
                    now: wall)
                let leaving = (0..<listeners[index]).count { _ in
                    Double.random(in: 0..<1, using: &generator) < 1 / Self.stayMinutes
                }
                listeners[index] -= leaving
                let report = report(index, listeners[index], &budgets[index], wall)
                // One in ten reports is lost, one in ten comes twice.
                switch Int.random(in: 0..<10, using: &generator) {
                case 0: break
                case 1:
                    ledger.take(report)
                    ledger.take(report)
                default: ledger.take(report)
                }
                _ = directory.take(report, from: nil, now: now)
            }
            let arrivals = Self.poisson(audience / Self.stayMinutes * Self.curve(minute), using: &generator)
            for _ in 0..<arrivals {
                if let index = place(choice, directory, listeners, now, using: &generator) {
                    listeners[index] += 1
                } else {
                    outcome.turnedAway += 1
                }
            }
            outcome.listenersPeak = max(outcome.listenersPeak, listeners.reduce(0, +))
        }
        let end = Self.start.wallMilliseconds + Int64(Self.days) * 86_400_000 - 1
        for index in nodes.indices {
            ledger.take(report(index, 0, &budgets[index], end))
            outcome.costs.append(budgets[index].settings.cost(countedBytes: budgets[index].countedBytes))
            outcome.bytes.append(Double(budgets[index].countedBytes) / 1e9)
            outcome.budgetSum += budgets[index].used.sentBytes
            outcome.ledgerSum += ledger.totals(of: Self.id(index), period: Self.start).sentBytes
        }
        return outcome
    }

    /// The least that this demand can have cost, all of it known beforehand: what is paid for is used up, the rest goes where
    /// a GB costs least.
    func optimum(demand: Double) -> Double {
        let free = nodes.reduce(0) { $0 + ($1.allotment ?? 0) }
        return max(0, demand - free) * (nodes.map(\.price).min() ?? 0)
    }

    private func place(
        _ choice: Choice, _ directory: RelayDirectory, _ listeners: [Int], _ now: Int64,
        using generator: inout SeededGenerator
    ) -> Int? {
        switch choice {
        case .real:
            return directory.choose(RelayQuestion(), now: now).flatMap { url in
                Int(url.dropFirst("http://relay".count))
            }
        case .random:
            let free = nodes.indices.filter { listeners[$0] < nodes[$0].listenerLimit }
            return free.randomElement(using: &generator)
        }
    }

    private static func id(_ index: Int) -> String { "relay0000000000000\(index)" }

    private func report(_ index: Int, _ count: Int, _ budget: inout TransferBudget, _ wall: Int64) -> RelayReport {
        var report = RelayReport(
            id: Self.id(index), url: "http://relay\(index)", port: 80, listeners: count, connections: count,
            listenerLimit: nodes[index].listenerLimit, bytesSent: 0, weight: 100, location: nil, isHealthy: true,
            epoch: nil, livePosition: 0, mixingEdgePosition: 0, version: "t")
        report.boot = "00000000000000aa"
        report.periods = budget.bootPeriods
        report.budget = budget.report(now: wall)
        return report
    }

    /// A number of arrivals (Knuth 1969, by products of uniform numbers), in pieces so that none underflows.
    private static func poisson(_ mean: Double, using generator: inout SeededGenerator) -> Int {
        var count = 0
        var left = mean
        while left > 0 {
            let piece = min(left, 20)
            left -= piece
            var product = 1.0
            // e to the minus piece, by its series' inverse: small and exact enough.
            let bound = exponential(-piece)
            while true {
                product *= Double.random(in: 0..<1, using: &generator)
                if product <= bound { break }
                count += 1
            }
        }
        return count
    }

    private static func exponential(_ exponent: Double) -> Double {
        var term = 1.0
        var sum = 1.0
        for number in 1..<120 {
            term *= -exponent / Double(number)
            sum += term
        }
        return 1 / sum
    }
}
