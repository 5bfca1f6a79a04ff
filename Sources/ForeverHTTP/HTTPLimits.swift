/// Every maximum of the HTTP server. Each names its unit; each has one place where it is enforced.
public struct HTTPLimits: Sendable {
    /// A request's whole head. Browsers send 1-2 kB; cookies of other programs on the same host may add some.
    public var headBytesMax = 16_384
    /// Header fields in one head. Browsers send about 20.
    public var headerCountMax = 100
    /// The request target. Ours are below 200 bytes.
    public var targetBytesMax = 4_096
    /// A request's body, decoded. The largest we take is a relay's report, a few kB.
    public var bodyBytesMax = 1_048_576
    /// From a connection's first byte of a head (or from its accept) to the head's last.
    public var headSecondsMax = 10.0
    /// From the end of the head to the end of the body.
    public var bodySecondsMax = 30.0
    /// A kept-alive connection with nothing to do.
    public var idleSecondsMax = 30.0
    /// Until a deferred answer must have come; then 503.
    public var answerSecondsMax = 60.0
    /// Without the peer taking a single byte of what waits for it.
    public var writeStallSecondsMax = 20.0
    /// After our last byte, how long the peer may go on sending before we close hard.
    public var lingerSecondsMax = 2.0
    /// Requests on one connection.
    public var requestsPerConnectionMax = 1_000
    /// Answers of pipelined requests that may wait to be sent before the next request is looked at.
    public var outputBytesMax = 262_144
    /// Connections in all that the HTTP layer holds; those handed over to a fan-out no longer count.
    public var connectionsMax = 4_096
    /// Connections accepted in one turn of the loop, so that a flood of them leaves time for the others.
    public var acceptsPerTurnMax = 64

    public init() {}
}
