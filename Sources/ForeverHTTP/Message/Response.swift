/// What a handler answers. **Thread:** the loop's.
///
/// The server adds `Date`, `Server`, `Content-Length`, `Connection` and the CORS fields; a handler that sets one of
/// them itself keeps its own.
public struct Response {
    /// Where the body comes from.
    public enum Body {
        case none
        case bytes([UInt8])
        /// A file built into the program, answered 304 to whoever has it already.
        case file(EmbeddedFile)
        /// The answer comes later: keep the responder and call `answer` in any turn of the loop.
        case deferred((Responder) -> Void)
        /// The head leaves with `Connection: close` and no length, then the connection is the receiver's. With
        /// `headFirst` false the head does not leave by itself: the receiver sends it with its own first bytes, which
        /// saves a call and a packet.
        case takeover(headFirst: Bool, (DetachedConnection) -> Void)
        /// Server-sent events.
        case events(EventStreamHub)
    }

    public var status: Status
    public var headers: HeaderFields
    public var body: Body

    public init(status: Status, headers: HeaderFields = [:], body: Body = .none) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Plain text, one line.
    public static func text(_ text: String, status: Status = .ok) -> Response {
        bytes(Array((text + "\n").utf8), contentType: "text/plain; charset=utf-8", status: status)
    }

    /// Bytes of a type.
    public static func bytes(_ bytes: [UInt8], contentType: String, status: Status = .ok) -> Response {
        Response(status: status, headers: ["Content-Type": contentType], body: .bytes(bytes))
    }

    /// JSON text that must not be kept by caches: everything we say in JSON changes.
    public static func json(_ bytes: [UInt8], status: Status = .ok) -> Response {
        Response(
            status: status, headers: ["Content-Type": "application/json", "Cache-Control": "no-store"],
            body: .bytes(bytes))
    }

    /// A status with its own words as text.
    public static func status(_ status: Status) -> Response { text(status.description, status: status) }

    /// 302 to an absolute address, never to be remembered: the one redirect every player follows.
    public static func redirect(to address: String) -> Response {
        Response(status: .found, headers: ["Location": address, "Cache-Control": "no-store"])
    }

    public static func file(_ file: EmbeddedFile) -> Response { Response(status: .ok, body: .file(file)) }

    public static func deferred(_ start: @escaping (Responder) -> Void) -> Response {
        Response(status: .ok, body: .deferred(start))
    }

    public static func takeover(
        status: Status = .ok, headers: HeaderFields, headFirst: Bool = true,
        _ receive: @escaping (DetachedConnection) -> Void
    ) -> Response {
        Response(status: status, headers: headers, body: .takeover(headFirst: headFirst, receive))
    }

    public static func events(_ hub: EventStreamHub) -> Response {
        Response(status: .ok, body: .events(hub))
    }
}
