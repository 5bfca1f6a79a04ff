import ForeverHTTP

/// Checks proofs. **Thread:** the loop's.
public final class RelayProofChecker {
    /// How far the two machines' clocks may be apart. A relay whose clock is wrong learns the time from the 401.
    public static let skewMillisecondsMax: Int64 = 120_000
    /// Nonces remembered of all relays together: those of 200 that report every 3 s, several times over.
    public static let noncesMax = 65_536
    /// Nonces remembered of one relay: it needs 80 for its reports; who floods locks out itself and nobody else.
    public static let noncesPerRelayMax = 512

    private let signer: (String) -> MessageSigner?
    private var used: [String: Set<RelayProof.Nonce>] = [:]
    private var order: [(id: String, nonce: RelayProof.Nonce, wallMilliseconds: Int64)] = []
    private var orderStart = 0

    /// `signer` gives what an id must sign with; nil for an id that may not come.
    public init(signer: @escaping (_ id: String) -> MessageSigner?) { self.signer = signer }

    /// The id of the relay that made the request, with its secret, lately, and for the first time; nil when any of this
    /// does not hold.
    public func relay(of request: Request, wallMilliseconds now: Int64) -> String? {
        relay(
            authorization: request.headers["Authorization"], method: request.method, target: request.target,
            body: request.body, wallMilliseconds: now)
    }

    /// The same, from the request's parts.
    package func relay(
        authorization: String?, method: Method, target: String, body: [UInt8], wallMilliseconds now: Int64
    ) -> String? {
        guard let authorization, let proof = RelayProof(authorization), let sign = signer(proof.id) else { return nil }
        // The difference of two far times may not fit: that is out of time as well.
        let (skew, overflow) = proof.wallMilliseconds.subtractingReportingOverflow(now)
        guard !overflow, skew.magnitude <= UInt64(Self.skewMillisecondsMax) else { return nil }
        let message = RelayProof.message(
            method.rawValue, target, proof.id, proof.wallMilliseconds, proof.nonce, body)
        guard RelayProof.isEqual(RelayProof.hexadecimal(sign(message)).utf8, proof.digits.utf8) else { return nil }
        forget(before: now - 2 * Self.skewMillisecondsMax)
        guard order.count - orderStart < Self.noncesMax,
            used[proof.id]?.count ?? 0 < Self.noncesPerRelayMax,
            used[proof.id, default: []].insert(proof.nonce).inserted
        else { return nil }
        order.append((proof.id, proof.nonce, now))
        return proof.id
    }

    private func forget(before time: Int64) {
        while orderStart < order.count, order[orderStart].wallMilliseconds < time {
            let old = order[orderStart]
            used[old.id]?.remove(old.nonce)
            if used[old.id]?.isEmpty == true { used[old.id] = nil }
            orderStart += 1
        }
        if orderStart > 1_024 {
            order.removeFirst(orderStart)
            orderStart = 0
        }
    }
}
