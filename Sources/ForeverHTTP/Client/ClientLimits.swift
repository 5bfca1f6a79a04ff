/// Every maximum of the HTTP client.
public struct ClientLimits: Sendable {
    /// A reply's whole head.
    public var headBytesMax = 16_384
    public var headerCountMax = 100
    /// To one address, before the next of the same host is tried.
    public var connectSecondsMax = 4.0
    /// From the start of a streaming request to the end of its reply's head.
    public var streamHeadSecondsMax = 10.0
    /// Requests under way at once.
    public var requestsMax = 256

    public init() {}
}
