import ForeverHTTP
import Glibc

/// A loop, a router and a server on a free loopback port, turned by hand on the test's own thread.
final class Stand {
    let clock: any LoopClock
    let loop: EventLoop
    let router = Router()
    let server: HTTPServer
    private(set) var port: UInt16 = 0

    init(clock: any LoopClock = ManualClock(), limits: HTTPLimits = HTTPLimits(), proxies: String? = nil) throws {
        self.clock = clock
        loop = try EventLoop(clock: clock)
        server = HTTPServer(
            loop: loop, router: router, limits: limits, proxies: try proxies.map { try TrustedProxies($0) } ?? .none)
        port = try server.listen(host: "127.0.0.1", port: 0)
    }

    deinit { server.stop() }

    /// Turns the loop until the condition holds; false when it does not after so many turns.
    @discardableResult
    func turn(atMost turns: Int = 2_000, until condition: () -> Bool) -> Bool {
        for _ in 0..<turns {
            if condition() { return true }
            loop.turn(sleepMillisecondsMax: 2)
        }
        return condition()
    }

    /// A few turns, for things that must not happen.
    func turnIdly(_ turns: Int = 20) { for _ in 0..<turns { loop.turn(sleepMillisecondsMax: 1) } }

    func advance(_ duration: Duration) {
        (clock as! ManualClock).advance(by: duration)
        turnIdly(3)
    }

    func client() throws -> RawClient { try RawClient(stand: self, port: port) }

    /// Sends on a fresh connection and returns everything until the server closes.
    func exchange(_ text: String) throws -> String {
        let client = try client()
        client.send(text)
        return client.readToEnd()
    }
}

/// A bare socket, so that a test decides about every byte.
final class RawClient {
    private let stand: Stand
    let fd: Int32
    private(set) var received: [UInt8] = []
    private(set) var isEnded = false
    private(set) var wasReset = false

    init(stand: Stand, port: UInt16) throws {
        self.stand = stand
        fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafeBytes(of: &address) {
            connect(fd, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
        }
        guard result == 0 else { throw SystemError("connect") }
        _ = fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK)
    }

    deinit { close(fd) }

    var text: String { String(decoding: received, as: UTF8.self) }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// Sends all, turning the loop while the socket is full.
    func send(_ bytes: [UInt8]) {
        var sent = 0
        stand.turn(atMost: 20_000) {
            let count = bytes.withUnsafeBytes {
                Glibc.send(fd, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count > 0 { sent += count } else if errno != EAGAIN { return true }
            return sent == bytes.count
        }
    }

    func finishSending() { shutdown(fd, Int32(SHUT_WR)) }

    /// Takes what is there.
    func poll() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(fd, &buffer, buffer.count, 0)
            if count > 0 {
                received += buffer[..<count]
            } else {
                if count == 0 { isEnded = true }
                if count < 0 && errno == ECONNRESET {
                    isEnded = true
                    wasReset = true
                }
                return
            }
        }
    }

    /// Reads until the text holds, or the server closes.
    @discardableResult
    func read(until condition: (String) -> Bool) -> Bool {
        stand.turn {
            poll()
            return isEnded || condition(text)
        }
        return condition(text)
    }

    func readToEnd() -> String {
        stand.turn(atMost: 20_000) {
            poll()
            return isEnded
        }
        return text
    }

    /// Reads one reply with a length, removes it from what was received and returns it.
    func readReply() -> String {
        read { Self.replyBytes($0) != nil }
        guard let count = Self.replyBytes(text) else { return "incomplete: \(text)" }
        defer { received.removeFirst(count) }
        return String(decoding: received[..<count], as: UTF8.self)
    }

    static func replyBytes(_ text: String) -> Int? {
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let head = text[..<end.lowerBound]
        var length = 0
        for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length: ") {
            length = Int(line.dropFirst(16)) ?? 0
        }
        let total = text[..<end.upperBound].utf8.count + length
        return text.utf8.count >= total ? total : nil
    }
}

extension String {
    func range(of text: String) -> Range<String.Index>? {
        let wanted = Array(text.utf8)
        var start = utf8.startIndex
        while start < utf8.endIndex {
            if utf8[start...].starts(with: wanted) { return start..<utf8.index(start, offsetBy: wanted.count) }
            start = utf8.index(after: start)
        }
        return nil
    }

    func holds(_ text: String) -> Bool { range(of: text) != nil }
}
