/// One whole request, body included, as a handler sees it.
public struct Request: Sendable {
    public let head: RequestHead
    public let body: [UInt8]
    /// The connection's other end; behind a proxy, the proxy.
    public let peerAddress: SocketAddress?
    /// Whether the connection itself is a protected one; behind a proxy, the proxy's.
    public let isProtected: Bool
    private let proxies: TrustedProxies
    /// What the route's `:name` segments matched, decoded.
    public internal(set) var parameters: [String: String] = [:]

    package init(
        head: RequestHead, body: [UInt8] = [], peerAddress: SocketAddress? = nil, proxies: TrustedProxies = .none,
        isProtected: Bool = false
    ) {
        self.head = head
        self.body = body
        self.peerAddress = peerAddress
        self.proxies = proxies
        self.isProtected = isProtected
    }

    public var method: Method { head.method }
    public var version: HTTPVersion { head.version }
    public var headers: HeaderFields { head.headers }
    /// The target as it came, with its query.
    public var target: String { head.target.raw }
    /// The decoded path.
    public var path: String { head.target.path }
    /// The query, undecoded, without its question mark.
    public var query: String? { head.target.query }
    /// The first value of a query name, decoded; empty for a name without value, nil when it is not there.
    public func query(_ name: String) -> String? { head.target.query(name) }
    /// The host that was asked, with its port: an absolute target's, which counts more (RFC 9112 section 3.2.2), or the
    /// Host field.
    public var host: String? { head.target.authority ?? headers["Host"] }

    /// What trusted proxies say, judged anew at each call: most requests never ask.
    package var origin: ForwardedOrigin {
        ForwardedOrigin(
            peer: peerAddress.flatMap { IPAddress($0) }, headers: headers, proxies: proxies, ownScheme: ownScheme,
            ownHost: host)
    }
    /// The client's address: the right-most of `X-Forwarded-For` that is not a trusted proxy's (port 0 then), else the
    /// connection's other end.
    public var clientAddress: SocketAddress? {
        guard !proxies.isEmpty, let client = origin.client, client != peerAddress.flatMap({ IPAddress($0) }) else {
            return peerAddress
        }
        return client.socketAddress
    }
    private var ownScheme: String { isProtected ? "https" : "http" }
    /// `http` or `https`, as the client spoke to this server or to the first trusted proxy.
    public var effectiveScheme: String { proxies.isEmpty ? ownScheme : origin.scheme }
    /// The host, with its port, that the client asked the first trusted proxy for.
    public var effectiveHost: String? { proxies.isEmpty ? host : origin.host }
}
