import ForeverHTTP
import ForeverTestKit
import Glibc
import Testing

/// Every system call of a server's and a client's life fails once: nothing crashes, hangs or leaks, and who comes
/// afterwards is served.
@Suite(.enabled(if: ScriptedCalls.isAvailable)) struct FailingCallTests {
    /// More calls than any run makes.
    private static let callsMax = 2_000

    @Test(arguments: 0..<6) func everyCallMayFail(choice: Int) throws {
        for number in 1...Self.callsMax {
            let calls = FailingCalls(failing: number, choice: choice)
            let wrong = calls.run { Life().run(calls) }
            #expect(wrong == nil, "\(calls.failed ?? "nothing failed"): \(wrong ?? "")")
            #expect(calls.open.isEmpty, "\(calls.failed ?? "nothing failed"), descriptors \(calls.open) are left")
            #expect(
                calls.closedTwice.isEmpty, "\(calls.failed ?? "nothing failed"), closed twice: \(calls.closedTwice)")
            guard calls.failed != nil else {
                #expect(number > 60, "only \(number) calls were made")
                return
            }
        }
        Issue.record("the runs do not end")
    }
}

/// A server, five kinds of clients and a client of our own, from start to stop on one thread.
private final class Life {
    private static let turnsMax = 500
    private let clock = ManualClock()

    /// Gives what is wrong; a start that fails with an error is not.
    func run(_ calls: FailingCalls) -> String? {
        guard let loop = try? EventLoop(clock: clock) else { return calls.failed == nil ? "no loop" : nil }
        let router = Router()
        let hub = EventStreamHub(loop: loop)
        install(into: router, hub)
        let server = HTTPServer(loop: loop, router: router)
        guard let port = try? server.listen(host: "127.0.0.1", port: 0) else {
            return calls.failed == nil ? "cannot listen" : nil
        }
        defer {
            server.stop()
            hub.stop()
            loop.turn(sleepMillisecondsMax: 0)
        }
        if port == 0 { return "listens at an unknown port" }
        let clients = ScriptedCalls.aside {
            [
                Probe(
                    port,
                    "GET /small HTTP/1.1\r\nHost: x\r\n\r\nGET /small HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
                Probe(port, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"),
                Probe(port, "GET /take HTTP/1.1\r\nHost: x\r\n\r\n"),
                Probe(port, "GET /later HTTP/1.0\r\n\r\n"),
            ]
        }
        let subscriber = ScriptedCalls.aside { Probe(port, "GET /events HTTP/1.1\r\nHost: x\r\n\r\n") }
        var answers = 0
        let client = HTTPClient(loop: loop)
        client.post(HTTPAddress("http://127.0.0.1:\(port)/echo")!, body: Array("hello".utf8), deadline: .seconds(5)) {
            _ in
            answers += 1
        }
        let all = clients + [subscriber]
        turn(loop, all) { clients.allSatisfy(\.isEnded) && subscriber.text.holds("event: tick") && answers == 1 }
        if answers != 1 { return "the client answered \(answers) times" }
        if clients[0].isEnded, calls.failed == nil, !clients[0].text.holds("small") {
            return "no answer: \(clients[0].text)"
        }
        // The failing call may have been this one's; the next one is served in any case.
        for attempt in 0..<3 {
            let fresh = ScriptedCalls.aside { Probe(port, "GET /small HTTP/1.0\r\n\r\n") }
            turn(loop, all + [fresh]) { fresh.isEnded }
            if fresh.text.holds("200 OK") && fresh.text.holds("small") { return nil }
            if attempt == 2 { return "a fresh client is not served: \(fresh.text)" }
        }
        return nil
    }

    private func install(into router: Router, _ hub: EventStreamHub) {
        router.on(.GET, "/small") { _ in .text("small") }
        router.on(.POST, "/echo") { .bytes($0.body, contentType: "text/plain") }
        router.on(.GET, "/events") { _ in .events(hub) }
        router.on(.GET, "/take") { _ in
            .takeover(headers: [:]) { connection in
                let bytes = connection.unsentBytes + Array("taken".utf8)
                _ = bytes.withUnsafeBytes { connection.transport.write($0) }
                connection.transport.close()
            }
        }
        router.on(.GET, "/later") { _ in
            .deferred { responder in
                hub.broadcast(event: "tick", data: "1"); responder.answer(.text("late"))
            }
        }
    }

    private func turn(_ loop: EventLoop, _ probes: [Probe], until isDone: () -> Bool) {
        for _ in 0..<Self.turnsMax where !isDone() {
            clock.advance(by: .milliseconds(25))
            loop.turn(sleepMillisecondsMax: 0)
            ScriptedCalls.aside { for probe in probes { probe.poll() } }
        }
    }
}

/// A client outside the script.
private final class Probe {
    private let fd: Int32
    private var request: [UInt8]
    private(set) var text = ""
    private(set) var isEnded = false

    init(_ port: UInt16, _ request: String) {
        self.request = Array(request.utf8)
        fd = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        _ = withUnsafeBytes(of: &address) {
            connect(fd, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
        }
    }

    deinit { ScriptedCalls.aside { _ = close(fd) } }

    func poll() {
        if isEnded { return }
        if !request.isEmpty {
            let count = send(fd, request, request.count, Int32(MSG_NOSIGNAL))
            if count > 0 { request.removeFirst(count) }
        }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(fd, &buffer, buffer.count, 0)
            if count > 0 { text += String(decoding: buffer[..<count], as: UTF8.self) }
            if count == 0 || (count < 0 && errno != EAGAIN && errno != ENOTCONN) { isEnded = true }
            if count <= 0 { return }
        }
    }
}
