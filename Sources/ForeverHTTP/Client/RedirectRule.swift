/// A request as the client sends it.
package struct ClientQuestion: Hashable {
    package var method: Method
    package var address: HTTPAddress
    package var headers: HeaderFields
    package var body: [UInt8]
    /// Where to connect instead of looking the host up; nil to look it up.
    package var pinned: SocketAddress?

    package init(
        method: Method, address: HTTPAddress, headers: HeaderFields = [:], body: [UInt8] = [],
        pinned: SocketAddress? = nil
    ) {
        self.pinned = pinned
        self.method = method
        self.address = address
        self.headers = headers
        self.body = body
    }
}

/// What becomes of a request that is answered with a redirect. Pure.
package enum RedirectRule {
    /// Fields that prove who asks: another server must not see them.
    private static let credentials = ["Authorization", "Proxy-Authorization", "Cookie", "Host"]
    /// Fields that describe a body that is not sent any more.
    private static let ofBody = ["Content-Type", "Content-Length", "Content-Encoding", "Transfer-Encoding", "Expect"]

    /// The next request; nil when the reply is none that is followed (not one of the five statuses, or without `Location`).
    ///
    /// **Errors:** `redirectRefused` for an address that cannot be read, more than one of them, or one that would leave a
    /// protected connection for a plain one.
    package static func next(after question: ClientQuestion, reply: ResponseHead) throws(ClientError) -> ClientQuestion?
    {
        guard [301, 302, 303, 307, 308].contains(reply.status.code) else { return nil }
        let locations = reply.headers.all("Location")
        guard let location = locations.first else { return nil }
        guard locations.count == 1, let address = question.address.resolving(location) else {
            throw .redirectRefused("its address cannot be read")
        }
        if question.address.scheme == "https" && address.scheme != "https" {
            throw .redirectRefused("it leads from https to http")
        }
        var next = question
        next.address = address
        // RFC 9110 section 15.4: 303 means "get that"; 301 and 302 have turned a POST into a GET since the first browsers;
        // 307 and 308 were made so that nothing is changed.
        let becomesGet =
            switch reply.status.code {
            case 303: question.method != .HEAD
            case 301, 302: question.method == .POST
            default: false
            }
        if becomesGet {
            next.method = .GET
            next.body = []
            for name in ofBody { next.headers[name] = nil }
        }
        if !address.hasOrigin(of: question.address) {
            for name in credentials { next.headers[name] = nil }
            next.pinned = nil
        }
        return next
    }
}
