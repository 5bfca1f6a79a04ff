import ForeverHTTP
import Glibc

/// A protected transport. The handshake happens in its first reads and writes.
///
/// **Thread:** the loop's. **Cost:** some 24 kB for as long as the connection is open; with TLS 1.3 a few hundred bytes once
/// only sending is left.
public final class TLSTransport: Transport {
    /// Nil after it was given away, and when there was no memory for it.
    private var connection: TLSConnection?
    private var bareDescriptor: Int32

    /// A server's end of an accepted socket, which it takes over; it must be non-blocking.
    public init(fd: Int32, context: TLSServerContext) {
        connection = context.connection(fd: fd)
        bareDescriptor = connection == nil ? fd : -1
    }

    /// A client's end of a socket that is connected to `host`, a name or a number, which the certificate must be for.
    public init(fd: Int32, context: TLSClientContext, host: String) {
        connection = context.connection(fd: fd, host: host)
        bareDescriptor = connection == nil ? fd : -1
    }

    deinit { close() }

    public var fd: Int32 { connection?.fd ?? bareDescriptor }
    public var isProtected: Bool { true }
    public var trouble: String? { connection?.trouble?.description }
    /// The same as a value.
    public var error: TLSError? { connection?.trouble }

    public func read(into buffer: UnsafeMutableRawBufferPointer) -> TransportResult {
        connection?.read(into: buffer) ?? .failed(ENOMEM)
    }

    public func write(_ bytes: UnsafeRawBufferPointer) -> TransportResult {
        connection?.write(bytes) ?? .failed(ENOMEM)
    }

    public func finishWriting() {
        connection?.sayGoodbye()
        connection?.shutDownWriting()
    }

    public func close() {
        connection?.close()
        guard bareDescriptor >= 0 else { return }
        _ = Glibc.close(bareDescriptor)
        bareDescriptor = -1
    }

    public func releaseFileDescriptor() -> Int32? { nil }

    public func releaseChannel() -> (any RecordChannel)? {
        guard let released = connection, released.isReady else { return nil }
        connection = nil
        return released.sealedChannel() ?? TLSChannel(released)
    }
}
