import Glibc

/// An IPv4 or IPv6 address with its port.
public struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    private var storage: [UInt8]

    /// Takes the first `length` bytes of a C socket address.
    package init(_ pointer: UnsafeRawPointer, length: Int) {
        storage = [UInt8](UnsafeRawBufferPointer(start: pointer, count: length))
    }

    /// The address written as numbers, `127.0.0.1` or `::1`; nil when `host` is a name.
    public init?(numericHost host: String, port: UInt16) {
        var four = sockaddr_in()
        if inet_pton(AF_INET, host, &four.sin_addr) == 1 {
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = port.bigEndian
            self.init(&four, length: MemoryLayout<sockaddr_in>.size)
            return
        }
        var six = sockaddr_in6()
        guard inet_pton(AF_INET6, host, &six.sin6_addr) == 1 else { return nil }
        six.sin6_family = sa_family_t(AF_INET6)
        six.sin6_port = port.bigEndian
        self.init(&six, length: MemoryLayout<sockaddr_in6>.size)
    }

    /// All IPv6 and, through them, IPv4 addresses of this machine.
    package static func any6(port: UInt16) -> SocketAddress { SocketAddress(numericHost: "::", port: port)! }
    package static func any4(port: UInt16) -> SocketAddress { SocketAddress(numericHost: "0.0.0.0", port: port)! }

    /// `AF_INET` or `AF_INET6`.
    package var family: Int32 {
        storage.count < 2 ? AF_UNSPEC : Int32(UInt16(storage[0]) | UInt16(storage[1]) << 8)
    }

    public var port: UInt16 {
        storage.count < 4 ? 0 : UInt16(storage[2]) << 8 | UInt16(storage[3])
    }

    /// The same address with another port.
    package func with(port: UInt16) -> SocketAddress {
        var copy = self
        copy.storage[2] = UInt8(port >> 8)
        copy.storage[3] = UInt8(port & 0xff)
        return copy
    }

    /// The address as numbers, without port; an IPv4 address that came through an IPv6 socket is written as IPv4.
    public var host: String {
        var text = [UInt8](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let offset = family == AF_INET ? 4 : 8
        guard storage.count > offset else { return "?" }
        let known = storage.withUnsafeBytes { bytes in
            text.withUnsafeMutableBytes { out in
                inet_ntop(family, bytes.baseAddress! + offset, out.baseAddress!, socklen_t(out.count)) != nil
            }
        }
        guard known else { return "?" }
        let name = String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
        return name.hasPrefix("::ffff:") && name.utf8.contains(UInt8(ascii: ".")) ? String(name.dropFirst(7)) : name
    }

    public var description: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)" }

    package func withSockaddr<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        storage.withUnsafeBytes {
            body($0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
        }
    }
}
