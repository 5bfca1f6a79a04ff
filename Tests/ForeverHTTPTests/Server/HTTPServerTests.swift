import ForeverHTTP
import Testing

struct HTTPServerTests {
    private func stand(_ limits: HTTPLimits = HTTPLimits()) throws -> Stand {
        let stand = try Stand(limits: limits)
        stand.router.on(.GET, "/hello") { _ in .text("hello") }
        stand.router.on(.POST, "/echo") { .bytes($0.body, contentType: "application/octet-stream") }
        stand.router.on(.GET, "/covers/:id") { .text($0.parameters["id"] ?? "none") }
        stand.router.on(.GET, "/moved") { _ in .redirect(to: "http://elsewhere.example/hello") }
        return stand
    }

    @Test func answersAndKeepsTheConnection() throws {
        let stand = try stand()
        let client = try stand.client()
        for _ in 0..<3 {
            client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            let reply = client.readReply()
            #expect(reply.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(reply.hasSuffix("\r\n\r\nhello\n"))
            #expect(reply.holds("Date: Tue, 14 Nov 2023 22:13:20 GMT\r\n"))
            #expect(!reply.holds("Connection: close"))
        }
        #expect(stand.server.connectionCount == 1)
        #expect(stand.server.requestCount == 3)
    }

    @Test func answersPipelinedRequestsInOrder() throws {
        let stand = try stand()
        let client = try stand.client()
        let count = 300
        let requests = (0..<count).map { "GET /covers/\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined()
        client.send(requests + "GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        let text = client.readToEnd()
        let bodies = text.split(separator: "\r\n").filter { $0.hasSuffix("HTTP/1.1 200 OK") && !$0.hasPrefix("HTTP") }
        #expect(bodies == (0..<count).map { "\($0)\nHTTP/1.1 200 OK" }.map { $0[...] })
        #expect(text.hasSuffix("hello\n"))
    }

    @Test func headHasTheSameFieldsAndNoBody() throws {
        let stand = try stand()
        let get = try stand.exchange("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        let head = try stand.exchange("HEAD /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(get == head + "hello\n")
    }

    @Test func oldVersionClosesUnlessAsked() throws {
        let stand = try stand()
        let reply = try stand.exchange("GET /hello HTTP/1.0\r\n\r\n")
        #expect(reply.hasPrefix("HTTP/1.0 200 OK\r\n"))
        #expect(reply.holds("Connection: close\r\n"))
        let client = try stand.client()
        client.send("GET /hello HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
        #expect(client.readReply().holds("Connection: keep-alive\r\n"))
        client.send("GET /hello HTTP/1.0\r\n\r\n")
        #expect(client.readToEnd().hasSuffix("hello\n"))
    }

    @Test func everyReplyLetsOtherSitesReadIt() throws {
        let stand = try stand()
        for (request, status) in [
            ("GET /hello", "200"), ("GET /nowhere", "404"), ("DELETE /hello", "405"), ("GET /moved", "302"),
            ("OPTIONS /hello", "204"), ("BREW /hello", "501"), ("GET /%zz", "400"),
        ] {
            let reply = try stand.exchange("\(request) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            #expect(reply.hasPrefix("HTTP/1.1 \(status) "), "\(request)")
            for field in [
                "Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: GET, HEAD, OPTIONS",
                "Access-Control-Allow-Headers: Icy-MetaData, Range", "Access-Control-Expose-Headers: Icy-MetaInt, ",
            ] { #expect(reply.holds("\r\n\(field)"), "\(request) lacks \(field)") }
            #expect(reply.utf8.count < 4_096)
        }
    }

    @Test func namesTheAllowedMethods() throws {
        let stand = try stand()
        let wrong = try stand.exchange(
            "POST /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        #expect(wrong.hasPrefix("HTTP/1.1 405 Method Not Allowed\r\n"))
        #expect(wrong.holds("\r\nAllow: GET, HEAD, OPTIONS\r\n"))
        let options = try stand.exchange("OPTIONS /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(options.holds("\r\nAllow: POST, OPTIONS\r\n"))
        #expect(!options.holds("Content-Length"))
    }

    @Test func redirectsAreNeverRemembered() throws {
        let reply = try stand().exchange("GET /moved HTTP/1.0\r\n\r\n")
        #expect(reply.hasPrefix("HTTP/1.0 302 Found\r\n"))
        #expect(reply.holds("\r\nLocation: http://elsewhere.example/hello\r\n"))
        #expect(reply.holds("\r\nCache-Control: no-store\r\n"))
    }

    @Test func takesBodiesOfBothFramings() throws {
        let stand = try stand()
        let client = try stand.client()
        let body = String(repeating: "0123456789", count: 20_000)
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        #expect(client.readReply().hasSuffix(body))
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nwiki\r\n")
        client.send("5;name=\"v\"\r\npedia\r\n0\r\nTrailer: yes\r\n\r\n")
        #expect(client.readReply().hasSuffix("\r\n\r\nwikipedia"))
    }

    @Test func letsWaitingClientsSendTheirBody() throws {
        let stand = try stand()
        let client = try stand.client()
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        #expect(client.read { $0 == "HTTP/1.1 100 Continue\r\n\r\n" })
        client.send("abc")
        #expect(client.read { $0.hasSuffix("\r\n\r\nabc") })
        let refused = try stand.exchange(
            "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: magic\r\nContent-Length: 3\r\n\r\nabc")
        #expect(refused.hasPrefix("HTTP/1.1 417 "))
    }

    @Test func answersAClientThatHasFinishedSending() throws {
        let stand = try stand()
        let client = try stand.client()
        client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
        client.finishSending()
        #expect(client.readToEnd().hasSuffix("hello\n"))
        #expect(stand.turn { stand.server.connectionCount == 0 })
    }
}
