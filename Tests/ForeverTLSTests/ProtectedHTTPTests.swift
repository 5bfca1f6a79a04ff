import ForeverHTTP
import ForeverTLS
import ForeverTestKit
import Glibc
import Testing

/// The HTTP server and client through protected transports.
@Suite struct ProtectedHTTPTests {
    private let authority: TestAuthority

    init() throws { authority = try TestAuthority() }

    @Test func requestsOfAllSizesAreAnswered() throws {
        let stand = try ProtectedStand(authority)
        let large = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 11) }
        stand.router.on(.GET, "/large") { _ in .bytes(large, contentType: "text/plain") }
        stand.router.on(.POST, "/echo") { .bytes($0.body, contentType: "text/plain") }
        stand.router.on(.GET, "/scheme") { .text("\($0.effectiveScheme) \($0.isProtected)") }
        let scheme = try #require(stand.ask("/scheme")).get()
        #expect(String(decoding: scheme.body, as: UTF8.self).hasPrefix("https true"))
        #expect(try #require(stand.ask("/large", host: "localhost")).get().body == large)
        let body = Array(large[..<1_000_000])
        #expect(try #require(stand.ask("/echo", body: body)).get().body == body)
    }

    @Test func plainAndProtectedPortsServeTheSame() throws {
        let stand = try ProtectedStand(authority)
        let plain = try stand.server.listen(host: "127.0.0.1", port: 0)
        stand.router.on(.GET, "/scheme") { .text($0.effectiveScheme) }
        var answer: Result<ClientReply, ClientError>?
        stand.client.get(HTTPAddress("http://127.0.0.1:\(plain)/scheme")!) { answer = $0 }
        stand.turn { answer != nil }
        #expect(String(decoding: try #require(answer).get().body, as: UTF8.self).hasPrefix("http"))
        #expect(try #require(stand.ask("/scheme")).get().status == .ok)
    }

    @Test func eventsComeAsTheyAreTold() throws {
        let stand = try ProtectedStand(authority)
        let hub = EventStreamHub(loop: stand.loop)
        stand.router.on(.GET, "/events") { _ in .events(hub) }
        var text = ""
        let request = stand.client.stream(
            stand.address("/events"), onHead: { _ in }, onBody: { text += String(decoding: $0, as: UTF8.self) },
            onEnd: { _ in })
        #expect(stand.turn { hub.subscriberCount == 1 && !text.isEmpty })
        let data = String(repeating: "x", count: 100_000)
        hub.broadcast(event: "tick", data: data)
        #expect(stand.turn { text.utf8.count > 100_000 })
        #expect(text.contains("event: tick\ndata: \(data)\n\n"))
        request.cancel()
        #expect(stand.turn { hub.subscriberCount == 0 })
        hub.stop()
    }

    @Test func theClientSaysWhyItDoesNotBelieve() throws {
        let stand = try ProtectedStand(authority)
        stand.router.on(.GET, "/") { _ in .text("hello") }
        func failure(_ answer: Result<ClientReply, ClientError>?) -> ClientError? {
            if case .failure(let error) = answer { error } else { nil }
        }
        try stand.server.listen(host: "127.0.0.2", port: stand.port, stand.context)
        #expect(failure(stand.ask("/", host: "127.0.0.2")) == .protectionFailed(TLSError.anotherName.description))
        stand.client.speakTLS(try TLSClientContext())
        #expect(failure(stand.ask("/")) == .protectionFailed(TLSError.unknownAuthority.description))
        stand.client.speakTLS(try TLSClientContext(authoritiesFile: authority.file))
        #expect(try #require(stand.ask("/")).get().status == .ok, "the errors of before are forgotten")
        // A plain server at an https address.
        let plain = try stand.server.listen(host: "127.0.0.1", port: 0)
        var answer: Result<ClientReply, ClientError>?
        stand.client.get(HTTPAddress("https://127.0.0.1:\(plain)/")!) { answer = $0 }
        stand.turn { answer != nil }
        #expect(failure(answer) == .protectionFailed(TLSError.notTLS.description))
    }

    @Test func redirectsDoNotLeaveTheProtection() throws {
        let stand = try ProtectedStand(authority)
        let plain = try stand.server.listen(host: "127.0.0.1", port: 0)
        stand.router.on(.GET, "/down") { _ in .redirect(to: "http://127.0.0.1:\(plain)/") }
        stand.router.on(.GET, "/up") { _ in .redirect(to: stand.address("/").description) }
        stand.router.on(.GET, "/") { .text($0.effectiveScheme) }
        var answers: [Result<ClientReply, ClientError>] = []
        stand.client.get(stand.address("/down"), redirectsMax: 2) { answers.append($0) }
        stand.client.get(HTTPAddress("http://127.0.0.1:\(plain)/up")!, redirectsMax: 2) { answers.append($0) }
        stand.turn { answers.count == 2 }
        let bodies = answers.compactMap { try? $0.get().body }.map { String(decoding: $0, as: UTF8.self) }
        #expect(bodies.count == 1 && bodies.first?.hasPrefix("https") == true)
    }

    @Test func plainAddressesMayBeRefused() throws {
        let stand = try ProtectedStand(authority)
        stand.client.allowsPlain = { PlainPath.isSafe($1) }
        var answer: Result<ClientReply, ClientError>?
        stand.client.get(HTTPAddress("http://198.51.100.7:8192/")!) { answer = $0 }
        stand.turn { answer != nil }
        guard case .failure(.plainRefused("198.51.100.7")) = answer else {
            Issue.record("it was asked: \(String(describing: answer))")
            return
        }
    }

    /// Each costs a connection and nothing else: the server goes on, also with what it had begun before.
    @Test func rubbishAndHalfHandshakesCostASocket() throws {
        let stand = try ProtectedStand(authority)
        stand.router.on(.GET, "/") { _ in .text("hello") }
        let rubbish: [[UInt8]] = [
            Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8), [UInt8](repeating: 0xFF, count: 5_000),
            [22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3], [128, 46, 1, 3, 1], [22, 3, 1], [],
        ]
        let sockets = rubbish.map { bytes in
            let fd = stand.bareSocket()
            _ = send(fd, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            return fd
        }
        defer { for fd in sockets { close(fd) } }
        #expect(stand.turn { stand.server.connectionCount <= 4 && stand.server.connectionCount > 0 })
        #expect(try #require(stand.ask("/")).get().status == .ok)
        // A handshake that does not come to its end has the time of a head.
        stand.clock.advance(by: .milliseconds(9_000))
        stand.turn(atMost: 20) { false }
        #expect(stand.server.connectionCount > 0)
        stand.clock.advance(by: .milliseconds(1_100))
        #expect(stand.turn { stand.server.connectionCount == 0 })
        #expect(try #require(stand.ask("/")).get().status == .ok)
    }

    @Test func oneTooManyOfAnAddressIsClosedWithoutAHandshake() throws {
        var limits = HTTPLimits()
        limits.connectionsPerAddressMax = 1
        let stand = try ProtectedStand(authority, limits: limits)
        stand.router.on(.GET, "/") { _ in .text("hello") }
        let first = stand.bareSocket()
        let second = stand.bareSocket()
        defer { for fd in [first, second] { close(fd) } }
        #expect(stand.turn { stand.server.refusedCount == 1 })
        var byte: UInt8 = 0
        #expect(recv(second, &byte, 1, 0) <= 0, "nothing was said")
    }

    @Test func nothingIsTurnedForWhileAHandshakeWaits() throws {
        let stand = try ProtectedStand(authority)
        let fd = stand.bareSocket()
        defer { close(fd) }
        let half: [UInt8] = [22, 3, 1, 2, 0, 1, 0]
        _ = send(fd, half, half.count, Int32(MSG_NOSIGNAL))
        #expect(stand.turn { stand.server.connectionCount == 1 })
        stand.turn(atMost: 5) { false }
        let clock = ContinuousClock.now
        for _ in 0..<10 { stand.loop.turn(sleepMillisecondsMax: 5) }
        #expect(ContinuousClock.now - clock > .milliseconds(40), "the loop spins")
    }
}
