/// One place for a relay, given away as a code: whoever redeems it first is the relay. Pure.
public struct RelayInvitation: Hashable, Sendable {
    /// **Units:** bytes. Nobody tries 2^128 of them.
    public static let secretBytes = 16

    /// 16 hexadecimal digits; travels in clear.
    public let id: String
    /// Never travels.
    public let secret: RelaySecret
    public var name: String?
    public var listenerLimit: Int?
    public var expiresAtMilliseconds: Int64
    /// Who has it, and what both sides drew; nil while nobody does.
    public var redemption: Redemption?

    public struct Redemption: Hashable, Sendable {
        public var relayNonce: RelayProof.Nonce
        public var rootNonce: RelayProof.Nonce
        /// the relay's id
        public var relay: String
    }

    /// What the operator hands on: id and secret.
    public var code: Code { Code(id: id, secret: secret) }

    public func isExpired(wallMilliseconds now: Int64) -> Bool { now >= expiresAtMilliseconds }

    /// The text behind `--invite`: `ID-SECRET`, 16 and 32 hexadecimal digits.
    public struct Code: Hashable, Sendable {
        public let id: String
        public let secret: RelaySecret

        public init(id: String, secret: RelaySecret) {
            self.id = id
            self.secret = secret
        }

        /// Nil for anything else. White space around it and capital letters are forgiven: codes go through mails and chats.
        public init?(_ text: String) {
            let code = String(decoding: DataFolder.trimmed(Array(text.lowercased().utf8)), as: UTF8.self)
            let parts = code.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 2, Epoch(String(parts[0])) != nil,
                let secret = RelaySecret(hexadecimal: parts[1], count: RelayInvitation.secretBytes)
            else { return nil }
            self.init(id: String(parts[0]), secret: secret)
        }

        /// The whole code, to be shown once to the operator.
        public var text: String { "\(id)-\(secret.hexadecimal)" }
    }
}
