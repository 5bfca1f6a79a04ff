/// What one server did in one hour.
public struct TrafficRecord: Hashable, Sendable {
    /// A relay's id, or `root`.
    public var server: String
    /// Since 1970. **Units:** hours.
    public var hour: Int64
    /// Each listener's time, added up: divided by 3600 it is how many listened on average.
    public var listenerSeconds: Int64
    /// Most listeners at once.
    public var listenersPeak: Int64
    public var sentBytes: Int64
    public var receivedBytes: Int64

    public init(
        server: String, hour: Int64, listenerSeconds: Int64, listenersPeak: Int64, sentBytes: Int64,
        receivedBytes: Int64
    ) {
        self.server = server
        self.hour = hour
        self.listenerSeconds = listenerSeconds
        self.listenersPeak = listenersPeak
        self.sentBytes = sentBytes
        self.receivedBytes = receivedBytes
    }
}
