import ForeverHTTP
import ForeverRelay

/// What the readers of `Authorization`, of both bodies of `/relays/join` and of an invitation's code promise: what they take is
/// what they would write, and whole.
enum ProofPromises {
    static func check(_ input: FuzzInput) throws(BrokenPromise) {
        let text = String(decoding: input.payload, as: UTF8.self)
        let body = Array(input.payload)
        switch input.options & 3 {
        case 0: try checkField(text)
        case 1:
            guard let request = RelayJoin.Request(body: body) else { return }
            try promise(RelayJoin.Request(body: request.body) == request, "a request that is not read again")
        case 2:
            guard let reply = RelayJoin.Reply(body: body) else { return }
            try promise(RelayJoin.Reply(body: reply.body) == reply, "a reply that is not read again")
        default:
            guard let code = RelayInvitation.Code(text) else { return }
            try promise(RelayInvitation.Code(code.text) == code, "a code that is not read again")
            try promise(code.text.utf8.count == 49, "a code of \(code.text.utf8.count) bytes")
        }
    }

    private static func checkField(_ text: String) throws(BrokenPromise) {
        guard let proof = RelayProof(text) else { return }
        try promise(RelayProof.isID(proof.id), "the id \(proof.id)")
        let plain =
            "\(RelayProof.scheme) id=\(proof.id), time=\(proof.wallMilliseconds), nonce=\(proof.nonce), proof=\(proof.digits)"
        try promise(RelayProof(plain) == proof, "\(plain) is read as another")
        // Nobody who does not know the secret gets in, at whatever time.
        let checker = RelayProofChecker { _ in { message in Array(message.reversed().prefix(32)) } }
        let accepted = checker.relay(
            authorization: text, method: .GET, target: "/", body: [], wallMilliseconds: proof.wallMilliseconds)
        try promise(accepted == nil || accepted == proof.id, "accepted as \(accepted ?? "")")
    }
}
