import Glibc

/// What one read or write on a transport came to.
public enum TransportResult: Equatable, Sendable {
    /// So many bytes went over, at least one.
    case moved(Int)
    /// Nothing now; try again when the socket is readable.
    case waitReadable
    /// Nothing now; try again when the socket is writable.
    case waitWritable
    /// The peer sends no more. Reads only.
    case ended
    /// The connection is broken; the `errno` that says how.
    case failed(Int32)
}

/// The bytes of one connection, plain or protected. **Thread:** the loop's.
///
/// The server and the client reach a socket only through this, so a protected transport can stand in for the plain
/// one. It closes its socket when it goes, unless `releaseFileDescriptor` or `releaseChannel` gave the socket away.
///
/// A read may have to wait for the socket to be writable and a write for it to be readable, while a protected transport makes
/// the acquaintance of its other end. After `waitWritable`, a write is tried again with the same bytes first.
public protocol Transport: AnyObject {
    /// The socket to watch.
    var fd: Int32 { get }
    func read(into buffer: UnsafeMutableRawBufferPointer) -> TransportResult
    func write(_ bytes: UnsafeRawBufferPointer) -> TransportResult
    /// Says that no more bytes will be written; reading goes on.
    func finishWriting()
    func close()
    /// Gives the bare socket away, for callers that send on it themselves; nil when its bytes need this transport.
    func releaseFileDescriptor() -> Int32?
    /// Gives a protected connection away, for callers that only send on it from now on; nil when it is a bare socket.
    func releaseChannel() -> (any RecordChannel)?
    /// Whether nobody between the two ends can read or change the bytes.
    var isProtected: Bool { get }
    /// Why it failed, in words, when the protection is the reason; nil when it is not.
    var trouble: String? { get }
}

extension Transport {
    public func releaseChannel() -> (any RecordChannel)? { nil }
    public var isProtected: Bool { false }
    public var trouble: String? { nil }
}

/// A transport that is just the socket.
public final class PlainTransport: Transport {
    public private(set) var fd: Int32

    /// Takes over `fd`, which must be a non-blocking stream socket.
    public init(fd: Int32) { self.fd = fd }

    deinit { close() }

    public func read(into buffer: UnsafeMutableRawBufferPointer) -> TransportResult {
        let count = retryingInterrupts { recv(fd, buffer.baseAddress, buffer.count, 0) }
        if count > 0 { return .moved(count) }
        if count == 0 { return .ended }
        return errno == EAGAIN || errno == EWOULDBLOCK ? .waitReadable : .failed(errno)
    }

    public func write(_ bytes: UnsafeRawBufferPointer) -> TransportResult {
        let count = retryingInterrupts { send(fd, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) }
        if count >= 0 { return .moved(count) }
        return errno == EAGAIN || errno == EWOULDBLOCK ? .waitWritable : .failed(errno)
    }

    public func finishWriting() { _ = shutdown(fd, Int32(SHUT_WR)) }

    public func close() {
        guard fd >= 0 else { return }
        _ = Glibc.close(fd)
        fd = -1
    }

    public func releaseFileDescriptor() -> Int32? {
        defer { fd = -1 }
        return fd >= 0 ? fd : nil
    }
}
