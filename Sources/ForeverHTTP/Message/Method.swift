/// The request methods this server knows, spelt as on the wire. Any other is answered 501.
public enum Method: String, Hashable, Sendable, CaseIterable {
    case GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH
}

/// The two versions of HTTP spoken here.
public enum HTTPVersion: String, Hashable, Sendable {
    case http10 = "HTTP/1.0"
    case http11 = "HTTP/1.1"
}
