import ForeverHTTP
import ForeverTLS
import ForeverTestKit
import Glibc

/// A server that listens protected, and a client that believes it, on one loop that is turned by hand.
final class ProtectedStand {
    let clock = ManualClock()
    let loop: EventLoop
    let router = Router()
    let server: HTTPServer
    let client: HTTPClient
    let port: UInt16
    let context: TLSServerContext

    init(_ authority: TestAuthority, limits: HTTPLimits = HTTPLimits()) throws {
        loop = try EventLoop(clock: clock)
        server = HTTPServer(loop: loop, router: router, limits: limits)
        let certificate = try authority.certificate()
        context = try TLSServerContext(certificateFile: certificate.file, keyFile: certificate.keyFile)
        port = try server.listen(host: "127.0.0.1", port: 0, context)
        client = HTTPClient(loop: loop)
        client.speakTLS(try TLSClientContext(authoritiesFile: authority.file))
    }

    deinit {
        server.stop()
        loop.turn(sleepMillisecondsMax: 0)
    }

    func address(_ target: String, host: String = "127.0.0.1") -> HTTPAddress {
        HTTPAddress("https://\(host):\(port)\(target)")!
    }

    @discardableResult
    func turn(atMost turns: Int = 4_000, until condition: () -> Bool) -> Bool {
        for _ in 0..<turns {
            if condition() { return true }
            loop.turn(sleepMillisecondsMax: 2)
        }
        return condition()
    }

    /// The answer to one request.
    func ask(
        _ target: String, host: String = "127.0.0.1", body: [UInt8]? = nil, bodyBytesMax: Int = 1 << 24
    ) -> Result<ClientReply, ClientError>? {
        var answer: Result<ClientReply, ClientError>?
        if let body {
            client.post(address(target, host: host), body: body, bodyBytesMax: bodyBytesMax) { answer = $0 }
        } else {
            client.get(address(target, host: host), bodyBytesMax: bodyBytesMax) { answer = $0 }
        }
        turn { answer != nil }
        return answer
    }

    /// A bare socket at the protected port.
    func bareSocket() -> Int32 {
        let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafeBytes(of: &address) {
            connect(fd, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
        }
        precondition(result == 0)
        return fd
    }
}
