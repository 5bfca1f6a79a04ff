import ForeverHTTP

/// What a fan-out has done so far, and whom it serves now. Copied out whole.
public struct FanoutStatistics: Hashable, Sendable {
    /// connections that have heard enough to be somebody
    public var listeners = 0
    public var listenersPeak = 0
    /// those listeners by family of their players
    public var agents = AgentCounts()
    /// open connections of listeners, counted or not
    public var connections = 0
    /// open connections of relays, which read up to the mixing edge
    public var relays = 0
    /// connections taken since the start
    public var joined: Int64 = 0
    /// bytes of sound and titles that kernels took
    public var bytesSent: Int64 = 0
    /// the same and all that belongs to it, as a provider counts it
    public var wire = WireTraffic()
    public var sends: Int64 = 0
    public var skips: Int64 = 0
    public var skippedBytes: Int64 = 0
    /// gone because they took nothing for too long, or, relays, because the ring went past them
    public var droppedStalled: Int64 = 0
    /// let go by a server that drains or has no more to give
    public var letGo: Int64 = 0
    /// gone by themselves
    public var left: Int64 = 0
    /// when a sound byte was last taken by any listener's kernel; 0 for never
    public var lastSendNanoseconds: Int64 = 0

    public init() {}

    /// Open connections, of listeners and relays.
    public var allConnections: Int { connections + relays }

    /// Adds what another fan-out has done, and whom it serves. The peaks need not have come together; their sum is the
    /// most there can have been.
    mutating func add(_ other: FanoutStatistics) {
        listeners += other.listeners
        listenersPeak += other.listenersPeak
        agents.add(other.agents)
        connections += other.connections
        relays += other.relays
        joined += other.joined
        bytesSent += other.bytesSent
        wire = wire + other.wire
        sends += other.sends
        skips += other.skips
        skippedBytes += other.skippedBytes
        droppedStalled += other.droppedStalled
        letGo += other.letGo
        left += other.left
        lastSendNanoseconds = max(lastSendNanoseconds, other.lastSendNanoseconds)
    }
}
