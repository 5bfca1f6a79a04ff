/// How a relay turns an invitation into a key: what both sides say and sign. Pure.
///
/// The code's secret never travels. Each side draws a nonce; the key is a digest, made with the secret, of both. The relay
/// proves that it knows the secret, the root, that it knows the key: a false root learns nothing and is found out.
public enum RelayJoin {
    /// `POST` here.
    public static let target = "/relays/join"
    public static let bodyBytesMax = 4_096

    /// What the relay asks.
    public struct Request: Hashable, Sendable {
        public var invitation: String
        public var nonce: RelayProof.Nonce
        /// digest, with the secret, of `requestMessage`, as hexadecimal digits
        public var digits: String

        public init(code: RelayInvitation.Code, nonce: RelayProof.Nonce, digest: KeyedDigest) {
            invitation = code.id
            self.nonce = nonce
            digits = RelayProof.hexadecimal(digest(RelayJoin.requestMessage(code.id, nonce), code.secret.bytes))
        }

        /// Nil for a body that is none of ours.
        package init?(body: [UInt8]) {
            guard body.count <= bodyBytesMax, let json = try? JSONParser.parse(body),
                let invitation = json["invitation"]?.string, Epoch(invitation) != nil,
                let nonce = json["nonce"]?.string.flatMap({ RelayProof.Nonce($0) }),
                let digits = json["proof"]?.string, digits.utf8.count <= 128
            else { return nil }
            self.invitation = invitation
            self.nonce = nonce
            self.digits = digits
        }

        package var body: [UInt8] {
            let json: JSONValue = [
                "invitation": .string(invitation), "nonce": .string(nonce.description), "proof": .string(digits),
            ]
            return json.bytes
        }
    }

    /// What the root answers.
    public struct Reply: Hashable, Sendable {
        /// the relay's id from now on
        public var id: String
        public var nonce: RelayProof.Nonce
        /// digest, with the relay's new key, of `replyMessage`, as hexadecimal digits
        public var digits: String

        init(id: String, nonce: RelayProof.Nonce, to request: Request, key: RelaySecret, digest: KeyedDigest) {
            self.id = id
            self.nonce = nonce
            digits = RelayProof.hexadecimal(
                digest(RelayJoin.replyMessage(id, relayNonce: request.nonce, rootNonce: nonce), key.bytes))
        }

        package init?(body: [UInt8]) {
            guard body.count <= bodyBytesMax, let json = try? JSONParser.parse(body),
                let id = json["id"]?.string, Epoch(id) != nil,
                let nonce = json["nonce"]?.string.flatMap({ RelayProof.Nonce($0) }),
                let digits = json["proof"]?.string, digits.utf8.count <= 128
            else { return nil }
            self.id = id
            self.nonce = nonce
            self.digits = digits
        }

        package var body: [UInt8] {
            let json: JSONValue = [
                "id": .string(id), "nonce": .string(nonce.description), "proof": .string(digits),
            ]
            return json.bytes
        }

        /// The relay's key; nil when whoever answered does not know the invitation's secret.
        public func key(for request: Request, code: RelayInvitation.Code, digest: KeyedDigest) -> RelaySecret? {
            let key = RelayJoin.key(
                secret: code.secret, invitation: code.id, id: id, relayNonce: request.nonce, rootNonce: nonce,
                digest: digest)
            let message = RelayJoin.replyMessage(id, relayNonce: request.nonce, rootNonce: nonce)
            let expected = RelayProof.hexadecimal(digest(message, key.bytes))
            return RelayProof.isEqual(expected.utf8, digits.utf8) ? key : nil
        }
    }

    static func key(
        secret: RelaySecret, invitation: String, id: String, relayNonce: RelayProof.Nonce,
        rootNonce: RelayProof.Nonce, digest: KeyedDigest
    ) -> RelaySecret {
        RelaySecret(
            digest(Array("forever-relay key 1\n\(invitation)\n\(id)\n\(relayNonce)\n\(rootNonce)\n".utf8), secret.bytes)
        )
    }

    /// No two of these, and no proof of a request, can be the same bytes: each begins with words of its own.
    static func requestMessage(_ invitation: String, _ nonce: RelayProof.Nonce) -> [UInt8] {
        Array("forever-relay join 1\n\(invitation)\n\(nonce)\n".utf8)
    }

    static func replyMessage(_ id: String, relayNonce: RelayProof.Nonce, rootNonce: RelayProof.Nonce) -> [UInt8] {
        Array("forever-relay root 1\n\(id)\n\(relayNonce)\n\(rootNonce)\n".utf8)
    }
}
