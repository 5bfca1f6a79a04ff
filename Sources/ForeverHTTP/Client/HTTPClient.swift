/// A reply with its whole body.
public struct ClientReply: Sendable {
    public let head: ResponseHead
    public let body: [UInt8]

    package init(head: ResponseHead, body: [UInt8]) {
        self.head = head
        self.body = body
    }

    public var status: Status { head.status }
    public var headers: HeaderFields { head.headers }
}

/// A request under way. **Thread:** the loop's.
public final class ClientRequest {
    private weak var chain: RedirectChain?

    init(_ chain: RedirectChain) { self.chain = chain }

    /// Ends it; the completion hears `.cancelled`, at once.
    public func cancel() { chain?.cancel() }
    /// Reads no more, so that the sender is held back, until `resume`. Silence does not count meanwhile.
    public func pause() { chain?.setPaused(true) }
    public func resume() { chain?.setPaused(false) }
    public var isEnded: Bool { chain?.isEnded ?? true }
}

/// The HTTP/1.1 client of one loop: every request on a connection of its own.
///
/// Redirects (301, 302, 303, 307, 308) are followed only when asked for, at most `redirectsMax` of them, within the one
/// deadline of the request. A request that was made before ends with `redirectLoop`; none leads from https to http; another
/// server never gets the credentials.
///
/// **Thread:** the loop's; callbacks come on it, never before the call that asked for them has returned, except that
/// of `cancel`. Host names are looked up on a helper thread.
public final class HTTPClient {
    public let loop: EventLoop
    public let limits: ClientLimits
    /// The `User-Agent` field.
    public let agentName: String
    /// Schemes other than `http` that `makeTransport` can serve.
    public var protectedSchemes: Set<String> = []
    /// Makes a connected socket's transport, given the address it is for: plain unless a protected one is put here.
    public var makeTransport: (Int32, HTTPAddress) -> any Transport = { fd, _ in PlainTransport(fd: fd) }
    /// Counts what its connections put on the wire.
    public var meter: WireMeter?
    /// Whether what is asked may be asked by plain http at this address of its host; looked at before it is connected to.
    public var allowsPlain: (HTTPAddress, SocketAddress) -> Bool = { _, _ in true }
    private var running: [ObjectIdentifier: ClientConnection] = [:]

    public init(loop: EventLoop, limits: ClientLimits = ClientLimits(), agentName: String = "Forever") {
        self.loop = loop
        self.limits = limits
        self.agentName = agentName
    }

    deinit {
        for connection in Array(running.values) {
            connection.end(.cancelled)
            loop.afterSockets { withExtendedLifetime(connection) {} }
        }
    }

    /// Requests under way.
    public var runningCount: Int { running.count }

    /// The addresses of a server, in the order to try them, for whoever must look at them before connecting: the request
    /// that follows is given the one that was looked at, and no name server can change its mind in between.
    public func lookUp(
        _ address: HTTPAddress, answer: @escaping (Result<[SocketAddress], ClientError>) -> Void
    ) {
        Resolver.lookUp(host: address.host, port: address.port, loop: loop) { result in
            answer(result.mapError { .unknownHost($0.description) })
        }
    }

    /// Asks for a document. The deadline holds for everything, from looking up the name to the last byte. With `pinned` it
    /// connects there, whatever the name leads to.
    @discardableResult
    public func get(
        _ address: HTTPAddress, headers: HeaderFields = [:], deadline: Duration = .seconds(10),
        bodyBytesMax: Int = 1_048_576, redirectsMax: Int = 0, at pinned: SocketAddress? = nil,
        completion: @escaping (Result<ClientReply, ClientError>) -> Void
    ) -> ClientRequest {
        send(.GET, address, headers, [], deadline, bodyBytesMax, redirectsMax: redirectsMax, at: pinned, completion)
    }

    /// Sends a body and asks for the answer.
    @discardableResult
    public func post(
        _ address: HTTPAddress, headers: HeaderFields = [:], body: [UInt8], contentType: String = "application/json",
        deadline: Duration = .seconds(10), bodyBytesMax: Int = 1_048_576, redirectsMax: Int = 0,
        completion: @escaping (Result<ClientReply, ClientError>) -> Void
    ) -> ClientRequest {
        var headers = headers
        if !headers.contains("Content-Type") { headers.add("Content-Type", contentType) }
        return send(.POST, address, headers, body, deadline, bodyBytesMax, redirectsMax: redirectsMax, completion)
    }

    /// Any method with a body, answered whole.
    @discardableResult
    public func send(
        _ method: Method, _ address: HTTPAddress, _ headers: HeaderFields, _ body: [UInt8], _ deadline: Duration,
        _ bodyBytesMax: Int, redirectsMax: Int = 0, at pinned: SocketAddress? = nil,
        _ completion: @escaping (Result<ClientReply, ClientError>) -> Void
    ) -> ClientRequest {
        let collector = ReplyCollector(bodyBytesMax: bodyBytesMax)
        let receiver = ClientConnection.Receiver(
            head: { collector.head = $0 },
            body: { collector.append($0) },
            ended: { error in
                if let error = error ?? collector.error { return completion(.failure(error)) }
                guard let head = collector.head else { return completion(.failure(.endedEarly)) }
                completion(.success(ClientReply(head: head, body: collector.body)))
            })
        let question = ClientQuestion(
            method: method, address: address, headers: headers, body: body, pinned: pinned)
        let chain = chain(question, redirectsMax, deadline, nil, receiver)
        collector.chain = chain
        return ClientRequest(chain)
    }

    /// Asks for a body without end. `onBody` gets its bytes, decoded, as they come, valid during the call only;
    /// `onEnd` comes once: nil when the body had an end, `.silent` when nothing came for `silence`.
    @discardableResult
    public func stream(
        _ address: HTTPAddress, headers: HeaderFields = [:], silence: Duration = .seconds(5), redirectsMax: Int = 0,
        at pinned: SocketAddress? = nil,
        onHead: @escaping (ResponseHead) -> Void, onBody: @escaping (UnsafeRawBufferPointer) -> Void,
        onEnd: @escaping (ClientError?) -> Void
    ) -> ClientRequest {
        let receiver = ClientConnection.Receiver(head: onHead, body: onBody, ended: onEnd)
        let question = ClientQuestion(method: .GET, address: address, headers: headers, pinned: pinned)
        return ClientRequest(
            chain(question, redirectsMax, .seconds(limits.streamHeadSecondsMax), silence, receiver))
    }

    private func chain(
        _ question: ClientQuestion, _ redirectsMax: Int, _ deadline: Duration, _ silence: Duration?,
        _ receiver: ClientConnection.Receiver
    ) -> RedirectChain {
        let chain = RedirectChain(
            client: self, question: question, redirectsMax: redirectsMax, deadline: deadline, silence: silence,
            receiver: receiver)
        chain.start()
        return chain
    }

    /// One request on one connection; nil when it cannot be made, which `receiver` hears in the next turn.
    func start(
        _ question: ClientQuestion, _ deadline: Duration, _ silence: Duration?, _ receiver: ClientConnection.Receiver
    ) -> ClientConnection? {
        loop.requireLoopThread()
        let address = question.address
        var refusal: ClientError?
        if address.scheme != "http" && !protectedSchemes.contains(address.scheme) {
            refusal = .unsupportedScheme(address.scheme)
        } else if running.count >= limits.requestsMax {
            refusal = .tooManyRequests
        }
        if let refusal {
            loop.schedule(after: .zero) { receiver.ended(refusal) }
            return nil
        }
        var identifier: ObjectIdentifier?
        var counted = receiver
        counted.ended = { [weak self] error in
            if let self, let identifier, let held = running.removeValue(forKey: identifier) {
                loop.afterSockets { withExtendedLifetime(held) {} }
            }
            receiver.ended(error)
        }
        let makeTransport = self.makeTransport
        let allowsPlain = self.allowsPlain
        let connection = ClientConnection(
            loop: loop, limits: limits, address: address, pinned: question.pinned,
            method: question.method,
            request: requestBytes(question), deadline: deadline, silence: silence,
            makeTransport: { makeTransport($0, address) }, allowsPlain: { allowsPlain(address, $0) }, receiver: counted)
        connection.meter = meter
        identifier = ObjectIdentifier(connection)
        running[ObjectIdentifier(connection)] = connection
        connection.start()
        return connection
    }

    private func requestBytes(_ question: ClientQuestion) -> [UInt8] {
        let (method, address) = (question.method, question.address)
        var fields: HeaderFields = ["Host": address.authority, "User-Agent": agentName, "Connection": "close"]
        for field in question.headers {
            if fields.contains(field.name) { fields[field.name] = nil }
            fields.add(field.name, field.value)
        }
        if !question.body.isEmpty || method == .POST || method == .PUT {
            fields["Content-Length"] = String(question.body.count)
        }
        var bytes = Array("\(method.rawValue) \(address.target) HTTP/1.1\r\n".utf8)
        fields.write(into: &bytes)
        bytes += [ByteClass.carriageReturn, ByteClass.lineFeed]
        return bytes + question.body
    }
}

/// Collects a reply's body up to a limit.
private final class ReplyCollector {
    let bodyBytesMax: Int
    var head: ResponseHead?
    var body: [UInt8] = []
    var error: ClientError?
    weak var chain: RedirectChain?

    init(bodyBytesMax: Int) { self.bodyBytesMax = bodyBytesMax }

    func append(_ bytes: UnsafeRawBufferPointer) {
        if body.count + bytes.count > bodyBytesMax {
            error = .replyTooLarge
            chain?.connection?.end(.replyTooLarge)
        } else {
            body.append(contentsOf: bytes)
        }
    }
}
