import ForeverHTTP
import ForeverTLS
import Glibc

/// A server's and a client's protected end of one connection, without a loop: whoever tests says when who reads and writes.
final class ProtectedPair {
    let server: TLSTransport
    let client: any Transport

    /// Two ends of a socket pair whose kernel buffers hold about so much.
    static func sockets(bufferBytes: Int32? = nil) -> (Int32, Int32) {
        var pair: [Int32] = [0, 0]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        precondition(socketpair(AF_UNIX, type, 0, &pair) == 0)
        if var bytes = bufferBytes {
            for fd in pair { setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, socklen_t(MemoryLayout<Int32>.size)) }
        }
        return (pair[0], pair[1])
    }

    init(
        _ context: TLSServerContext, believing authorities: TLSClientContext, host: String = "127.0.0.1",
        bufferBytes: Int32? = nil
    ) {
        let (near, far) = Self.sockets(bufferBytes: bufferBytes)
        server = TLSTransport(fd: near, context: context)
        client = TLSTransport(fd: far, context: authorities, host: host)
    }

    /// A server's end whose other end is a bare socket.
    init(_ context: TLSServerContext) {
        let (near, far) = Self.sockets()
        server = TLSTransport(fd: near, context: context)
        client = PlainTransport(fd: far)
    }

    /// Lets both say hello; what the client's writing and the server's reading came to last.
    @discardableResult
    func greet() -> (client: TransportResult, server: TransportResult) {
        var clientResult = TransportResult.waitReadable
        var serverResult = TransportResult.waitReadable
        for _ in 0..<20 {
            if case .moved = clientResult {} else { clientResult = Self.write(client, [104]) }
            serverResult = Self.read(server).result
            if serverResult != .waitReadable { break }
        }
        // A refusal of the server's is still on its way to the client.
        if case .failed = serverResult, clientResult == .waitReadable { clientResult = Self.write(client, [104]) }
        return (clientResult, serverResult)
    }

    static func write(_ transport: any Transport, _ bytes: [UInt8]) -> TransportResult {
        bytes.withUnsafeBytes { transport.write($0) }
    }

    static func read(_ transport: any Transport, most: Int = 65_536) -> (result: TransportResult, bytes: [UInt8]) {
        var buffer = [UInt8](repeating: 0, count: most)
        let result = buffer.withUnsafeMutableBytes { transport.read(into: $0) }
        if case .moved(let count) = result { return (result, Array(buffer[..<count])) }
        return (result, [])
    }
}
