import ForeverHTTP
import Testing

struct MessageTests {
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
        (4_102_444_800, "Fri, 01 Jan 2100 00:00:00 GMT"),
    ])
    func writesDates(_ seconds: Int64, _ text: String) { #expect(HTTPDate.text(unixSeconds: seconds) == text) }

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
