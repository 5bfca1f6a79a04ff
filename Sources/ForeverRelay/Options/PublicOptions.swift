import ForeverHTTP

/// The options by which both programs face the public: whom they believe, how much one address may have, and what is protected.
package struct PublicOptions: Sendable {
    package static let specifications = [
        OptionSpecification(
            "public-url", .url, placeholder: "URL",
            help: "how others reach this server (standard: as they asked for it)"),
        OptionSpecification(
            "trusted-proxies", .text, placeholder: "LIST",
            help: "networks whose X-Forwarded-For is believed: 192.0.2.0/24,2001:db8::/32,loopback,private"),
        OptionSpecification(
            "connections-per-address", .integer(1...1_000_000), placeholder: "N",
            help: "connections of one address, IPv6 of one /64 (standard: no limit)"),
        OptionSpecification(
            "range-probe", .word(["200", "206"]), placeholder: "STATUS", standard: "200",
            help: "answer to a player's look at the first bytes; 200 is right for all known ones"),
        OptionSpecification(
            "tls-port", .integer(0...65_535), placeholder: "PORT",
            help: "listen here for https too; needs --tls-certificate"),
        OptionSpecification(
            "tls-certificate", .text, placeholder: "FILE",
            help: "the certificate, its own first, then the chain (PEM); read again when it changes"),
        OptionSpecification(
            "tls-key", .text, placeholder: "FILE", help: "its private key (standard: in the certificate's file)"),
        OptionSpecification(
            "ca-file", .text, placeholder: "FILE", help: "believe these authorities too, besides the system's (PEM)"),
        OptionSpecification(
            "insecure", .flag, help: "speak plain http with relays or the station over the open net as well"),
        OptionSpecification(
            "log-listeners", .flag, help: "say who comes: network (/24, /48) and kind of player, nothing more"),
    ]

    /// A port for https, and what it is served with.
    package struct Protected: Hashable, Sendable {
        package var port: UInt16
        package var certificateFile: String
        package var keyFile: String

        package init(port: UInt16, certificateFile: String, keyFile: String) {
            self.port = port
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }
    }

    /// Scheme and authority.
    package let publicURL: String?
    package let limits: HTTPLimits
    package let proxies: TrustedProxies
    package let answersRangeProbes: Bool
    /// nil: plain http only
    package let protected: Protected?
    package let authoritiesFile: String?
    package let isInsecure: Bool
    package let logsListeners: Bool

    /// **Errors:** a list of networks that is none, or options of which one needs another, in words for the user.
    package init(_ values: OptionValues) throws(OptionError) {
        publicURL = try Self.publicURL(values)
        protected = try Self.protected(values)
        authoritiesFile = values.text("ca-file")
        isInsecure = values.flag("insecure")
        var limits = HTTPLimits()
        limits.connectionsPerAddressMax = values.integer("connections-per-address")
        self.limits = limits
        logsListeners = values.flag("log-listeners")
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

    private static func publicURL(_ values: OptionValues) throws(OptionError) -> String? {
        guard let text = values.text("public-url") else { return nil }
        guard let url = HTTPAddress(text), url.target == "/" else {
            throw OptionError("--public-url must be an address without a path, not \"\(text)\"")
        }
        return "\(url.scheme)://\(url.authority)"
    }

    private static func protected(_ values: OptionValues) throws(OptionError) -> Protected? {
        let certificate = values.text("tls-certificate")
        guard let port = values.integer("tls-port") else {
            for name in ["tls-certificate", "tls-key"] where values.text(name) != nil {
                throw OptionError("--\(name) needs --tls-port: on which port?")
            }
            return nil
        }
        guard let certificate else { throw OptionError("--tls-port needs --tls-certificate: with which certificate?") }
        return Protected(
            port: UInt16(port), certificateFile: certificate, keyFile: values.text("tls-key") ?? certificate)
    }

    /// Why a root is not asked by plain http without `--insecure`; nil when it may be. Its name is looked up, on the calling
    /// thread; one that nobody knows now is judged when it is connected to.
    package func objection(toRoot root: HTTPAddress) -> String? {
        guard root.scheme == "http", !isInsecure, let found = try? Resolver.lookUp(host: root.host, port: root.port),
            !found.contains(where: { PlainPath.isSafe($0) })
        else { return nil }
        return "--root \(root.scheme)://\(root.authority) is plain http over the open net: \(PlainPath.reason)"
    }
}
