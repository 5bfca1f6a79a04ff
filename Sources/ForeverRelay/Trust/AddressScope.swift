import ForeverHTTP

/// From how far an address can be reached, for whoever is told to connect to it by somebody else. Pure.
///
/// **Source:** the IANA registries of special-purpose addresses (RFC 6890), and where clouds keep their metadata.
public enum AddressScope: Hashable, Sendable {
    /// only from the same machine
    case machine
    /// only from the same private network
    case site
    case world
    /// from nowhere that we go, with the reason
    case forbidden(String)

    public init(_ address: IPAddress) {
        self = address.isIPv4 ? Self.four(UInt32(truncatingIfNeeded: address.low)) : Self.six(address)
    }

    private static func four(_ address: UInt32) -> AddressScope {
        func isIn(_ network: UInt32, _ length: UInt32) -> Bool { address >> (32 - length) == network >> (32 - length) }
        if isIn(0x7F00_0000, 8) { return .machine }
        if address == 0x6464_64C8 { return .forbidden("a cloud's metadata") }
        if isIn(0x0A00_0000, 8) || isIn(0xAC10_0000, 12) || isIn(0xC0A8_0000, 16) || isIn(0x6440_0000, 10) {
            return .site
        }
        if isIn(0xA9FE_0000, 16) { return .forbidden("link-local, where clouds keep their metadata") }
        if isIn(0, 8) { return .forbidden("unspecified") }
        if isIn(0xC000_0000, 24) { return .forbidden("reserved for protocols") }
        if isIn(0xE000_0000, 4) { return .forbidden("multicast") }
        if isIn(0xF000_0000, 4) { return .forbidden("broadcast or reserved") }
        return .world
    }

    private static func six(_ address: IPAddress) -> AddressScope {
        let (high, low) = (address.high, address.low)
        if high == 0, low == 1 { return .machine }
        if high == 0, low == 0 { return .forbidden("unspecified") }
        if high == 0, low >> 32 == 0 { return .forbidden("an IPv4 address in a form of before 2006") }
        // Ways to write an IPv4 address: what it leads to counts (RFC 6052, RFC 3056).
        if high == 0x0064_FF9B_0000_0000, low >> 32 == 0 { return four(UInt32(truncatingIfNeeded: low)) }
        if high >> 48 == 0x2002 { return four(UInt32(truncatingIfNeeded: high >> 16)) }
        if high >> 16 == 0x0064_FF9B_0001 || high >> 32 == 0x2001_0000 {
            return .forbidden("a tunnel to somewhere else")
        }
        if high == 0xFD00_0EC2_0000_0000, low == 0x254 { return .forbidden("a cloud's metadata") }
        if high >> 57 == 0xFC >> 1 { return .site }
        if high >> 54 == 0xFE80 >> 6 { return .forbidden("link-local") }
        if high >> 54 == 0xFEC0 >> 6 { return .forbidden("site-local, not used any more") }
        if high >> 56 == 0xFF { return .forbidden("multicast") }
        return .world
    }

    /// Why the root does not connect here for a relay that reports from `other`; nil when it does.
    ///
    /// A relay on the other side of the world has no business in our private network, which is what a stranger who gives
    /// addresses away would like to look into.
    public func objection(reportedFrom other: AddressScope?) -> String? {
        switch (self, other) {
        case (.forbidden(let why), _): "the address is \(why)"
        case (.world, _), (.machine, .machine), (.site, .site), (.site, .machine): nil
        case (.machine, _): "the address is this machine's own, and the relay is not on it"
        case (.site, _): "the address is of a private network, and the relay is not in it"
        }
    }
}
