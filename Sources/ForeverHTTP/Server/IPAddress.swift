import Glibc

/// An IPv4 or IPv6 address as a number of 128 bits, without a port. IPv4 stands in IPv6's mapped form (`::ffff:a.b.c.d`), so
/// that a client is the same one through either kind of socket.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    package let high: UInt64
    package let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads `192.0.2.1` or `2001:db8::1`; nil for anything else, names, ports, zones and brackets included.
    public init?(_ text: some StringProtocol) {
        // The C call that reads it stops at a zero byte; only bytes that an address can hold may reach it.
        guard text.utf8.count <= 45, text.utf8.allSatisfy(Self.mayHold) else { return nil }
        guard let address = SocketAddress(numericHost: String(text), port: 0) else { return nil }
        self.init(address)
    }

    private static func mayHold(_ byte: UInt8) -> Bool {
        ByteClass.hexValue(byte) != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }

    /// The address of one end of a connection; nil when it is neither IPv4 nor IPv6.
    public init?(_ address: SocketAddress) {
        let family = address.family
        let words: (UInt64, UInt64)? = address.withSockaddr { pointer, length in
            let bytes = UnsafeRawBufferPointer(start: pointer, count: Int(length))
            if family == AF_INET, bytes.count >= 8 {
                return (0, 0xffff_0000_0000 | Self.number(bytes[4..<8]))
            }
            guard family == AF_INET6, bytes.count >= 24 else { return nil }
            return (Self.number(bytes[8..<16]), Self.number(bytes[16..<24]))
        }
        guard let words else { return nil }
        self.init(high: words.0, low: words.1)
    }

    private static func number(_ bytes: Slice<UnsafeRawBufferPointer>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Whether it is an IPv4 address.
    public var isIPv4: Bool { high == 0 && low >> 32 == 0xffff }

    /// What counts as one client: an IPv4 address, or the /64 of an IPv6 address, which one household or one machine has whole.
    public var client: IPAddress { isIPv4 ? self : IPAddress(high: high, low: 0) }

    /// The address with its first `length` of 128 bits kept and the others cleared.
    package func masked(_ length: Int) -> IPAddress {
        let highMask: UInt64 = length >= 64 ? .max : length == 0 ? 0 : ~(.max >> UInt64(length))
        let lowMask: UInt64 = length >= 128 ? .max : length <= 64 ? 0 : ~(.max >> UInt64(length - 64))
        return IPAddress(high: high & highMask, low: low & lowMask)
    }

    public var description: String {
        if isIPv4 { return (0..<4).map { "\(low >> UInt64(24 - 8 * $0) & 0xff)" }.joined(separator: ".") }
        return socketAddress.host
    }

    /// The same as the end of a connection, with port 0.
    var socketAddress: SocketAddress {
        if isIPv4 { return SocketAddress(numericHost: description, port: 0)! }
        let groups = [high, low].flatMap { word in (0..<4).map { word >> UInt64(48 - 16 * $0) & 0xffff } }
        return SocketAddress(numericHost: groups.map { String($0, radix: 16) }.joined(separator: ":"), port: 0)!
    }
}
