import ForeverHTTP

/// The question whether an address leads to the relay that says so, and its answer. Pure.
///
/// The answer is a digest by the relay's key over the question's nonce and the address as both sides know it. It proves that
/// whoever answers there has the key or asks somebody who has, now: nobody can have listeners sent to a stranger's server.
/// It does not prove that the sound comes from the same place; comparing the sound does.
package enum RelayChallenge {
    package static let path = "/relay-proof"

    /// The target of the question.
    package static func target(_ nonce: RelayProof.Nonce) -> String { "\(path)?nonce=\(nonce)" }

    /// `host` is a name or a number, without brackets.
    package static func message(id: String, _ nonce: RelayProof.Nonce, host: String, port: UInt16) -> [UInt8] {
        Array("forever-relay address 1\n\(id)\n\(nonce)\n\(host.lowercased())\n\(port)\n".utf8)
    }

    /// A relay's answer.
    package static func answer(
        id: String, _ nonce: RelayProof.Nonce, at address: HTTPAddress, sign: MessageSigner
    ) -> JSONValue {
        [
            "id": .string(id),
            "proof": .string(
                RelayProof.hexadecimal(sign(message(id: id, nonce, host: address.host, port: address.port)))),
        ]
    }

    /// Why a reply is no answer of this relay; nil when it is one.
    package static func objection(
        to reply: ClientReply, id: String, _ nonce: RelayProof.Nonce, at address: HTTPAddress, sign: MessageSigner
    ) -> String? {
        guard reply.status == .ok else { return "it answers \(reply.status) when asked who it is" }
        guard let json = try? JSONParser.parse(reply.body), let said = json["id"]?.string,
            let proof = json["proof"]?.string
        else { return "what answers there is no relay" }
        guard said == id else { return "another relay answers there" }
        let expected = RelayProof.hexadecimal(sign(message(id: id, nonce, host: address.host, port: address.port)))
        return RelayProof.isEqual(expected.utf8, proof.utf8) ? nil : "what answers there does not have this relay's key"
    }
}
