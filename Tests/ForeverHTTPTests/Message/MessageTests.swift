import ForeverHTTP
import Testing

struct MessageTests {
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
        (4_102_444_800, "Fri, 01 Jan 2100 00:00:00 GMT"),
    ])
    func writesDates(_ seconds: Int64, _ text: String) { #expect(HTTPDate.text(unixSeconds: seconds) == text) }

    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
        ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Tue Feb 29 00:00:00 2000", 951_782_400), ("Thu, 29 Feb 2024 23:59:60 GMT", 1_709_251_200),
        ("Friday, 01-Jan-21 00:00:00 GMT", 1_609_459_200),
    ])
    func readsDatesOfAllThreeForms(_ text: String, _ seconds: Int64) {
        // Read in the year 2023.
        #expect(HTTPDate.seconds(text, nowSeconds: 1_700_000_000) == seconds)
    }

    @Test(arguments: [
        "", "now", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT", "Fri, 30 Feb 2024 00:00:00 GMT", "Wed, 29 Feb 2023 00:00:00 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 8:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT",
        "Sun, 06 Nov +199 08:49:37 GMT", "Wed, 31 Dec 1969 23:59:59 GMT", "784111777",
        "Sun, 06 Nov 1994 08:49:37 GMT GMT",
    ])
    func readsNoOtherDates(_ text: String) { #expect(HTTPDate.seconds(text, nowSeconds: 1_700_000_000) == nil) }

    @Test func readsEveryDateItWrites() {
        for day in stride(from: 0, to: 60_000, by: 7) {
            let seconds = Int64(day) * 86_400 + Int64(day % 86_400)
            #expect(HTTPDate.seconds(HTTPDate.text(unixSeconds: seconds), nowSeconds: 0) == seconds)
        }
    }

    /// RFC 3986 section 5.4, and what redirects bring.
    @Test(arguments: [
        ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"),
        ("//g", "http://g/"), ("?y", "http://a/b/c/d?y"), ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d?q"),
        ("g#s", "http://a/b/c/g"), ("", "http://a/b/c/d?q"), (".", "http://a/b/c/"), ("..", "http://a/b/"),
        ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../../g", "http://a/g"), ("/./g", "http://a/g"),
        ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."), ("g;x=1/../y", "http://a/b/c/y"),
        ("g?y/../x", "http://a/b/c/g?y/../x"),
        ("https://b:8443/x", "https://b:8443/x"), ("HTTP://B", "http://B/"), ("/a:b", "http://a/a:b"),
        ("?a:b", "http://a/b/c/d?a:b"),
    ])
    func resolvesReferences(_ reference: String, _ address: String) throws {
        #expect(try #require(HTTPAddress("http://a/b/c/d?q")).resolving(reference)?.description == address)
    }

    @Test(arguments: [
        "ftp://b/", "mailto:x", "http:g", "//", "///x", "a b", "/\u{e9}", "//user@b/", "javascript:alert(1)",
    ])
    func resolvesNoOtherReferences(_ reference: String) throws {
        #expect(try #require(HTTPAddress("http://a/b/c/d?q")).resolving(reference) == nil)
    }

    @Test func readsAddresses() throws {
        let plain = try #require(HTTPAddress("http://radio.example"))
        #expect(plain.port == 80 && plain.target == "/" && plain.authority == "radio.example")
        let full = try #require(HTTPAddress("HTTP://[::1]:8192/all.mp3?a=b"))
        #expect(full.host == "::1" && full.port == 8_192 && full.target == "/all.mp3?a=b")
        #expect(full.description == "http://[::1]:8192/all.mp3?a=b")
        #expect(HTTPAddress("http://x?now")?.target == "/?now")
        #expect(HTTPAddress("https://x/")?.port == 443)
        for wrong in [
            "", "x", "ftp://x/", "http://", "http:///a", "http://x:0/", "http://x:70000/", "http://x:/", "http://a@x/",
            "http://x/a b", "http://x/#f", "http://::1/", "http://[::1/", "http://[x]/", "http://x:8x/",
        ] { #expect(HTTPAddress(wrong) == nil, "\(wrong)") }
    }

    @Test func comparesFieldNamesWithoutCase() {
        var fields: HeaderFields = ["Icy-MetaData": "1", "Connection": "keep-alive , TE", "A": "1"]
        fields.add("a", "2")
        #expect(fields["icy-metadata"] == "1")
        #expect(fields.all("A") == ["1", "2"])
        #expect(fields.contains("connection", token: "te") && fields.contains("Connection", token: "Keep-Alive"))
        #expect(!fields.contains("connection", token: "keep"))
        fields["a"] = "3"
        #expect(fields.all("A") == ["3"])
    }

    /// A title comes from a stranger's file: it may not end the line that it stands in.
    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("a\tb", "a\tb"), ("a\r\nSet-Cookie: x", "a  Set-Cookie: x"),
        ("\0\u{1F}\u{7F}", "   "),
        ("\r\n\r\n", "    "), ("\n\t\n", " \t "), ("caf\u{E9} \u{1F3B5}", "caf\u{E9} \u{1F3B5}"),
    ]) func noValueEndsItsLine(_ value: String, _ written: String) {
        let fields: HeaderFields = ["A": "1", "X": value, "B\n": "2"]
        var bytes = Array("HTTP/1.1 200 OK\r\n".utf8)
        fields.write(into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "HTTP/1.1 200 OK\r\nA: 1\r\nX: \(written)\r\nB : 2\r\n")
    }

    @Test func queriesAreDecoded() throws {
        let stand = try Stand()
        stand.router.on(.GET, "/q") { request in
            .text(
                [request.query("now"), request.query("listener"), request.query("x")].map { $0 ?? "-" }.joined(
                    separator: "|"))
        }
        #expect(try stand.exchange("GET /q?now&listener=a%20b+c&%zz HTTP/1.0\r\n\r\n").hasSuffix("|a b c|-\n"))
    }

    @Test func encodesWhatItDecodes() {
        let text = "a/b c%?ü\u{1F3B5}~"
        #expect(PercentCoding.encode(text) == "a%2Fb%20c%25%3F%C3%BC%F0%9F%8E%B5~")
        #expect(PercentCoding.decode(PercentCoding.encode(text)[...]) == text)
    }
}
