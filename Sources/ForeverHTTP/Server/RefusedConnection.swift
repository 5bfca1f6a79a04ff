import Glibc

/// The answer to a connection that is not even taken: made once a second, sent without looking at what was asked.
struct RefusedConnection {
    private var date = ""
    private var bytes: [UInt8] = []

    /// Says 429 on an accepted socket and closes it: three system calls, no allocation.
    ///
    /// What the client has already sent is read and thrown away, since closing over unread bytes would reset the connection
    /// and take the answer with it.
    mutating func refuse(_ fd: Int32, server: HTTPServer) {
        if date != server.dateText {
            date = server.dateText
            bytes = Self.reply(date: date, server: server)
        }
        _ = bytes.withUnsafeBytes { send(fd, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        let scratch = server.loop.scratch
        _ = recv(fd, scratch.baseAddress, scratch.count, 0)
        close(fd)
    }

    private static func reply(date: String, server: HTTPServer) -> [UInt8] {
        var response = Response.tooManyConnections
        let body: [UInt8] = if case .bytes(let bytes) = response.body { bytes } else { [] }
        response.headers["Connection"] = "close"
        var bytes: [UInt8] = []
        ReplyHead(
            status: response.status, headers: response.headers, bodyBytes: body.count, method: .GET, version: .http11,
            keepAlive: false, date: date, server: server.serverName, cors: server.cors
        ).head.write(into: &bytes)
        return bytes + body
    }
}

extension Response {
    /// The answer to a client that has as many connections as one address may have.
    static var tooManyConnections: Response {
        var response = Response.text(
            "\(Status.tooManyRequests): too many connections from one address", status: .tooManyRequests)
        response.headers.add("Retry-After", "30")
        response.headers.add("Cache-Control", "no-store")
        return response
    }
}

extension Socket {
    /// Bytes that were sent and that the peer has not acknowledged yet; 0 when the system does not say.
    static func undeliveredBytes(_ fd: Int32) -> Int {
        var count: Int32 = 0
        return ioctl(fd, UInt(TIOCOUTQ), &count) == 0 ? Int(count) : 0
    }
}
