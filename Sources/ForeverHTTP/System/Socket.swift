import CLinux
import Glibc

/// The socket calls of this module, each retried when a signal interrupts it. All sockets are non-blocking.
package enum Socket {
    /// A listening TCP socket. **Errors:** `socket`, `bind` and `listen` as the system names them.
    static func listening(on address: SocketAddress, bothFamilies: Bool) throws(SystemError) -> Int32 {
        let fd = try stream(family: address.family)
        set(fd, SOL_SOCKET, SO_REUSEADDR, 1)
        noDelay(fd)  // accepted sockets inherit it
        if address.family == AF_INET6 { set(fd, Int32(IPPROTO_IPV6), IPV6_V6ONLY, bothFamilies ? 0 : 1) }
        guard address.withSockaddr({ Glibc.bind(fd, $0, $1) }) == 0 else { throw failure("bind", closing: fd) }
        guard Glibc.listen(fd, SOMAXCONN) == 0 else { throw failure("listen", closing: fd) }
        return fd
    }

    /// A socket on its way to `address`: writable once it is there or has failed, which `pendingError` tells.
    static func connecting(to address: SocketAddress) throws(SystemError) -> Int32 {
        let fd = try stream(family: address.family)
        noDelay(fd)
        let result = retryingInterrupts { Int(address.withSockaddr { Glibc.connect(fd, $0, $1) }) }
        if result < 0 && errno != EINPROGRESS { throw failure("connect", closing: fd) }
        return fd
    }

    static func stream(family: Int32) throws(SystemError) -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let fd = Glibc.socket(family, type, 0)
        guard fd >= 0 else { throw SystemError("socket") }
        return fd
    }

    /// The error a finished `connect` left, 0 for none.
    static func pendingError(_ fd: Int32) -> Int32 {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &length) == 0 ? code : errno
    }

    /// Small answers leave at once instead of waiting for an acknowledgement.
    static func noDelay(_ fd: Int32) { set(fd, Int32(IPPROTO_TCP), TCP_NODELAY, 1) }

    private static func set(_ fd: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        _ = setsockopt(fd, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func failure(_ call: String, closing fd: Int32) -> SystemError {
        let error = SystemError(call)
        close(fd)
        return error
    }

    /// The local address of a bound socket.
    static func localAddress(_ fd: Int32) -> SocketAddress? { name(fd, getsockname) }

    private static func name(
        _ fd: Int32, _ call: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutableBytes(of: &storage) {
            call(fd, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), &length)
        }
        return result == 0 ? SocketAddress(&storage, length: Int(length)) : nil
    }
}
