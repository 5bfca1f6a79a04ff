import ForeverHTTP

/// The options by which both programs are told what their transfer may be and costs.
package struct BudgetOptions: Sendable {
    package static let specifications = [
        OptionSpecification(
            "monthly-transfer", .bytes, placeholder: "SIZE",
            help: "transfer a month that is paid for, such as 2TB (standard: not limited)"),
        OptionSpecification(
            "transfer-counts", .word(["out", "both"]), placeholder: "out|both", standard: "out",
            help: "what the provider counts: what is sent, or both directions"),
        OptionSpecification(
            "billing-day", .integer(1...31), placeholder: "N", standard: "1",
            help: "day of the month on which the count begins anew (UTC)"),
        OptionSpecification(
            "price-per-gb", .number(0...1_000_000), placeholder: "X",
            help: "price of 1 000 000 000 bytes beyond --monthly-transfer, or of all without it"),
        OptionSpecification(
            "account", .text, placeholder: "NAME", help: "servers with this name share one --monthly-transfer"),
        OptionSpecification(
            "soft-limit", .number(0...10_000), placeholder: "PERCENT", standard: "90",
            help: "no new listeners from here on, of --monthly-transfer"),
        OptionSpecification(
            "hard-limit", .number(0...10_000), placeholder: "PERCENT", standard: "100",
            help: "listeners are let go from here on, of --monthly-transfer"),
        OptionSpecification(
            "alert-webhook", .url, placeholder: "URL", help: "POST here when a level is reached"),
        OptionSpecification(
            "alert-levels", .text, placeholder: "LIST", standard: "50,80,95",
            help: "levels for --alert-webhook, % of --monthly-transfer"),
    ]

    /// What is allowed and costs; with nothing given it limits nothing, and counts all the same.
    package let settings: BudgetSettings
    package let webhook: HTTPAddress?
    package let levels: AlertLevels

    /// **Errors:** what single options cannot know, in words for the user.
    package init(_ values: OptionValues) throws(OptionError) {
        var settings = BudgetSettings()
        settings.allotmentBytes = values.bytes("monthly-transfer")
        settings.counts = values.text("transfer-counts").flatMap { BudgetSettings.Counts(rawValue: $0) } ?? .out
        settings.billingDay = values.integer("billing-day") ?? 1
        settings.pricePerGB = values.number("price-per-gb")
        settings.account = values.text("account")
        settings.softPercent = values.number("soft-limit") ?? 90
        settings.hardPercent = values.number("hard-limit") ?? 100
        if let name = settings.account, name.utf8.count > BudgetReport.accountBytesMax {
            throw OptionError("--account must have at most \(BudgetReport.accountBytesMax) bytes")
        }
        if settings.account != nil, settings.allotmentBytes == nil {
            throw OptionError("--account shares a --monthly-transfer, which is missing")
        }
        guard settings.softPercent <= settings.hardPercent else {
            throw OptionError("--soft-limit must not be above --hard-limit")
        }
        self.settings = settings
        let list = values.text("alert-levels") ?? "50,80,95"
        guard let levels = AlertLevels(list) else {
            throw OptionError("--alert-levels must be percentages with commas between them, not \"\(list)\"")
        }
        self.levels = levels
        webhook = values.text("alert-webhook").flatMap { HTTPAddress($0) }
        if webhook == nil, let text = values.text("alert-webhook") {
            throw OptionError(
                "--alert-webhook must be an address such as https://hooks.example/forever, not \"\(text)\"")
        }
        if webhook != nil, settings.allotmentBytes == nil {
            throw OptionError("--alert-webhook tells of a --monthly-transfer, which is missing")
        }
    }
}
