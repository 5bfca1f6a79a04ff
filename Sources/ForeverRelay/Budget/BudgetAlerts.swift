import ForeverHTTP

/// Tells a webhook when a level of a budget is reached, once each, however often that must be tried; nothing waits for it.
///
/// **Thread:** the loop's.
final class BudgetAlerts {
    /// Tries of one alert: soon at first, then more and more rarely, each time a random half of it off.
    static let waitSecondsMin = 5.0
    static let waitSecondsMax = 600.0
    static let answerBytesMax = 65_536

    private(set) var levels: AlertLevels
    private let client: HTTPClient
    private let webhook: HTTPAddress?
    private var generator: any RandomNumberGenerator
    private var isUnderWay = false
    private var waitSeconds = 0.0
    private var nextNanoseconds = Int64.min

    init(client: HTTPClient, webhook: HTTPAddress?, levels: AlertLevels, generator: any RandomNumberGenerator) {
        self.client = client
        self.webhook = webhook
        self.levels = levels
        self.generator = generator
    }

    /// Tells what is due; `onDelivered` follows when the other end has taken it.
    func tell(_ budget: TransferBudget, service: StreamService, onDelivered: @escaping () -> Void) {
        let loop = client.loop
        let period = budget.period.start
        guard let webhook, !isUnderWay, loop.nowNanoseconds >= nextNanoseconds, let percent = budget.percent,
            let level = levels.due(percent: percent, period: period)
        else { return }
        isUnderWay = true
        let body = Self.body(level, budget, service).bytes
        client.post(webhook, body: body, deadline: .seconds(10), bodyBytesMax: Self.answerBytesMax) {
            [weak self] result in
            guard let self else { return }
            isUnderWay = false
            if case .success(let reply) = result, (200..<300).contains(reply.status.code) {
                levels.isDelivered(level, period: period)
                waitSeconds = 0
                return onDelivered()
            }
            waitSeconds = min(Self.waitSecondsMax, max(Self.waitSecondsMin, waitSeconds * 2))
            let share = 0.5 + Double(generator.next() >> 11) / Double(1 << 53) / 2
            nextNanoseconds = loop.nowNanoseconds + Int64(waitSeconds * share * 1e9)
        }
    }

    private static func body(_ level: Double, _ budget: TransferBudget, _ service: StreamService) -> JSONValue {
        var budget = budget
        let now = service.loop.wallMilliseconds
        let settings = budget.settings
        let forecast = budget.forecastBytes(now: now)
        return [
            "event": "budget", "name": .string(service.profile.name), "role": .string(service.settings.role.rawValue),
            "url": .text(service.settings.publicURL), "account": .text(settings.account),
            "levelPercent": .rounded(level), "percent": .rounded(budget.percent),
            "usedBytes": .integer(budget.countedBytes),
            "allotmentBytes": .count(settings.allotmentBytes),
            "state": .string(budget.state.rawValue), "periodStart": .string(budget.period.start.description),
            "periodEnd": .string(budget.period.end.description), "forecastBytes": .integer(forecast),
            "allotmentEndsAtMilliseconds": .count(budget.allotmentEnds(now: now)),
            "cost": .rounded(settings.cost(countedBytes: budget.countedBytes)),
            "forecastCost": .rounded(settings.cost(countedBytes: forecast)), "timeMilliseconds": .integer(now),
        ]
    }
}
