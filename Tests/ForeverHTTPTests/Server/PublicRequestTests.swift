import ForeverHTTP
import Testing

/// What a server on the open network is asked, asked over a real socket.
struct PublicRequestTests {
    private func stand() throws -> Stand {
        var limits = HTTPLimits()
        limits.bodyBytesMax = 10
        let stand = try Stand(limits: limits)
        stand.router.on(.GET, "/") { .text("host \($0.host ?? "-") path \($0.path)") }
        stand.router.on(.GET, "/a b/:name") { .text("\($0.parameters["name"] ?? "-") of \($0.path)") }
        stand.router.on(.POST, "/") { .text("got \($0.body.count)") }
        return stand
    }

    /// Requests and how their answers begin and end.
    private static let requests: [(String, String, String)] = [
        // Absolute targets: the target's host counts, whatever Host says.
        ("GET http://radio.example:8192/ HTTP/1.1\r\nHost: other\r\n", "200", "host radio.example:8192 path /"),
        ("GET HTTP://radio.example HTTP/1.1\r\nHost: other\r\n", "200", "host radio.example path /"),
        ("GET http://radio.example?x HTTP/1.1\r\nHost: other\r\n", "200", "host radio.example path /"),
        ("GET https://[::1]:8192/ HTTP/1.1\r\nHost: other\r\n", "200", "host [::1]:8192 path /"),
        ("GET http://user@radio.example/ HTTP/1.1\r\nHost: other\r\n", "400", "malformedTarget"),
        ("GET http:/// HTTP/1.1\r\nHost: other\r\n", "400", "malformedTarget"),
        ("GET ftp://radio.example/ HTTP/1.1\r\nHost: other\r\n", "400", "malformedTarget"),
        ("GET radio.example:80 HTTP/1.1\r\nHost: other\r\n", "400", "malformedTarget"),
        // Hosts.
        ("GET / HTTP/1.1\r\nHost: [2001:db8::1]:8192\r\n", "200", "host [2001:db8::1]:8192 path /"),
        ("GET / HTTP/1.1\r\nHost:\r\n", "200", "host  path /"), ("GET / HTTP/1.1\r\n", "400", "missingHost"),
        ("GET / HTTP/1.1\r\nHost: a/b\r\n", "400", "malformedHost"), ("GET / HTTP/1.0\r\n", "200", "host - path /"),
        // Encoded targets.
        ("GET /a%20b/%C3%BC HTTP/1.1\r\nHost: x\r\n", "200", "ü of /a b/ü"),
        ("GET /a%20b/x%2Fy HTTP/1.1\r\nHost: x\r\n", "200", "x/y of /a b/x/y"),
        ("GET /a%20b/%00 HTTP/1.1\r\nHost: x\r\n", "400", "malformedTarget"),
        ("GET /a%20b/%2e%2e HTTP/1.1\r\nHost: x\r\n", "400", "malformedTarget"),
        ("GET /a%20b/../ HTTP/1.1\r\nHost: x\r\n", "400", "malformedTarget"),
        ("GET /a%20b/%C0%AE HTTP/1.1\r\nHost: x\r\n", "400", "malformedTarget"),
        ("GET /a%20b/%ED%A0%80 HTTP/1.1\r\nHost: x\r\n", "400", "malformedTarget"),
        ("GET /a%20b/%2 HTTP/1.1\r\nHost: x\r\n", "400", "malformedTarget"),
        ("GET /a%20b/%0d%0aX:%20y HTTP/1.1\r\nHost: x\r\n", "400", "malformedTarget"),
        ("GET //radio.example/ HTTP/1.1\r\nHost: x\r\n", "404", "404 Not Found"),
        // Methods.
        ("OPTIONS * HTTP/1.1\r\nHost: x\r\n", "204", "\r\n"),
        ("GET * HTTP/1.1\r\nHost: x\r\n", "400", "malformedTarget"),
        ("HEAD / HTTP/1.1\r\nHost: x\r\n", "200", "\r\n"), ("HEAD /nowhere HTTP/1.1\r\nHost: x\r\n", "404", "\r\n"),
        ("PUT / HTTP/1.1\r\nHost: x\r\n", "405", "405 Method Not Allowed"),
        ("TRACE / HTTP/1.1\r\nHost: x\r\n", "501", "unknownMethod"),
        ("get / HTTP/1.1\r\nHost: x\r\n", "501", "unknownMethod"),
        ("CONNECT radio.example:443 HTTP/1.1\r\nHost: x\r\n", "501", "unknownMethod"),
        // Versions; the last is what an HTTP/2 client begins with.
        ("GET / HTTP/1.2\r\nHost: x\r\n", "505", "unsupportedVersion"),
        ("GET / HTTP/3.0\r\nHost: x\r\n", "505", "unsupportedVersion"),
        ("PRI * HTTP/2.0\r\n", "505", "unsupportedVersion"), ("GET /\r\n", "400", "malformedRequestLine"),
        // Bodies.
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n", "413", "bodyTooLarge"),
        ("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 11\r\n", "413", "bodyTooLarge"),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n", "501", "unknownTransferCoding"),
        ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n", "400", "transferEncodingInOldVersion"),
        ("POST / HTTP/1.1\r\nHost: x\r\n", "200", "got 0"),
        ("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 0\r\n", "200", "got 0"),
    ]

    @Test(arguments: requests) func isAnswered(_ head: String, _ status: String, _ end: String) throws {
        let reply = try stand().exchange(head + "Connection: close\r\n\r\n")
        #expect(reply.split(separator: " ").dropFirst().first.map(String.init) == status, "\(head)\(reply)")
        #expect(reply.hasSuffix(end) || reply.hasSuffix(end + "\n"), "\(head)\(reply)")
        #expect(reply.holds("\r\nDate: Tue, 14 Nov 2023 22:13:20 GMT\r\n") && reply.holds("\r\nConnection: close\r\n"))
        #expect(reply.holds("\r\nAccess-Control-Allow-Origin: *\r\n"))
        if status == "405" { #expect(reply.holds("\r\nAllow: GET, HEAD, POST, OPTIONS\r\n")) }
    }

    @Test func headOfAnAnswerThatNeverComesHasNoBody() throws {
        let stand = try stand()
        var waiting: [Responder] = []
        stand.router.on(.GET, "/never") { _ in .deferred { waiting.append($0) } }
        let client = try stand.client()
        client.send("HEAD /never HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(stand.turn { waiting.count == 1 })
        stand.advance(.seconds(60))
        let reply = client.readToEnd()
        #expect(reply.hasPrefix("HTTP/1.1 503 ") && reply.hasSuffix("\r\n\r\n"))
    }

    @Test func oldAndNewVersionsShareAConnection() throws {
        let stand = try stand()
        let client = try stand.client()
        client.send(
            "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n\r\nPOST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
                + "HEAD / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.0\r\n\r\nGET / HTTP/1.1\r\nHost: never\r\n\r\n")
        let lines = client.readToEnd().split(separator: "\r\n").filter { $0.hasSuffix("200 OK") }
        #expect(lines.count == 4)
        #expect(lines[0] == "HTTP/1.0 200 OK" && lines[1] == "host - path /\nHTTP/1.1 200 OK")
        #expect(lines[2] == "got 3\nHTTP/1.1 200 OK" && lines[3] == "HTTP/1.0 200 OK")
        #expect(!client.text.holds("never"))
    }

    /// The first that cannot be read ends the connection: what follows could be another's request.
    @Test func nothingIsAnsweredBehindABrokenRequest() throws {
        let stand = try stand()
        let reply = try stand.exchange(
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"
        )
        #expect(reply.hasPrefix("HTTP/1.1 400 ") && reply.hasSuffix("lengthAndTransferEncoding\n"))
        #expect(stand.server.requestCount == 0)
    }
}
