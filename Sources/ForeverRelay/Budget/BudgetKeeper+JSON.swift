import ForeverHTTP

/// A budget as `/status.json` and `/metrics` show it.
extension BudgetKeeper {
    var json: JSONValue {
        let settings = budget.settings
        let now = service.loop.wallMilliseconds
        let forecast = budget.forecastBytes(now: now)
        return [
            "allotmentBytes": .count(settings.allotmentBytes),
            "counts": .string(settings.counts.rawValue), "billingDay": .count(settings.billingDay),
            "pricePerGB": settings.pricePerGB.map { .number($0) } ?? .null, "account": .text(settings.account),
            "softLimitPercent": .rounded(settings.softPercent), "hardLimitPercent": .rounded(settings.hardPercent),
            "state": .string(budget.state.rawValue), "periodStart": .string(budget.period.start.description),
            "periodEnd": .string(budget.period.end.description), "sentBytes": .integer(budget.used.sentBytes),
            "receivedBytes": .integer(budget.used.receivedBytes), "ownBytes": .integer(budget.ownBytes),
            "usedBytes": .integer(budget.countedBytes), "percent": .rounded(budget.percent),
            "forecastBytes": .integer(forecast),
            "allotmentEndsAtMilliseconds": .count(budget.allotmentEnds(now: now)),
            "cost": .rounded(settings.cost(countedBytes: budget.countedBytes)),
            "forecastCost": .rounded(settings.cost(countedBytes: forecast)),
        ]
    }

    /// Rows for Prometheus.
    var metrics: [MetricRow] {
        let now = service.loop.wallMilliseconds
        let settings = budget.settings
        let forecast = budget.forecastBytes(now: now)
        var rows = [
            MetricRow(
                "budget_sent_bytes", "gauge", "Wire bytes sent in this billing period", "\(budget.used.sentBytes)"),
            MetricRow(
                "budget_received_bytes", "gauge", "Wire bytes received in this billing period",
                "\(budget.used.receivedBytes)"),
            MetricRow(
                "budget_used_bytes", "gauge", "Used in this billing period as the provider counts",
                "\(budget.countedBytes)"),
            MetricRow("budget_forecast_bytes", "gauge", "What will be used at its end", "\(forecast)"),
            MetricRow(
                "budget_cost", "gauge", "What it costs so far", "\(settings.cost(countedBytes: budget.countedBytes))"),
            MetricRow("budget_forecast_cost", "gauge", "What it will cost", "\(settings.cost(countedBytes: forecast))"),
            MetricRow(
                "budget_state", "gauge", "0 open, 1 no new listeners, 2 listeners are let go",
                budget.state == .open ? "0" : budget.state == .soft ? "1" : "2"),
        ]
        if let allotment = settings.allotmentBytes {
            rows.append(MetricRow("budget_allotment_bytes", "gauge", "What is paid for", "\(allotment)"))
        }
        return rows
    }
}
