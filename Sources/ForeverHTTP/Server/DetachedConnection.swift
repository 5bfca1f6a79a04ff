/// A connection the HTTP layer has let go of, for whoever sends on it from now on.
///
/// It is watched by nobody and in no table. Send `unsentBytes` first: what the peer has not taken of the reply's
/// head, or all of it when the receiver wanted to send it, and of answers before. It closes when the last reference to `transport` goes, unless
/// `releaseFileDescriptor` was called.
public struct DetachedConnection {
    public let transport: any Transport
    public let unsentBytes: [UInt8]
    /// The peer's bytes that had already been read beyond the request.
    public let unreadBytes: [UInt8]
    public let peerAddress: SocketAddress?
    /// The connection's place in its address's count; nil when none is counted. Keep it, or its number (`detach`), for as
    /// long as the connection: who lets it go has a connection that does not count.
    public let ticket: AddressTicket?
    /// What counts its bytes on the wire. Tell it when the connection ends, or that you count it yourself.
    public var meter: WireMeter?

    /// The socket, still the transport's.
    public var fd: Int32 { transport.fd }
}
