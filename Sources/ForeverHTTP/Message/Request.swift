/// One whole request, body included, as a handler sees it.
public struct Request: Sendable {
    public let head: RequestHead
    public let body: [UInt8]
    public let peerAddress: SocketAddress?
    /// What the route's `:name` segments matched, decoded.
    public internal(set) var parameters: [String: String] = [:]

    package init(head: RequestHead, body: [UInt8] = [], peerAddress: SocketAddress? = nil) {
        self.head = head
        self.body = body
        self.peerAddress = peerAddress
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
    /// The Host field.
    public var host: String? { headers["Host"] }
}
