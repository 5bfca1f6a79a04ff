import ForeverHTTP
import Testing

struct ForwardedOriginTests {
    private func origin(
        _ headers: HeaderFields, peer: String = "127.0.0.1", trusting list: String? = "127.0.0.1,10.0.0.0/8"
    ) throws -> ForwardedOrigin {
        ForwardedOrigin(
            peer: IPAddress(peer), headers: headers, proxies: try list.map { try TrustedProxies($0) } ?? .none,
            ownScheme: "http", ownHost: "inside:8192")
    }

    /// The fields, and the client they stand for behind 127.0.0.1.
    @Test(arguments: [
        ([], "127.0.0.1"), (["203.0.113.9"], "203.0.113.9"),
        // What the client wrote itself stands on the left.
        (["198.51.100.1, 203.0.113.9"], "203.0.113.9"), (["127.0.0.1, 203.0.113.9"], "203.0.113.9"),
        (["garbage, 203.0.113.9"], "203.0.113.9"), (["203.0.113.9, 10.1.1.1"], "203.0.113.9"),
        (["198.51.100.1, 203.0.113.9 ,\t10.1.1.1,10.2.2.2"], "203.0.113.9"),
        (["198.51.100.1", "203.0.113.9", "10.1.1.1"], "203.0.113.9"),
        // Everybody named is trusted: the first of them asks.
        (["10.1.1.1, 10.2.2.2"], "10.1.1.1"),
        // What is no address ends the walk at the one who wrote it.
        (["garbage"], "127.0.0.1"), (["203.0.113.9, garbage"], "127.0.0.1"),
        (["203.0.113.9, unknown, 10.2.2.2"], "10.2.2.2"),
        ([""], "127.0.0.1"), (["203.0.113.9,"], "127.0.0.1"), ([",,,,"], "127.0.0.1"),
        (["203.0.113.9 10.1.1.1"], "127.0.0.1"),
        (["203.0.113.9:"], "127.0.0.1"), (["203.0.113.9:x"], "127.0.0.1"), (["203.0.113.9:1234567"], "127.0.0.1"),
        (["[2001:db8::1"], "127.0.0.1"), (["[2001:db8::1]x"], "127.0.0.1"), (["2001:db8::1]"], "127.0.0.1"),
        (["["], "127.0.0.1"),
        // Forms that proxies write.
        (["203.0.113.9:4711"], "203.0.113.9"), (["2001:db8::1"], "2001:db8::1"), (["[2001:db8::1]"], "2001:db8::1"),
        (["[2001:db8::1]:4711"], "2001:db8::1"), (["::ffff:203.0.113.9"], "203.0.113.9"),
    ])
    func findsTheClient(_ fields: [String], _ client: String) throws {
        var headers = HeaderFields()
        for field in fields { headers.add("x-forwarded-for", field) }
        #expect(try origin(headers).client?.description == client)
    }

    @Test func believesNobodyWhoIsNotTrusted() throws {
        let headers: HeaderFields = [
            "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "outside.example",
        ]
        for origin in [try origin(headers, trusting: nil), try origin(headers, peer: "192.0.2.1")] {
            #expect(origin.client?.description != "203.0.113.9")
            #expect(origin.scheme == "http" && origin.host == "inside:8192")
        }
        let believed = try origin(headers)
        #expect(believed.scheme == "https" && believed.host == "outside.example")
    }

    @Test(arguments: [
        // One proxy that adds to what the client sent: its own entry is the last.
        ("198.51.100.1, 203.0.113.9", "https, http", "http"), ("198.51.100.1, 203.0.113.9", "http, https", "https"),
        // Two proxies that add: the first of them spoke with the client.
        ("203.0.113.9, 10.1.1.1", "https, http", "https"),
        // Proxies that replace.
        ("203.0.113.9, 10.1.1.1", "https", "https"), ("203.0.113.9", "HTTPS", "https"),
        ("203.0.113.9", "http, https", "https"),
        ("203.0.113.9", "ftp", "http"), ("203.0.113.9", "", "http"), ("203.0.113.9", ",", "http"),
    ])
    func findsTheScheme(_ addresses: String, _ schemes: String, _ scheme: String) throws {
        #expect(try origin(["X-Forwarded-For": addresses, "X-Forwarded-Proto": schemes]).scheme == scheme)
    }

    @Test(arguments: [
        ("radio.example", "radio.example"), ("radio.example:8443", "radio.example:8443"),
        ("[2001:db8::1]:80", "[2001:db8::1]:80"),
        ("a b", "inside:8192"), ("evil/", "inside:8192"), ("a@b", "inside:8192"), ("x:99999", "inside:8192"),
        ("", "inside:8192"),
        ("<script>", "inside:8192"), ("a\u{e9}", "inside:8192"),
    ])
    func findsTheHost(_ field: String, _ host: String) throws {
        #expect(try origin(["X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": field]).host == host)
    }

    /// Whatever stands in the fields, the answer is an address that was written down, or the proxy's.
    @Test func survivesAnything() throws {
        var random = SeededRandom(seed: 7)
        let pieces = [
            "10.0.0.1", "203.0.113.9", ",", " ", "[", "]", ":", "::1", "%", "\t", "1", "é", "/", "\"", "x", "10.2.2.2,",
        ]
        for _ in 0..<5_000 {
            var text = ""
            for _ in 0..<Int.random(in: 0..<12, using: &random) { text += pieces.randomElement(using: &random)! }
            let origin = try origin(["X-Forwarded-For": text, "X-Forwarded-Proto": text, "X-Forwarded-Host": text])
            #expect(origin.client != nil && ["http", "https"].contains(origin.scheme))
            if let host = origin.host { #expect(HTTPAddress("http://\(host)") != nil) }
        }
    }

    @Test func handlersSeeTheClient() throws {
        let stand = try Stand(proxies: "127.0.0.1")
        stand.router.on(.GET, "/") { request in
            .text("\(request.clientAddress?.host ?? "-") \(request.effectiveScheme) \(request.effectiveHost ?? "-")")
        }
        let plain = try stand.exchange("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(plain.hasSuffix("\r\n\r\n127.0.0.1 http a\n"))
        let fields = "X-Forwarded-For: 6.6.6.6, 203.0.113.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: b\r\n"
        let forwarded = try stand.exchange("GET / HTTP/1.1\r\nHost: a\r\n\(fields)Connection: close\r\n\r\n")
        #expect(forwarded.hasSuffix("\r\n\r\n203.0.113.9 https b\n"))
    }
}
