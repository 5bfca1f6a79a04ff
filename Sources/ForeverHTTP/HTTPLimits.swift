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
    /// A body that comes slower than this is not waited for until `bodySecondsMax`. The slowest mobile network brings 1 kB/s.
    public var bodyBytesPerSecondMin = 500.0
    /// How long the slowness of a body is put up with: connections start slowly.
    public var bodyGraceSeconds = 5.0
    /// A kept-alive connection with nothing to do.
    public var idleSecondsMax = 30.0
    /// Until a deferred answer must have come; then 503.
    public var answerSecondsMax = 60.0
    /// How often it is looked at whether the peer takes what waits for it.
    public var writeStallSecondsMax = 20.0
    /// What the peer must take of an answer that waits for it, on the average of `writeStallSecondsMax`: with 20 s, 10 240 bytes.
    /// Who takes less holds the answer's memory for ever.
    public var answerBytesPerSecondMin = 512.0
    /// After our last byte, how long the peer may go on sending before we close hard.
    public var lingerSecondsMax = 2.0
    /// Requests on one connection.
    public var requestsPerConnectionMax = 1_000
    /// Answers of pipelined requests that may wait to be sent before the next request is looked at.
    public var outputBytesMax = 262_144
    /// Connections in all that the HTTP layer holds; those handed over to a fan-out no longer count. One more closes the
    /// oldest idle one or the one longest in its head; only when all are at work new ones wait.
    public var connectionsMax = 4_096
    /// How long new connections wait, when all that are held are at work, until it is looked again whether one is idle.
    public var fullRetrySeconds = 0.1
    /// Connections of one address (IPv6: of one /64), those handed over too; nil for any number, since many listeners may
    /// share one address.
    public var connectionsPerAddressMax: Int?
    /// Connections accepted in one turn of the loop, so that a flood of them leaves time for the others.
    public var acceptsPerTurnMax = 64

    public init() {}
}
