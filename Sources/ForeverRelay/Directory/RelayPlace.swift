/// What a relay says in its reports of its place in the tree, beside its depth and its source.
public struct RelayPlace: Hashable, Sendable {
    /// Relays that one may be willing to serve.
    static let roomMax = 1_000

    /// whether sound comes to it
    public var isPulling = false
    /// relays that it would serve
    public var relayRoom = 0
    /// relays that it serves
    public var relayConnections = 0
    /// when the root first met it, as the root told it; nil before that. **Units:** ms since 1970.
    public var joinedAtMilliseconds: Int64?

    public init() {}

    var members: [JSONMember] {
        [
            JSONMember(name: "isPulling", value: .bool(isPulling)),
            JSONMember(name: "relayRoom", value: .count(relayRoom)),
            JSONMember(name: "relayConnections", value: .count(relayConnections)),
            JSONMember(
                name: "joinedAtMilliseconds", value: .count(joinedAtMilliseconds)),
        ]
    }

    /// Reads it out of a report. What is missing or wrong is as if the relay did not know of trees.
    init(_ json: JSONValue) {
        func count(_ name: String, _ max: Int) -> Int {
            json[name]?.integer.flatMap { (0...Int64(max)).contains($0) ? Int($0) : nil } ?? 0
        }
        isPulling = json["isPulling"]?.bool ?? false
        relayRoom = count("relayRoom", Self.roomMax)
        relayConnections = count("relayConnections", 100_000)
        joinedAtMilliseconds = json["joinedAtMilliseconds"]?.integer.flatMap { $0 > 0 ? $0 : nil }
    }
}
