import CLinux

/// What one TCP connection has put on the wire so far, in both directions, as a provider counts it: every segment whole, with
/// its headers, acknowledgements and repetitions included.
public struct WireTraffic: Hashable, Sendable {
    /// The frame around every packet: addresses and type of Ethernet. What follows and precedes it on the cable (checksum,
    /// preamble) no interface counts.
    public static let linkHeaderBytes: Int64 = 14
    private static let tcpHeaderBytes: Int64 = 20
    private static let timestampBytes: Int64 = 12
    /// The kernel's name of a connection that is over.
    private static let closedState: UInt8 = 7

    public var sentBytes: Int64
    public var receivedBytes: Int64

    public init(sentBytes: Int64 = 0, receivedBytes: Int64 = 0) {
        self.sentBytes = sentBytes
        self.receivedBytes = receivedBytes
    }

    /// As of now; nil for what is no TCP connection.
    ///
    /// - isEnding: it is about to be closed: what the kernel still holds for it, and its goodbye, are counted as well.
    /// **Cost:** two system calls, no allocation.
    public init?(fd: Int32, isEnding: Bool = false, linkHeaderBytes: Int64 = Self.linkHeaderBytes) {
        var traffic = CLinux.clinux_traffic()
        guard clinux_traffic(fd, &traffic) == 0 else { return nil }
        let header =
            linkHeaderBytes + (traffic.is_ipv4 != 0 ? 20 : 40) + Self.tcpHeaderBytes
            + (traffic.has_timestamps != 0 ? Self.timestampBytes : 0)
        sentBytes = Int64(clamping: traffic.bytes_sent) + Int64(traffic.segments_sent) * header
        receivedBytes = Int64(clamping: traffic.bytes_received) + Int64(traffic.segments_received) * header
        guard isEnding, traffic.state != Self.closedState else { return }
        let unsent = Int64(traffic.unsent_bytes)
        let segment = max(1, Int64(traffic.segment_bytes))
        // An end each way, and an acknowledgement of each.
        let segments = (unsent + segment - 1) / segment
        sentBytes += unsent + (segments + 2) * header
        receivedBytes += (segments / 2 + 2) * header
    }

    public static func + (a: WireTraffic, b: WireTraffic) -> WireTraffic {
        WireTraffic(sentBytes: a.sentBytes &+ b.sentBytes, receivedBytes: a.receivedBytes &+ b.receivedBytes)
    }

    public static func - (a: WireTraffic, b: WireTraffic) -> WireTraffic {
        WireTraffic(sentBytes: a.sentBytes &- b.sentBytes, receivedBytes: a.receivedBytes &- b.receivedBytes)
    }
}
