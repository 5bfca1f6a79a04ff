/// The head of a request, read and checked.
public struct RequestHead: Hashable, Sendable {
    public var method: Method
    public var target: RequestTarget
    public var version: HTTPVersion
    public var headers: HeaderFields

    /// Whether the connection may serve another request after this one, RFC 9112 section 9.3.
    package var allowsKeepAlive: Bool {
        if headers.contains("Connection", token: "close") { return false }
        return version == .http11 || headers.contains("Connection", token: "keep-alive")
    }
}
