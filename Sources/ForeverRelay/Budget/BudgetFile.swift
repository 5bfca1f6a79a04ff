/// What a budget must not forget, as it is kept in a small file. Pure: bytes in, bytes out.
package struct BudgetFile: Hashable, Sendable {
    package static let version: Int64 = 1
    package static let bytesMax = 65_536

    package var period: TrafficPeriod
    package var rates: WeekRates
    package var alertPeriod: CalendarDay?
    package var alertsDelivered: [Double]

    package init(period: TrafficPeriod, rates: WeekRates, alerts: AlertLevels) {
        self.period = period
        self.rates = rates
        alertPeriod = alerts.period
        alertsDelivered = alerts.delivered
    }

    package var bytes: [UInt8] {
        let json: JSONValue = [
            "version": .integer(Self.version), "period": period.json,
            "hourlyMeans": .array(rates.kept.map { .number($0.rounded()) }),
            "alertPeriod": .text(alertPeriod?.description),
            "alertsDelivered": .array(alertsDelivered.map { .number($0) }),
        ]
        return json.bytes + [10]
    }

    /// Nil for what is damaged.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.bytesMax, let json = try? JSONParser.parse(bytes),
            json["version"]?.integer == Self.version, let period = json["period"].flatMap({ TrafficPeriod($0) }),
            let means = json["hourlyMeans"]?.array?.compactMap(\.number), let rates = WeekRates(means: means),
            let delivered = json["alertsDelivered"]?.array?.compactMap(\.number)
        else { return nil }
        self.period = period
        self.rates = rates
        alertPeriod = json["alertPeriod"]?.string.flatMap { CalendarDay($0) }
        alertsDelivered = delivered
    }
}
