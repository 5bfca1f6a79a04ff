import ForeverHTTP

/// Where a listener comes from, as far as a log may know: a network of many, and a kind of player. Pure.
public struct ListenerOrigin: Hashable, Sendable, CustomStringConvertible {
    /// Bits of an address that are kept: what one provider gives to many (IPv4), and to one site at least (IPv6).
    static let bitsKept = (four: 24, six: 48)

    /// Nil when the address is not known.
    public let network: IPAddress?
    public let agent: AgentFamily

    public init(address: IPAddress?, userAgent: String?) {
        network = address.map { $0.masked($0.isIPv4 ? 96 + Self.bitsKept.four : Self.bitsKept.six) }
        agent = AgentFamily(userAgent: userAgent)
    }

    init(_ request: Request) {
        self.init(
            address: request.clientAddress.flatMap { IPAddress($0) }, userAgent: request.headers["User-Agent"])
    }

    public var description: String {
        let place = network.map { "\($0)/\($0.isIPv4 ? Self.bitsKept.four : Self.bitsKept.six)" } ?? "unknown"
        return "listener from \(place), \(agent.name)"
    }
}
