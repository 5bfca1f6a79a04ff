/// Who really asks, and under which address: what trusted proxies say of a request, judged. Pure.
///
/// Every proxy of a chain writes the address it was asked from at the end of `X-Forwarded-For`, so the list is as good as
/// the proxies that wrote its end, and its beginning is whatever the client liked to send. It is read from its end, for as
/// long as the one who wrote an entry is trusted: the client is the right-most address that is not a trusted proxy's.
package struct ForwardedOrigin: Hashable {
    /// The client; nil when the connection itself has no address.
    package let client: IPAddress?
    /// `http` or `https`, as the client spoke.
    package let scheme: String
    /// The Host the client asked for.
    package let host: String?

    /// Judges the fields of a request that came from `peer`, whose own scheme and Host are given.
    package init(
        peer: IPAddress?, headers: HeaderFields, proxies: TrustedProxies, ownScheme: String, ownHost: String?
    ) {
        guard let peer, !proxies.isEmpty, proxies.contains(peer) else {
            client = peer
            scheme = ownScheme
            host = ownHost
            return
        }
        let entries = headers.entries("X-Forwarded-For")
        var client = peer
        var index = entries.count
        while index > 0, proxies.contains(client), let next = Self.address(entries[index - 1]) {
            client = next
            index -= 1
        }
        self.client = client
        scheme =
            Self.entry("X-Forwarded-Proto", headers, hop: index, of: entries.count)
            .map { $0.lowercased() }.flatMap { $0 == "http" || $0 == "https" ? $0 : nil } ?? ownScheme
        host =
            Self.entry("X-Forwarded-Host", headers, hop: index, of: entries.count)
            .flatMap { Self.isHost($0) ? $0 : nil } ?? ownHost
    }

    /// The entry of the hop that the client was found at. Proxies that replace the field leave one entry, which is it; those
    /// that add to it leave as many as there are addresses; of any other number the last, which the nearest proxy wrote.
    private static func entry(_ name: String, _ headers: HeaderFields, hop: Int, of hops: Int) -> String? {
        let entries = headers.entries(name)
        return entries.count > 1 && entries.count == hops && hop < hops ? entries[hop] : entries.last
    }

    /// An address as proxies write it: bare, or with a port, an IPv6 address then in brackets.
    private static func address(_ text: String) -> IPAddress? {
        if let address = IPAddress(text) { return address }
        if text.first == "[", let end = text.firstIndex(of: "]") {
            let tail = text[text.index(after: end)...]
            guard tail.isEmpty || isPort(tail) else { return nil }
            return IPAddress(text[text.index(after: text.startIndex)..<end])
        }
        guard let colon = text.firstIndex(of: ":"), isPort(text[colon...]) else { return nil }
        return IPAddress(text[..<colon])
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.first == ":" && (2...6).contains(text.utf8.count) && text.dropFirst().utf8.allSatisfy(ByteClass.isDigit)
    }

    private static func isHost(_ text: String) -> Bool {
        text.utf8.allSatisfy(ByteClass.isHost) && HTTPAddress("http://\(text)") != nil
    }
}
