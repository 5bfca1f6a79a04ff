/// What one step of a record channel came to.
public enum RecordResult: Hashable, Sendable {
    /// Everything has left for the kernel.
    case sent
    /// What was given is taken for good, but the kernel has no room for all of its record: `flush` it before the next.
    case pending
    /// The peer is gone.
    case broken
}

/// A protected connection on which only sending is left: bytes in, records out, for a fan-out.
///
/// A record, once made, cannot be unmade: its bytes are the peer's, whether the kernel has taken them already or takes them
/// later. So whoever sends knows at any time exactly which bytes of the stream the peer gets.
///
/// **Thread:** one at a time; it may be handed from one to another.
public protocol RecordChannel: AnyObject, Sendable {
    var fd: Int32 { get }
    /// Bytes of the last record that the kernel has not all taken; 0 when nothing is pending.
    var pendingBytes: Int { get }
    /// Bytes that the kernel has taken since the connection began, those of the protection included.
    var wireBytes: Int64 { get }
    /// Makes one record of 1 to `RecordLimits.bytesMax` bytes and sends it. Not to be called while one is pending.
    func send(_ bytes: UnsafeRawBufferPointer) -> RecordResult
    /// Sends what is pending.
    func flush() -> RecordResult
    /// Says goodbye if the kernel takes it at once, and closes the socket.
    func close()
}

/// The maximum of record channels.
public enum RecordLimits {
    /// Of one record, as TLS has it (RFC 8446 section 5.1).
    public static let bytesMax = 16_384
}
