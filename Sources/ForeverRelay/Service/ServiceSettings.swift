/// What makes one server's stream service that server's.
public struct ServiceSettings: Sendable {
    public enum Role: String, Sendable {
        case root, relay
    }

    /// Relays that a root serves itself, when nobody says otherwise.
    public static let rootFanout = 16
    /// Relays that a relay serves, when nobody says otherwise.
    public static let relayFanout = 4

    public var role: Role
    public var version: String
    public var profile = StationProfile()
    public var fanout = FanoutSettings()
    /// Listeners beyond this many are sent to a relay, if there is one; nil: never.
    public var relayLimit: Int?
    /// Listeners beyond this many get 503.
    public var listenerLimit: Int?
    /// Relays that pull from this server itself; further ones go to other relays.
    public var relayFanout: Int
    /// How players reach this server, absolute without a path; nil: as the request's Host field says.
    public var publicURL: String?
    /// Whether a look at the first bytes (`Range: bytes=0-1`) is answered 206 with these bytes, instead of 200 and all.
    public var answersRangeProbes = false
    /// Whether relay credentials may come by plain http from anywhere; else only over https, loopback and private networks.
    public var isInsecure = false
    /// `live` events come this often.
    public var liveEventSeconds: Int64 = 5
    /// Whether listener counts and the live edge are told to `/events` here; a relay mirrors the root's instead.
    public var tellsEvents: Bool

    public init(role: Role, version: String) {
        self.role = role
        self.version = version
        tellsEvents = role == .root
        relayFanout = role == .root ? Self.rootFanout : Self.relayFanout
    }
}
