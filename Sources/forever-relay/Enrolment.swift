import ForeverHTTP
import ForeverRelay
import ForeverTLS
import Glibc

/// Who this relay is at its root: by its own key, by an invitation that becomes one, or by the token that all share.
struct Enrolment {
    static let digest: KeyedDigest = { MessageDigest.hmacSHA256($0, key: $1) }

    let arguments: RelayArguments
    let say: (String) -> Void

    /// What the node is made with. An invitation is redeemed first, by turns of `loop`, for as long as it takes; nil when
    /// the program was told to end meanwhile.
    ///
    /// **Errors:** in words: the root said no, or the key's file cannot be read or written.
    func identify(_ loop: EventLoop, _ client: HTTPClient) throws -> Answer? {
        let file = RelayKeyFile(path: arguments.node.dataFolder + "/relay-key.json")
        let root = arguments.node.root
        let origin = "\(root.scheme)://\(root.authority)"
        let held = try file.load()
        if let held, let identity = held.identity, held.root == origin {
            guard let code = arguments.invitation, code.id != held.invitation else {
                if arguments.invitation != nil {
                    say("this invitation has been redeemed: --invite is not needed any more")
                }
                return Answer(identity)
            }
        }
        guard let code = arguments.invitation else {
            if let held, held.identity != nil, arguments.token == nil {
                say("the key in \(file.path) is for \(held.root), not for \(origin)")
            }
            return Answer(token: arguments.token)
        }
        var contents = RelayKeyFile.Contents(root: origin, invitation: code.id, nonce: newNonce())
        if let held, held.root == origin, held.invitation == code.id {
            contents.nonce = held.nonce
        } else {
            // The key of before stays where it can be found.
            if held?.identity != nil { _ = rename(file.path, file.path + ".before") }
            try file.save(contents)
        }
        guard let identity = try redeem(code, contents.nonce, root, loop, client) else { return nil }
        contents.identity = identity
        try file.save(contents)
        say("joined \(origin) as relay \(identity.id); the key is in \(file.path)")
        return Answer(identity)
    }

    private func newNonce() -> RelayProof.Nonce {
        var random = SecureRandom()
        return RelayProof.Nonce(using: &random)
    }

    private func redeem(
        _ code: RelayInvitation.Code, _ nonce: RelayProof.Nonce, _ root: HTTPAddress, _ loop: EventLoop,
        _ client: HTTPClient
    ) throws -> RelayIdentity? {
        var outcome: Result<RelayIdentity, RelayJoining.Failure>?
        let joining = RelayJoining(
            client: client, root: root, code: code, nonce: nonce, generator: SecureRandom(), digest: Self.digest
        ) { result in
            outcome = result
            loop.stop()
        }
        joining.onTrouble = { say("cannot join yet: \($0)") }
        joining.start()
        loop.run()
        joining.stop()
        return try outcome?.get()
    }

    /// An id and what it signs with; no id for the shared token, under which each start has another.
    struct Answer {
        var id: String?
        var sign: MessageSigner?

        init(_ identity: RelayIdentity) {
            id = identity.id
            sign = { Enrolment.digest($0, identity.key.bytes) }
        }

        init(token: [UInt8]?) {
            if let token { sign = { Enrolment.digest($0, token) } }
        }
    }
}
