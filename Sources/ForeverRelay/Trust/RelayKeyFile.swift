import ForeverHTTP

/// A relay's own key, in `relay-key.json` of its `--data`: which root it is for, and how it came to be.
public struct RelayKeyFile: Sendable {
    static let bytesMax = 16_384

    public let path: String

    public init(path: String) { self.path = path }

    /// What the file holds.
    public struct Contents: Hashable, Sendable {
        /// absolute, without a path
        public var root: String
        public var invitation: String
        /// Drawn before the first try, so that an answer that got lost can be asked for again, also after a restart.
        public var nonce: RelayProof.Nonce
        /// nil while the invitation is not redeemed
        public var identity: RelayIdentity?

        public init(root: String, invitation: String, nonce: RelayProof.Nonce, identity: RelayIdentity? = nil) {
            self.root = root
            self.invitation = invitation
            self.nonce = nonce
            self.identity = identity
        }
    }

    /// Nil when there is no file. **Errors:** in words for the user.
    public func load() throws(RelayKeyringFile.Failure) -> Contents? {
        guard WholeFile.Stamp(path) != nil else { return nil }
        guard let bytes = DataFolder.contents(of: path, bytesMax: Self.bytesMax) else {
            throw .system("\(path) cannot be read")
        }
        guard let json = try? JSONParser.parse(bytes), let root = json["root"]?.string,
            let invitation = json["invitation"]?.string,
            let nonce = json["nonce"]?.string.flatMap({ RelayProof.Nonce($0) })
        else {
            throw .damaged("\(path) is damaged; move it away and ask the station's operator for another invitation")
        }
        var contents = Contents(root: root, invitation: invitation, nonce: nonce)
        if let id = json["id"]?.string, let key = json["key"]?.string {
            guard RelayProof.isID(id), let secret = RelaySecret(hexadecimal: key, count: key.utf8.count / 2) else {
                throw .damaged("\(path) is damaged; move it away and ask the station's operator for another invitation")
            }
            contents.identity = RelayIdentity(id: id, key: secret)
        }
        return contents
    }

    /// **Errors:** in words for the user. **Cost:** waits for the disk.
    public func save(_ contents: Contents) throws(RelayKeyringFile.Failure) {
        let json: JSONValue = [
            "root": .string(contents.root), "invitation": .string(contents.invitation),
            "nonce": .string(contents.nonce.description), "id": .text(contents.identity?.id),
            "key": .text(contents.identity?.key.hexadecimal),
        ]
        do throws(SystemError) {
            try WholeFile.replace(path, with: json.bytes + [0x0A])
        } catch {
            throw .system("\(path): \(error)")
        }
    }
}

/// Who a relay is at its root, and what it signs with.
public struct RelayIdentity: Hashable, Sendable {
    public var id: String
    public var key: RelaySecret

    public init(id: String, key: RelaySecret) {
        self.id = id
        self.key = key
    }
}
