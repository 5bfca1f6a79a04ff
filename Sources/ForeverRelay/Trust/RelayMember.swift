/// What the root keeps of one relay that it knows by name: its key, and what the operator said of it.
public struct RelayMember: Hashable, Sendable {
    /// 16 hexadecimal digits with a key of its own; what a relay with the shared token calls itself otherwise.
    public let id: String
    /// Nil for one that comes with the shared token.
    public var key: RelaySecret?
    public var name: String?
    /// Listeners that the operator lets it have; nil: as many as it says.
    public var listenerLimit: Int?
    /// With whom it shares an allotment, when the operator knows that it does.
    public var account: String?
    public var joinedAtMilliseconds: Int64
    /// The operator does not want it any more.
    public var isRevoked = false
    /// Why the root has dropped it by itself; nil when it has not.
    public var distrust: String?
    /// Where one without a key was when it was dropped: under another id it is the same.
    public var droppedAt: String?

    public init(
        id: String, key: RelaySecret?, name: String? = nil, listenerLimit: Int? = nil, joinedAtMilliseconds: Int64
    ) {
        self.id = id
        self.key = key
        self.name = name
        self.listenerLimit = listenerLimit
        self.joinedAtMilliseconds = joinedAtMilliseconds
    }

    /// Whether it may pull, report and have listeners.
    public var isWelcome: Bool { !isRevoked && distrust == nil }
}
