/// An `http://host:port/path?query` address; `https` is read too, for whoever has a protected transport.
public struct HTTPAddress: Hashable, Sendable, CustomStringConvertible {
    /// `http` or `https`.
    public var scheme: String
    /// A name or a number, without brackets.
    public var host: String
    public var port: UInt16
    /// Path and query as they are sent, beginning with `/`.
    public var target: String

    /// Reads an address; nil when it is not one of these. User names, fragments and odd bytes are refused.
    public init?(_ text: String) {
        guard let separator = text.range(ofBytes: "://") else { return nil }
        scheme = text[..<separator.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = text[separator.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        guard let (host, port) = Self.authority(rest[..<end]) else { return nil }
        self.host = host
        self.port = port ?? (scheme == "https" ? 443 : 80)
        let tail = rest[end...]
        target = tail.isEmpty ? "/" : tail.first == "?" ? "/\(tail)" : String(tail)
        guard target.utf8.allSatisfy(ByteClass.isTarget) else { return nil }
    }

    private static func authority(_ text: Substring) -> (String, UInt16?)? {
        var host = text
        var port: UInt16?
        let nameEnd = text.first == "[" ? text.firstIndex(of: "]") : text.startIndex
        guard let nameEnd else { return nil }
        if let colon = text[nameEnd...].lastIndex(of: ":") {
            let digits = text[text.index(after: colon)...]
            guard !digits.isEmpty, digits.utf8.allSatisfy(ByteClass.isDigit), let number = UInt16(digits), number > 0
            else { return nil }
            port = number
            host = text[..<colon]
        }
        if host.first == "[" {
            guard host.last == "]" else { return nil }
            host = host.dropFirst().dropLast()
            guard SocketAddress(numericHost: String(host), port: 1)?.family == 10 else { return nil }
        } else if host.utf8.contains(UInt8(ascii: ":")) {
            return nil
        }
        guard !host.isEmpty, host.utf8.allSatisfy({ ByteClass.isHost($0) && $0 != UInt8(ascii: "%") }) else {
            return nil
        }
        return (String(host), port)
    }

    /// Host and port as a Host field wants them: the port only when it is not the scheme's own.
    public var authority: String {
        let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return port == (scheme == "https" ? 443 : 80) ? name : "\(name):\(port)"
    }

    public var description: String { "\(scheme)://\(authority)\(target)" }

    /// The same server with another path and query, which must begin with `/`.
    public func with(target: String) -> HTTPAddress {
        var copy = self
        copy.target = target
        return copy
    }
}
