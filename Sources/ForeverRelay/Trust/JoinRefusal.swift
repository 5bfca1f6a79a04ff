import ForeverHTTP

/// Why an invitation is not redeemed, in words for whoever runs the relay.
public enum JoinRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case unknown, wrongProof, expired, used, full

    public var description: String {
        switch self {
        case .unknown: "this station has made no such invitation"
        case .wrongProof: "the code is not the one that was made: copied wrong?"
        case .expired: "the invitation has expired: ask the operator for another"
        case .used: "the invitation has been used: ask the operator for another"
        case .full: "the station knows \(RelayKeyring.membersMax) relays and takes no more"
        }
    }

    /// What the root answers.
    var status: Status {
        switch self {
        case .unknown: .notFound
        case .wrongProof: .unauthorized
        case .expired: Status(410)
        case .used: .conflict
        case .full: .unprocessableContent
        }
    }
}
