import ForeverHTTP

/// Leave to pull from another relay, given by the root and checked there without the root.
///
/// Its key is a digest, made with the parent's key, of the child's id and the moment at which it ends: so the parent can
/// make it again by itself. On its way to the child it is masked with a digest that is made with the child's key, so
/// that nobody else can read it. The exact form stands in Docs/Relay.md. Pure.
public struct PullTicket: Hashable, Sendable {
    /// How long past the report that renews it a ticket holds: a root that is away for minutes does not stop the tree.
    public static let lifeMilliseconds: Int64 = 600_000

    /// the id of the relay that may pull
    public var child: String
    /// by the root's clock, since 1970
    public var expiresMilliseconds: Int64
    /// another for every ticket
    public var nonce: RelayProof.Nonce
    /// the key, masked
    public var masked: [UInt8]

    /// Reads a ticket as it travels, `EXPIRES.NONCE.MASKED`; nil when it is none.
    public init?(_ text: String, child: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let expires = Int64(parts[0]), let nonce = RelayProof.Nonce(parts[1]),
            parts[2].utf8.count <= 128,
            let masked = RelaySecret(hexadecimal: parts[2], count: parts[2].utf8.count / 2)?.bytes, !masked.isEmpty
        else { return nil }
        self.child = child
        expiresMilliseconds = expires
        self.nonce = nonce
        self.masked = masked
    }

    /// A new ticket.
    ///
    /// - parentSign, childSign: digests with the keys of the two relays, which the root knows both
    public init(
        child: String, expiresMilliseconds: Int64, using generator: inout some RandomNumberGenerator,
        parentSign: MessageSigner, childSign: MessageSigner
    ) {
        self.child = child
        self.expiresMilliseconds = expiresMilliseconds
        nonce = RelayProof.Nonce(using: &generator)
        masked = Self.masked(
            Self.key(child: child, expiresMilliseconds: expiresMilliseconds, parentSign: parentSign), nonce, childSign)
    }

    /// As it travels.
    public var text: String { "\(expiresMilliseconds).\(nonce).\(RelayProof.hexadecimal(masked))" }

    /// The key, for the child.
    package func key(childSign: MessageSigner) -> [UInt8] { Self.masked(masked, nonce, childSign) }

    /// The key, as the root and the parent make it.
    package static func key(child: String, expiresMilliseconds: Int64, parentSign: MessageSigner) -> [UInt8] {
        parentSign(Array("forever-ticket\n\(child)\n\(expiresMilliseconds)\n".utf8))
    }

    /// Masking twice is not masking.
    private static func masked(_ key: [UInt8], _ nonce: RelayProof.Nonce, _ childSign: MessageSigner) -> [UInt8] {
        let mask = childSign(Array("forever-ticket-mask\n\(nonce)\n".utf8))
        return zip(key, mask).map { $0 ^ $1 }
    }
}
