import ForeverHTTP

/// A connection on its way into a fan-out, and what it is to get there.
public struct NewListener: Sendable {
    /// A non-blocking stream socket, the fan-out's to close from now on.
    public var fd: Int32
    /// What its bytes must go through; nil for a plain connection.
    public var channel: (any RecordChannel)?
    public var kind: ListenerKind
    /// The first byte it gets, between `oldest` and the edge.
    public var position: StreamPosition
    /// Bytes that go before the first byte of sound; a new socket takes them whole, or it is given up.
    public var head: [UInt8]
    /// Audio bytes between title blocks; 0 for none.
    public var metadataInterval: Int
    public var name: ListenerName?
    public var agent: AgentFamily
    /// Given back when the connection ends; all of one fan-out are counted in the same place.
    public var place: AddressPlace?
    /// Whose connection it is, for whoever may have to cut it; nobody's for listeners.
    public var owner: RelayTag = .none

    public init(
        fd: Int32, kind: ListenerKind, from position: StreamPosition, head: [UInt8] = [], metadataInterval: Int = 0,
        name: ListenerName? = nil, agent: AgentFamily = .other, place: AddressPlace? = nil,
        channel: (any RecordChannel)? = nil
    ) {
        self.fd = fd
        self.channel = channel
        self.kind = kind
        self.position = position
        self.head = head
        self.metadataInterval = metadataInterval
        self.name = name
        self.agent = agent
        self.place = place
    }
}
