/// The proxies whose word about a client is believed, as networks. Empty: nobody's.
public struct TrustedProxies: Hashable, Sendable {
    /// One network: an address and how many of its 128 bits belong to it.
    struct Network: Hashable, Sendable {
        let address: IPAddress
        let length: Int

        func contains(_ other: IPAddress) -> Bool { other.masked(length) == address }
    }

    /// Why a list cannot be read, in words for the operator.
    public struct ListError: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// Networks in one list. Each is compared with each connection's address.
    public static let networksMax = 64
    /// Words for what operators mean most often: the machine itself; the networks of RFC 1918 and RFC 4193.
    private static let words = [
        "loopback": ["127.0.0.0/8", "::1"], "private": ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
    ]
    /// Nobody is believed.
    public static let none = TrustedProxies()

    private var networks: [Network] = []

    private init() {}

    /// Reads a list such as `loopback, 192.0.2.7, 2001:db8::/32`: addresses, networks in CIDR form, the words `loopback` and
    /// `private`, with commas between them.
    ///
    /// **Errors:** the first entry that is none of these, or whose address has bits beyond its length, which is a slip.
    public init(_ list: String) throws(ListError) {
        for entry in list.split(separator: ",", omittingEmptySubsequences: false) {
            let text = entry.drop { $0 == " " }
            let name = text.prefix { $0 != " " }
            guard text.dropFirst(name.count).allSatisfy({ $0 == " " }) else { throw Self.complaint(entry) }
            for network in Self.words[name.lowercased()] ?? [String(name)] {
                networks.append(try Self.network(network))
            }
        }
        guard networks.count <= Self.networksMax else {
            throw ListError(description: "has more than \(Self.networksMax) networks")
        }
    }

    private static func network(_ text: String) throws(ListError) -> Network {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(parts[0]) else { throw complaint(text) }
        let bits = address.isIPv4 ? 32 : 128
        var length = bits
        if parts.count > 1 {
            guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy(ByteClass.isDigit),
                let number = Int(parts[1]), number <= bits
            else { throw complaint(text) }
            length = number
        }
        let whole = length + 128 - bits
        guard address.masked(whole) == address else {
            throw ListError(
                description: "has \(text), an address with bits beyond its length: \(address.masked(whole))/\(length)?")
        }
        return Network(address: address, length: whole)
    }

    private static func complaint(_ text: some StringProtocol) -> ListError {
        ListError(
            description: "must be networks such as 192.0.2.0/24 or 2001:db8::/32, or loopback, or private, "
                + "with commas between them, not \"\(text)\"")
    }

    public var isEmpty: Bool { networks.isEmpty }

    /// Whether a proxy at this address is believed.
    public func contains(_ address: IPAddress) -> Bool { networks.contains { $0.contains(address) } }
}
