import ForeverHTTP

/// The proof, in an `Authorization` field, that a request comes from a relay that holds a ticket.
///
/// `Forever-Ticket id=…, expires=…, time=…, nonce=…, proof=…`: the proof is the digest, with the ticket's key, of method,
/// target, id, time, nonce and body, one a line, as with `RelayProof`. Pure.
package struct TicketProof: Hashable {
    package static let scheme = "Forever-Ticket"

    /// the relay that wants to pull
    var child: String
    /// when the ticket ends, by the root's clock
    var expiresMilliseconds: Int64
    var wallMilliseconds: Int64
    var nonce: RelayProof.Nonce
    /// the digest as hexadecimal digits
    var digits: String

    /// The value of the `Authorization` field for a request. `sign` makes a digest with the ticket's key.
    package static func authorization(
        _ ticket: PullTicket, method: Method, target: String, wallMilliseconds: Int64,
        using generator: inout some RandomNumberGenerator, sign: MessageSigner
    ) -> String {
        let nonce = RelayProof.Nonce(using: &generator)
        let digest = sign(
            RelayProof.message(method.rawValue, target, ticket.child, wallMilliseconds, nonce, []))
        return "\(scheme) id=\(ticket.child), expires=\(ticket.expiresMilliseconds), time=\(wallMilliseconds), "
            + "nonce=\(nonce), proof=\(RelayProof.hexadecimal(digest))"
    }

    /// Reads an `Authorization` field; nil when it is none of these.
    package init?(_ field: String) {
        guard field.utf8.count <= RelayProof.fieldBytesMax, field.hasPrefix(Self.scheme + " ") else { return nil }
        var values: [Substring: Substring] = [:]
        for part in field.dropFirst(Self.scheme.count + 1).split(separator: ",") {
            let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            // A name that stands twice could be read two ways.
            guard pair.count == 2, values.updateValue(pair[1], forKey: pair[0]) == nil else { return nil }
        }
        guard let id = values["id"].map({ String($0) }), RelayProof.isID(id),
            let expires = values["expires"].flatMap({ Int64($0) }), let time = values["time"].flatMap({ Int64($0) }),
            let nonce = values["nonce"].flatMap({ RelayProof.Nonce($0) }), let digits = values["proof"],
            digits.utf8.count <= 128
        else { return nil }
        child = id
        expiresMilliseconds = expires
        wallMilliseconds = time
        self.nonce = nonce
        self.digits = String(digits)
    }
}
