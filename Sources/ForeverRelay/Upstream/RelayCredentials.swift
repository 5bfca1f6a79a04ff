import ForeverHTTP

/// A relay's id and secret, and how far its clock is from the root's. **Thread:** the loop's.
public final class RelayCredentials {
    /// Who the relay is at the root.
    public let id: String
    private let sign: MessageSigner
    private let digest: KeyedDigest?
    private let loop: EventLoop
    private var generator: any RandomNumberGenerator
    private var offsetMilliseconds: Int64 = 0

    /// Without a keyed digest it neither uses nor checks tickets, and pulls from the root only.
    public init(
        loop: EventLoop, id: String, generator: any RandomNumberGenerator, digest: KeyedDigest? = nil,
        sign: @escaping MessageSigner
    ) {
        precondition(RelayProof.isID(id), "an id of 16 to 64 letters and digits")
        self.id = id
        self.loop = loop
        self.generator = generator
        self.digest = digest
        self.sign = sign
    }

    /// The `Authorization` field for one request to the root.
    func authorization(_ method: Method, _ target: String, body: [UInt8] = []) -> String {
        RelayProof.authorization(
            id: id, method: method, target: target, body: body, wallMilliseconds: rootMilliseconds, using: &generator,
            sign: sign)
    }

    /// The answer to whoever asks whether this address leads to us.
    func answer(_ nonce: RelayProof.Nonce, at address: HTTPAddress) -> JSONValue {
        RelayChallenge.answer(id: id, nonce, at: address, sign: sign)
    }

    /// The `Authorization` field for one request to another relay; nil when tickets cannot be used here.
    func authorization(_ method: Method, _ target: String, ticket: PullTicket) -> String? {
        guard let digest else { return nil }
        let key = ticket.key(childSign: sign)
        return TicketProof.authorization(
            ticket, method: method, target: target, wallMilliseconds: rootMilliseconds, using: &generator,
            sign: { digest($0, key) })
    }

    /// Checks the tickets of those who want to pull from this relay; nil when it cannot.
    func ticketChecker() -> TicketChecker? {
        digest.map { TicketChecker(parentSign: sign, digest: $0) }
    }

    /// The root's clock, as well as it is known here. **Units:** ms since 1970.
    var rootMilliseconds: Int64 { loop.wallMilliseconds + offsetMilliseconds }

    /// Learns the root's time from a 401, for the case that our clock is wrong.
    func learn(from headers: HeaderFields) {
        guard let time = headers["Forever-Time"].flatMap({ Int64($0) }) else { return }
        learn(rootMilliseconds: time)
    }

    /// Learns the root's time from the reply to a report.
    func learn(rootMilliseconds time: Int64) { offsetMilliseconds = time - loop.wallMilliseconds }
}
