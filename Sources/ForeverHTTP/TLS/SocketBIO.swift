import COpenSSL
import Glibc

/// The socket's end of one connection, as OpenSSL's callbacks see it. Lives at an address of its own.
struct SocketEnd {
    var fd: Int32
    /// what the kernel took
    var sentBytes: Int64 = 0
    /// the `errno` of the call that failed last; 0 when the peer had closed
    var code: Int32 = 0
    /// whether a kernel that is short of memory is waited for as one without room
    var isPatient = false
}

/// OpenSSL's way to a socket, in place of its own, whose `write` raises SIGPIPE when the peer is gone.
enum SocketBIO {
    /// Made once and never freed.
    private nonisolated(unsafe) static let method: OpaquePointer? = {
        guard let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "forever socket") else {
            return nil
        }
        BIO_meth_set_write(method) { bio, bytes, count in SocketBIO.write(bio, bytes, count) }
        BIO_meth_set_read(method) { bio, bytes, count in SocketBIO.read(bio, bytes, count) }
        BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
        return method
    }()

    /// A BIO over `end`, which must outlive it; nil when memory is short.
    static func make(_ end: UnsafeMutablePointer<SocketEnd>) -> OpaquePointer? {
        guard let method, let bio = BIO_new(method) else { return nil }
        BIO_set_data(bio, end)
        BIO_set_init(bio, 1)
        return bio
    }

    private static func end(_ bio: OpaquePointer?) -> UnsafeMutablePointer<SocketEnd> {
        BIO_get_data(bio).assumingMemoryBound(to: SocketEnd.self)
    }

    private static func write(_ bio: OpaquePointer?, _ bytes: UnsafePointer<CChar>?, _ count: Int32) -> Int32 {
        let end = end(bio)
        copenssl_clear_retry(bio)
        while true {
            let taken = Glibc.send(end.pointee.fd, bytes, Int(count), Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            if taken >= 0 {
                end.pointee.sentBytes += Int64(taken)
                return Int32(taken)
            }
            let code = errno
            if code == EINTR { continue }
            end.pointee.code = code
            let isFull = code == EAGAIN || code == EWOULDBLOCK
            if isFull || (end.pointee.isPatient && (code == ENOBUFS || code == ENOMEM)) { copenssl_retry_write(bio) }
            return -1
        }
    }

    private static func read(_ bio: OpaquePointer?, _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int32) -> Int32 {
        let end = end(bio)
        copenssl_clear_retry(bio)
        while true {
            let taken = Glibc.recv(end.pointee.fd, bytes, Int(count), Int32(MSG_DONTWAIT))
            if taken > 0 { return Int32(taken) }
            let code = taken == 0 ? 0 : errno
            if code == EINTR { continue }
            end.pointee.code = code
            if code == EAGAIN || code == EWOULDBLOCK { copenssl_retry_read(bio) }
            return taken == 0 ? 0 : -1
        }
    }
}
