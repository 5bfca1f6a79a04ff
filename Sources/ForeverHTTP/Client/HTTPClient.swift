/// A reply with its whole body.
public struct ClientReply: Sendable {
    public let head: ResponseHead
    public let body: [UInt8]

    public var status: Status { head.status }
    public var headers: HeaderFields { head.headers }
}

/// A request under way. **Thread:** the loop's.
public final class ClientRequest {
    private weak var connection: ClientConnection?

    init(_ connection: ClientConnection?) { self.connection = connection }

    /// Ends it; the completion hears `.cancelled`, at once.
    public func cancel() { connection?.end(.cancelled) }
    /// Reads no more, so that the sender is held back, until `resume`. Silence does not count meanwhile.
    public func pause() { connection?.setPaused(true) }
    public func resume() { connection?.setPaused(false) }
    public var isEnded: Bool { connection?.isEnded ?? true }
}

/// The HTTP/1.1 client of one loop: every request on a connection of its own, no redirect followed.
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

    /// Asks for a document. The deadline holds for everything, from looking up the name to the last byte.
    @discardableResult
    public func get(
        _ address: HTTPAddress, headers: HeaderFields = [:], deadline: Duration = .seconds(10),
        bodyBytesMax: Int = 1_048_576, completion: @escaping (Result<ClientReply, ClientError>) -> Void
    ) -> ClientRequest {
        send(.GET, address, headers, [], deadline, bodyBytesMax, completion)
    }

    /// Sends a body and asks for the answer.
    @discardableResult
    public func post(
        _ address: HTTPAddress, headers: HeaderFields = [:], body: [UInt8], contentType: String = "application/json",
        deadline: Duration = .seconds(10), bodyBytesMax: Int = 1_048_576,
        completion: @escaping (Result<ClientReply, ClientError>) -> Void
    ) -> ClientRequest {
        var headers = headers
        if !headers.contains("Content-Type") { headers.add("Content-Type", contentType) }
        return send(.POST, address, headers, body, deadline, bodyBytesMax, completion)
    }

    /// Any method with a body, answered whole.
    @discardableResult
    public func send(
        _ method: Method, _ address: HTTPAddress, _ headers: HeaderFields, _ body: [UInt8], _ deadline: Duration,
        _ bodyBytesMax: Int, _ completion: @escaping (Result<ClientReply, ClientError>) -> Void
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
        let connection = start(method, address, headers, body, deadline, nil, receiver)
        collector.connection = connection
        return ClientRequest(connection)
    }

    /// Asks for a body without end. `onBody` gets its bytes, decoded, as they come, valid during the call only;
    /// `onEnd` comes once: nil when the body had an end, `.silent` when nothing came for `silence`.
    @discardableResult
    public func stream(
        _ address: HTTPAddress, headers: HeaderFields = [:], silence: Duration = .seconds(5),
        onHead: @escaping (ResponseHead) -> Void, onBody: @escaping (UnsafeRawBufferPointer) -> Void,
        onEnd: @escaping (ClientError?) -> Void
    ) -> ClientRequest {
        let receiver = ClientConnection.Receiver(head: onHead, body: onBody, ended: onEnd)
        return ClientRequest(
            start(.GET, address, headers, [], .seconds(limits.streamHeadSecondsMax), silence, receiver))
    }

    private func start(
        _ method: Method, _ address: HTTPAddress, _ headers: HeaderFields, _ body: [UInt8], _ deadline: Duration,
        _ silence: Duration?, _ receiver: ClientConnection.Receiver
    ) -> ClientConnection? {
        loop.requireLoopThread()
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
        let connection = ClientConnection(
            loop: loop, limits: limits, address: address, method: method,
            request: requestBytes(method, address, headers, body), deadline: deadline, silence: silence,
            makeTransport: { makeTransport($0, address) }, receiver: counted)
        identifier = ObjectIdentifier(connection)
        running[ObjectIdentifier(connection)] = connection
        connection.start()
        return connection
    }

    private func requestBytes(
        _ method: Method, _ address: HTTPAddress, _ headers: HeaderFields, _ body: [UInt8]
    ) -> [UInt8] {
        var fields: HeaderFields = ["Host": address.authority, "User-Agent": agentName, "Connection": "close"]
        for field in headers {
            if fields.contains(field.name) { fields[field.name] = nil }
            fields.add(field.name, field.value)
        }
        if !body.isEmpty || method == .POST || method == .PUT { fields["Content-Length"] = String(body.count) }
        var bytes = Array("\(method.rawValue) \(address.target) HTTP/1.1\r\n".utf8)
        fields.write(into: &bytes)
        bytes += [ByteClass.carriageReturn, ByteClass.lineFeed]
        return bytes + body
    }
}

/// Collects a reply's body up to a limit.
private final class ReplyCollector {
    let bodyBytesMax: Int
    var head: ResponseHead?
    var body: [UInt8] = []
    var error: ClientError?
    weak var connection: ClientConnection?

    init(bodyBytesMax: Int) { self.bodyBytesMax = bodyBytesMax }

    func append(_ bytes: UnsafeRawBufferPointer) {
        if body.count + bytes.count > bodyBytesMax {
            error = .replyTooLarge
            connection?.end(.replyTooLarge)
        } else {
            body.append(contentsOf: bytes)
        }
    }
}
