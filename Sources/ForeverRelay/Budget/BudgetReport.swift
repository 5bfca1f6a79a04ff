/// What a relay says of its budget, for the root to choose by.
public struct BudgetReport: Hashable, Sendable {
    public var allotmentBytes: Int64?
    public var counts: BudgetSettings.Counts
    public var billingDay: Int
    public var pricePerGB: Double?
    public var account: String?
    public var state: BudgetState
    /// counted in this period so far, its account's others included
    public var usedBytes: Int64
    /// what it will be at the period's end
    public var forecastBytes: Int64
    /// what this relay alone will have used of that
    public var ownForecastBytes: Int64

    public init(
        settings: BudgetSettings, state: BudgetState, usedBytes: Int64, forecastBytes: Int64,
        ownForecastBytes: Int64 = 0
    ) {
        allotmentBytes = settings.allotmentBytes
        counts = settings.counts
        billingDay = settings.billingDay
        pricePerGB = settings.pricePerGB
        account = settings.account
        self.state = state
        self.usedBytes = usedBytes
        self.forecastBytes = forecastBytes
        self.ownForecastBytes = ownForecastBytes
    }

    /// What the next GB costs: nothing while the allotment lasts to the period's end at the rate that is expected.
    public var costPerGB: Double {
        guard let pricePerGB else { return 0 }
        guard let allotmentBytes else { return pricePerGB }
        return forecastBytes <= allotmentBytes ? 0 : pricePerGB
    }

    /// Which part of what is expected to come the allotment can still carry, 0...1: where there is no more to be had for
    /// money, listeners are drawn so that it lasts.
    public var lastingShare: Double {
        guard pricePerGB == nil, let allotmentBytes, forecastBytes > allotmentBytes else { return 1 }
        let expected = forecastBytes - usedBytes
        return expected > 0 ? Double(max(0, allotmentBytes - usedBytes)) / Double(expected) : 1
    }

    package var json: JSONValue {
        [
            "allotmentBytes": .count(allotmentBytes), "counts": .string(counts.rawValue),
            "billingDay": .count(billingDay), "pricePerGB": pricePerGB.map { .number($0) } ?? .null,
            "account": .text(account), "state": .string(state.rawValue), "usedBytes": .integer(usedBytes),
            "forecastBytes": .integer(forecastBytes), "ownForecastBytes": .integer(ownForecastBytes),
        ]
    }

    /// Reads a report's `budget`; nil when it is none.
    package init?(_ json: JSONValue) {
        var settings = BudgetSettings()
        if let allotment = json["allotmentBytes"], allotment != .null {
            guard let bytes = allotment.integer, bytes >= 0 else { return nil }
            settings.allotmentBytes = bytes
        }
        if let price = json["pricePerGB"], price != .null {
            guard let number = price.number, number >= 0, number.isFinite else { return nil }
            settings.pricePerGB = number
        }
        guard let counts = json["counts"]?.string.flatMap({ BudgetSettings.Counts(rawValue: $0) }),
            let day = json["billingDay"]?.integer, (1...31).contains(day),
            let state = json["state"]?.string.flatMap({ BudgetState(rawValue: $0) }),
            let forecast = json["forecastBytes"]?.integer, forecast >= 0
        else { return nil }
        settings.counts = counts
        settings.billingDay = Int(day)
        settings.account = json["account"]?.string
        guard settings.account?.utf8.count ?? 0 <= Self.accountBytesMax else { return nil }
        self.init(
            settings: settings, state: state, usedBytes: max(0, json["usedBytes"]?.integer ?? 0),
            forecastBytes: forecast, ownForecastBytes: max(0, json["ownForecastBytes"]?.integer ?? 0))
    }

    static let accountBytesMax = 64
}
