import ForeverHTTP

/// Checks, at a relay, the tickets of those who want to pull from it, without asking the root. **Thread:** the loop's.
package final class TicketChecker {
    /// Nonces remembered: those of a hundred relays that ask once a second.
    package static let noncesMax = 16_384

    private let parentSign: MessageSigner
    private let digest: KeyedDigest
    /// Relays that may not pull any more, though their tickets hold.
    package var revoked: Set<String> = []
    private var used: Set<RelayProof.Nonce> = []
    private var order: [(nonce: RelayProof.Nonce, wallMilliseconds: Int64)] = []

    package init(parentSign: @escaping MessageSigner, digest: @escaping KeyedDigest) {
        self.parentSign = parentSign
        self.digest = digest
    }

    /// The id of the relay that made the request, with a ticket for here that holds still, lately, and for the first time;
    /// nil when any of this does not hold. `now` is the root's clock as it is known here.
    func relay(of request: Request, rootMilliseconds now: Int64) -> String? {
        relay(
            authorization: request.headers["Authorization"], method: request.method, target: request.target,
            rootMilliseconds: now)
    }

    /// The same, from the request's parts.
    package func relay(authorization: String?, method: Method, target: String, rootMilliseconds now: Int64) -> String? {
        guard let authorization, let proof = TicketProof(authorization), !revoked.contains(proof.child),
            proof.expiresMilliseconds >= now,
            // One that holds for longer than tickets do was not made by the root.
            proof.expiresMilliseconds <= Self.ahead(of: now)
        else { return nil }
        let (skew, overflow) = proof.wallMilliseconds.subtractingReportingOverflow(now)
        guard !overflow, skew.magnitude <= UInt64(RelayProofChecker.skewMillisecondsMax) else { return nil }
        let key = PullTicket.key(
            child: proof.child, expiresMilliseconds: proof.expiresMilliseconds, parentSign: parentSign)
        let message = RelayProof.message(
            method.rawValue, target, proof.child, proof.wallMilliseconds, proof.nonce, [])
        let made = RelayProof.hexadecimal(digest(message, key))
        guard RelayProof.isEqual(made.utf8, proof.digits.utf8) else { return nil }
        order.removeAll { old in
            guard old.wallMilliseconds < now - 2 * RelayProofChecker.skewMillisecondsMax else { return false }
            used.remove(old.nonce)
            return true
        }
        guard order.count < Self.noncesMax, used.insert(proof.nonce).inserted else { return nil }
        order.append((proof.nonce, now))
        return proof.child
    }

    /// The latest end of a ticket that the root can have made by now, its clock as far from ours as it may be.
    private static func ahead(of now: Int64) -> Int64 {
        let (latest, overflow) = now.addingReportingOverflow(
            PullTicket.lifeMilliseconds + 2 * RelayProofChecker.skewMillisecondsMax)
        return overflow ? .max : latest
    }
}
