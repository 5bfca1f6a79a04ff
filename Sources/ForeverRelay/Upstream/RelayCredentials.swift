import ForeverHTTP

/// A relay's id and secret, and how far its clock is from the root's. **Thread:** the loop's.
public final class RelayCredentials {
    /// Who the relay is at the root.
    public let id: String
    private let sign: MessageSigner
    private let loop: EventLoop
    private var generator: any RandomNumberGenerator
    private var offsetMilliseconds: Int64 = 0

    public init(loop: EventLoop, id: String, generator: any RandomNumberGenerator, sign: @escaping MessageSigner) {
        precondition(RelayProof.isID(id), "an id of 16 to 64 letters and digits")
        self.id = id
        self.loop = loop
        self.generator = generator
        self.sign = sign
    }

    /// The `Authorization` field for one request.
    func authorization(_ method: Method, _ target: String, body: [UInt8] = []) -> String {
        RelayProof.authorization(
            id: id, method: method, target: target, body: body,
            wallMilliseconds: loop.wallMilliseconds + offsetMilliseconds, using: &generator, sign: sign)
    }

    /// The answer to whoever asks whether this address leads to us.
    func answer(_ nonce: RelayProof.Nonce, at address: HTTPAddress) -> JSONValue {
        RelayChallenge.answer(id: id, nonce, at: address, sign: sign)
    }

    /// Learns the root's time from a 401, for the case that our clock is wrong.
    func learn(from headers: HeaderFields) {
        guard let time = headers["Forever-Time"].flatMap({ Int64($0) }) else { return }
        offsetMilliseconds = time - loop.wallMilliseconds
    }
}
