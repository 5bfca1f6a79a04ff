/// What a root holds of a relay's word that listeners reach it, and of its sound.
public enum RelayStanding: Hashable, Sendable {
    /// it has not answered yet
    case unproven
    case good
    /// not now, with the reason
    case unreachable(String)

    /// Whether listeners are sent there.
    public var allowsListeners: Bool { self == .good }

    /// As `/relays` shows it.
    var word: String {
        switch self {
        case .unproven: "unproven"
        case .good: "good"
        case .unreachable: "unreachable"
        }
    }

    var reason: String? {
        if case .unreachable(let reason) = self { reason } else { nil }
    }
}
