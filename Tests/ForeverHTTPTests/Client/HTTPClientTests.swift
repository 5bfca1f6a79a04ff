import ForeverHTTP
import Glibc
import Testing

struct HTTPClientTests {
    private final class Outcome {
        var reply: Result<ClientReply, ClientError>?
        var heads: [ResponseHead] = []
        var bytes: [UInt8] = []
        var ends: [ClientError?] = []
    }

    private func address(_ stand: Stand, _ path: String, host: String = "127.0.0.1") throws -> HTTPAddress {
        try #require(HTTPAddress("http://\(host):\(stand.port)\(path)"))
    }

    /// A listening socket that a test answers by hand.
    private func listen() throws -> (fd: Int32, port: UInt16) {
        let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutableBytes(of: &address) {
            let pointer = $0.baseAddress!.assumingMemoryBound(to: sockaddr.self)
            precondition(bind(fd, pointer, length) == 0 && Glibc.listen(fd, 8) == 0)
            getsockname(fd, pointer, &length)
        }
        return (fd, UInt16(bigEndian: address.sin_port))
    }

    private func stream(_ client: HTTPClient, _ address: HTTPAddress, _ outcome: Outcome) -> ClientRequest {
        client.stream(
            address, onHead: { outcome.heads.append($0) }, onBody: { outcome.bytes += $0 },
            onEnd: { outcome.ends.append($0) })
    }

    @Test(arguments: ["127.0.0.1", "localhost"])
    func getsAndPosts(_ host: String) throws {
        let stand = try Stand()
        stand.router.on(.GET, "/hello") { .text("hello \($0.headers["X-Test"] ?? "") \($0.host ?? "")") }
        stand.router.on(.POST, "/echo") { .bytes($0.body, contentType: $0.headers["Content-Type"]!, status: .created) }
        let client = HTTPClient(loop: stand.loop)
        let outcome = Outcome()
        client.get(try address(stand, "/hello", host: host), headers: ["X-Test": "there"]) { outcome.reply = $0 }
        #expect(stand.turn { outcome.reply != nil })
        let reply = try #require(try outcome.reply?.get())
        #expect(reply.status == .ok)
        #expect(String(decoding: reply.body, as: UTF8.self) == "hello there \(host):\(stand.port)\n")
        let body = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
        outcome.reply = nil
        client.post(try address(stand, "/echo", host: host), body: body, contentType: "x/y") { outcome.reply = $0 }
        #expect(stand.turn { outcome.reply != nil })
        let echo = try #require(try outcome.reply?.get())
        #expect(echo.status == .created && echo.body == body && echo.headers["content-type"] == "x/y")
        #expect(client.runningCount == 0)
    }

    @Test func tellsWhyThereIsNoReply() throws {
        let stand = try Stand()
        stand.router.on(.GET, "/large") { _ in .bytes([UInt8](repeating: 0, count: 2_000), contentType: "x/y") }
        stand.router.on(.GET, "/never") { _ in
            .deferred { responder in stand.loop.schedule(after: .seconds(50)) { responder.answer(.text("")) } }
        }
        let client = HTTPClient(loop: stand.loop)
        func failure(_ address: HTTPAddress, bodyBytesMax: Int = 10_000, meanwhile: () -> Void = {}) -> ClientError? {
            let outcome = Outcome()
            client.get(address, deadline: .seconds(3), bodyBytesMax: bodyBytesMax) { outcome.reply = $0 }
            stand.turnIdly(5)
            meanwhile()
            stand.turn { outcome.reply != nil }
            if case .failure(let error) = outcome.reply { return error }
            return nil
        }
        #expect(failure(try address(stand, "/large"), bodyBytesMax: 1_999) == .replyTooLarge)
        #expect(failure(try address(stand, "/large"), bodyBytesMax: 2_000) == nil)
        #expect(failure(try address(stand, "/never")) { stand.advance(.seconds(3)) } == .deadlinePassed)
        #expect(failure(HTTPAddress("https://127.0.0.1/")!) == .unsupportedScheme("https"))
        let closed = try listen()
        close(closed.fd)
        let refused = failure(HTTPAddress("http://127.0.0.1:\(closed.port)/")!)
        #expect(refused == .cannotConnect(SystemError("connect", code: ECONNREFUSED)))
        guard case .unknownHost = failure(HTTPAddress("http://no.such.host.invalid/")!) else {
            return #expect(Bool(false), "a host that cannot be")
        }
        #expect(client.runningCount == 0)
    }

    @Test func streamsBodiesOfEveryFraming() throws {
        let stand = try Stand()
        stand.router.on(.GET, "/length") { _ in .bytes(Array("with length".utf8), contentType: "x/y") }
        stand.router.on(.GET, "/close") { _ in
            .takeover(headers: ["Forever-Position": "384"]) { connection in
                _ = "until the end".withCString { write(connection.fd, $0, 13) }
            }
        }
        stand.router.on(.GET, "/chunked") { _ in
            .takeover(headers: ["Transfer-Encoding": "chunked"]) { connection in
                let text = "5\r\nin ch\r\n4\r\nunks\r\n0\r\n\r\n"
                _ = text.withCString { write(connection.fd, $0, text.utf8.count) }
            }
        }
        let client = HTTPClient(loop: stand.loop)
        for (path, body) in [("/length", "with length"), ("/close", "until the end"), ("/chunked", "in chunks")] {
            let outcome = Outcome()
            _ = stream(client, try address(stand, path), outcome)
            #expect(stand.turn { outcome.ends.count == 1 })
            #expect(outcome.heads.count == 1 && outcome.ends == [nil])
            #expect(String(decoding: outcome.bytes, as: UTF8.self) == body)
        }
    }

    @Test func aSilentStreamEndsAndALivelyOneDoesNot() throws {
        let stand = try Stand()
        var source: DetachedConnection?
        stand.router.on(.GET, "/all.mp3") { _ in .takeover(headers: [:]) { source = $0 } }
        let client = HTTPClient(loop: stand.loop)
        let outcome = Outcome()
        _ = stream(client, try address(stand, "/all.mp3"), outcome)
        #expect(stand.turn { outcome.heads.count == 1 })
        for count in 1...5 {
            stand.advance(.seconds(4))
            _ = write(source!.fd, "x", 1)
            #expect(stand.turn { outcome.bytes.count == count })
        }
        #expect(outcome.ends.isEmpty)
        stand.advance(.seconds(5))
        #expect(outcome.ends == [.silent])
    }

    @Test func cancellingEndsAtOnceAndPausingHoldsTheSenderBack() throws {
        let stand = try Stand()
        var source: DetachedConnection?
        stand.router.on(.GET, "/all.mp3") { _ in .takeover(headers: [:]) { source = $0 } }
        let client = HTTPClient(loop: stand.loop)
        let outcome = Outcome()
        let request = stream(client, try address(stand, "/all.mp3"), outcome)
        #expect(stand.turn { outcome.heads.count == 1 })
        request.pause()
        _ = write(source!.fd, "sound", 5)
        stand.turnIdly()
        stand.advance(.seconds(20))
        #expect(outcome.bytes.isEmpty && outcome.ends.isEmpty)
        request.resume()
        #expect(stand.turn { outcome.bytes.count == 5 })
        request.cancel()
        #expect(outcome.ends == [.cancelled] && request.isEnded)
        stand.turnIdly()
        #expect(outcome.ends.count == 1 && client.runningCount == 0)
    }

    @Test func aReplyCutShortIsNotAReply() throws {
        let (fd, port) = try listen()
        defer { close(fd) }
        let loop = try EventLoop(clock: ManualClock())
        let client = HTTPClient(loop: loop)
        for (answer, expected) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", ClientError.endedEarly), ("", .endedEarly),
            ("HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nabc", .malformedReply(.malformedLength)),
        ] {
            let outcome = Outcome()
            client.get(HTTPAddress("http://127.0.0.1:\(port)/")!) { outcome.reply = $0 }
            var accepted: Int32 = -1
            for _ in 0..<1_000 where outcome.reply == nil {
                loop.turn(sleepMillisecondsMax: 1)
                guard accepted < 0 else { continue }
                accepted = accept(fd, nil, nil)
                guard accepted >= 0 else { continue }
                _ = fcntl(accepted, F_SETFL, O_NONBLOCK)
                // Read first, so that closing does not reset the connection and take the answer with it.
                var request = [UInt8](repeating: 0, count: 4_096)
                while recv(accepted, &request, request.count, 0) <= 0 { loop.turn(sleepMillisecondsMax: 1) }
                _ = answer.withCString { write(accepted, $0, answer.utf8.count) }
                close(accepted)
            }
            guard case .failure(let error) = outcome.reply else { return #expect(Bool(false)) }
            #expect(error == expected)
        }
    }
}
