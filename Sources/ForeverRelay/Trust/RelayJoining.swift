import ForeverHTTP

/// A relay on its way to a key: asks the root with its invitation until there is an answer. **Thread:** the loop's.
public final class RelayJoining {
    /// Why there will be none.
    public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
    }

    private let client: HTTPClient
    private let address: HTTPAddress
    private let code: RelayInvitation.Code
    private let request: RelayJoin.Request
    private let digest: KeyedDigest
    private let completion: (Result<RelayIdentity, Failure>) -> Void
    private var generator: any RandomNumberGenerator
    private var backoff = Backoff()
    private var running: ClientRequest?
    private var retryTimer: TimerID?
    /// Why the last try brought nothing, for whoever waits.
    public private(set) var lastError: String? {
        didSet { if lastError != oldValue, let lastError { onTrouble?(lastError) } }
    }
    /// Called with each new reason for another try.
    public var onTrouble: ((String) -> Void)?

    /// `completion` comes once: with the key, or when the root has said no.
    public init(
        client: HTTPClient, root: HTTPAddress, code: RelayInvitation.Code, nonce: RelayProof.Nonce,
        generator: any RandomNumberGenerator, digest: @escaping KeyedDigest,
        completion: @escaping (Result<RelayIdentity, Failure>) -> Void
    ) {
        self.client = client
        address = root.with(target: RelayJoin.target)
        self.code = code
        self.digest = digest
        self.generator = generator
        self.completion = completion
        request = RelayJoin.Request(code: code, nonce: nonce, digest: digest)
    }

    deinit { stop() }

    /// Asks, and asks again for as long as nobody answers.
    public func start() {
        running = client.post(address, body: request.body, deadline: .seconds(10), bodyBytesMax: RelayJoin.bodyBytesMax)
        {
            [weak self] in self?.take($0)
        }
    }

    /// Asks no more; `completion` is not called.
    public func stop() {
        if let retryTimer { client.loop.cancel(retryTimer) }
        retryTimer = nil
        let request = running
        running = nil
        request?.cancel()
    }

    private func take(_ result: Result<ClientReply, ClientError>) {
        guard running != nil else { return }
        running = nil
        switch result {
        case .failure(let error): again(error.description)
        case .success(let reply) where reply.status == .ok:
            guard let said = RelayJoin.Reply(body: reply.body),
                let key = said.key(for: request, code: code, digest: digest)
            else {
                return completion(
                    .failure(
                        Failure(
                            description:
                                "\(address.authority) does not know this invitation's secret: it is not the station that made it"
                        )))
            }
            completion(.success(RelayIdentity(id: said.id, key: key)))
        case .success(let reply):
            let words = String(decoding: DataFolder.trimmed(Array(reply.body.prefix(300))), as: UTF8.self)
            // The server's trouble, or too many at once: both pass. Everything else is an answer.
            if reply.status.code >= 500 || reply.status == .tooManyRequests || reply.status == .requestTimeout {
                return again("the station answers \(reply.status)")
            }
            completion(.failure(Failure(description: "\(words) (\(reply.status))")))
        }
    }

    private func again(_ reason: String) {
        lastError = reason
        let wait = backoff.next(using: &generator)
        retryTimer = client.loop.schedule(after: .milliseconds(Int64(wait * 1_000))) { [unowned self] in
            retryTimer = nil
            start()
        }
    }
}
