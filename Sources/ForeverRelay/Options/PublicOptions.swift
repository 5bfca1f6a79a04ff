import ForeverHTTP

/// The options by which both programs face the public: whom they believe, and how much one address may have.
package struct PublicOptions: Sendable {
    package static let specifications = [
        OptionSpecification(
            "trusted-proxies", .text, placeholder: "LIST",
            help: "networks whose X-Forwarded-For is believed: 192.0.2.0/24,2001:db8::/32,loopback,private"),
        OptionSpecification(
            "connections-per-address", .integer(1...1_000_000), placeholder: "N",
            help: "connections of one address, IPv6 of one /64 (standard: no limit)"),
        OptionSpecification(
            "range-probe", .word(["200", "206"]), placeholder: "STATUS", standard: "200",
            help: "answer to a player's look at the first bytes; 200 is right for all known ones"),
    ]

    package let limits: HTTPLimits
    package let proxies: TrustedProxies
    package let answersRangeProbes: Bool

    /// **Errors:** a list of networks that is none, in words for the user.
    package init(_ values: OptionValues) throws(OptionError) {
        var limits = HTTPLimits()
        limits.connectionsPerAddressMax = values.integer("connections-per-address")
        self.limits = limits
        answersRangeProbes = values.text("range-probe") == "206"
        guard let list = values.text("trusted-proxies") else {
            proxies = .none
            return
        }
        do throws(TrustedProxies.ListError) {
            proxies = try TrustedProxies(list)
        } catch {
            throw OptionError("--trusted-proxies \(error)")
        }
    }
}
