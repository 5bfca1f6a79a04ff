/// The keyring as it stands in its file.
extension RelayKeyring {
    /// Goes up when older programs could not read the file any more.
    static let version: Int64 = 1

    var json: JSONValue {
        [
            "version": .integer(Self.version), "invitations": .array(invitations.map(\.json)),
            "relays": .array(members.map(\.json)),
        ]
    }

    /// Nil when it is none; half a keyring is none.
    init?(_ json: JSONValue) {
        guard let invitations = json["invitations"]?.array, invitations.count <= Self.invitationsMax,
            let members = json["relays"]?.array, members.count <= Self.membersMax
        else { return nil }
        for entry in invitations {
            guard let invitation = RelayInvitation(entry) else { return nil }
            self.invitations.append(invitation)
        }
        for entry in members {
            guard let member = RelayMember(entry) else { return nil }
            self.members.append(member)
        }
    }
}

extension RelayInvitation {
    fileprivate var json: JSONValue {
        [
            "id": .string(id), "secret": .string(secret.hexadecimal), "name": .text(name),
            "listenerLimit": .count(listenerLimit),
            "expiresAtMilliseconds": .integer(expiresAtMilliseconds),
            "redemption": redemption.map {
                [
                    "relayNonce": .string($0.relayNonce.description), "rootNonce": .string($0.rootNonce.description),
                    "id": .string($0.relay),
                ]
            } ?? .null,
        ]
    }

    fileprivate init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, Epoch(id) != nil,
            let secret = json["secret"]?.string.flatMap({ RelaySecret(hexadecimal: $0, count: Self.secretBytes) }),
            let expires = json["expiresAtMilliseconds"]?.integer
        else { return nil }
        self.init(
            id: id, secret: secret, name: json["name"]?.string,
            listenerLimit: json["listenerLimit"]?.integer.flatMap { Int(exactly: $0) },
            expiresAtMilliseconds: expires, redemption: nil)
        guard let given = json["redemption"], given != .null else { return }
        guard let relayNonce = given["relayNonce"]?.string.flatMap({ RelayProof.Nonce($0) }),
            let rootNonce = given["rootNonce"]?.string.flatMap({ RelayProof.Nonce($0) }),
            let relay = given["id"]?.string, RelayProof.isID(relay)
        else { return nil }
        redemption = Redemption(relayNonce: relayNonce, rootNonce: rootNonce, relay: relay)
    }
}

extension RelayMember {
    /// **Units:** bytes; what HMAC-SHA-256 gives. Tests have shorter ones.
    private static let keyBytes = 8...64

    fileprivate var json: JSONValue {
        [
            "id": .string(id), "key": .text(key?.hexadecimal), "name": .text(name),
            "listenerLimit": .count(listenerLimit),
            "account": .text(account), "joinedAtMilliseconds": .integer(joinedAtMilliseconds),
            "revoked": .bool(isRevoked), "distrust": .text(distrust), "droppedAt": .text(droppedAt),
        ]
    }

    fileprivate init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, RelayProof.isID(id),
            let joined = json["joinedAtMilliseconds"]?.integer, let revoked = json["revoked"]?.bool
        else { return nil }
        var key: RelaySecret?
        if let text = json["key"]?.string {
            guard Self.keyBytes.contains(text.utf8.count / 2),
                let read = RelaySecret(hexadecimal: text, count: text.utf8.count / 2)
            else { return nil }
            key = read
        }
        self.init(
            id: id, key: key, name: json["name"]?.string,
            listenerLimit: json["listenerLimit"]?.integer.flatMap { Int(exactly: $0) }, joinedAtMilliseconds: joined)
        isRevoked = revoked
        account = json["account"]?.string
        distrust = json["distrust"]?.string
        droppedAt = json["droppedAt"]?.string
    }
}
