import ForeverHTTP
import Testing

struct PreconditionTests {
    private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"
    private static let earlier = "Sun, 06 Nov 1994 08:49:36 GMT"

    /// Fields of a request for a file with the tag `"a,b"`, changed on 6 November 1994 at 08:49:37, and what they come to.
    private static let cases: [(String, Precondition)] = [
        ("", .holds),
        ("If-None-Match: \"a,b\"", .notModified),
        ("If-None-Match: W/\"a,b\"", .notModified),
        ("If-None-Match: \"x\" , W/\"y\",\"a,b\"", .notModified),
        ("If-None-Match: *", .notModified),
        ("If-None-Match: \"x\"", .holds),
        ("If-None-Match: ", .holds),
        ("If-None-Match: a,b", .holds),
        ("If-None-Match: \"x\", *", .holds),
        ("If-None-Match: \"a,b", .holds),
        ("If-None-Match: \"x\" \"a,b\"", .holds),
        // A comma in another's tag does not make two of it.
        ("If-None-Match: \"x,\"a,b\"", .holds),
        ("If-None-Match: \"x\"\nif-none-match: \"a,b\"", .notModified),
        ("If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", .notModified),
        ("If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT", .holds),
        ("If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT", .notModified),
        ("If-Modified-Since: Sun Nov  6 08:49:37 1994", .notModified),
        ("If-Modified-Since: yesterday", .holds),
        // The tag counts, and the date beside it does not.
        ("If-None-Match: \"x\"\nIf-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", .holds),
        ("If-Match: \"a,b\"", .holds),
        ("If-Match: *", .holds),
        ("If-Match: W/\"a,b\"", .fails),
        ("If-Match: \"x\"", .fails),
        ("If-Match: \"x\"\nIf-None-Match: \"a,b\"", .fails),
        ("If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT", .holds),
        ("If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT", .fails),
        ("If-Match: \"a,b\"\nIf-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT", .holds),
    ]

    @Test(arguments: cases) func judges(_ fields: String, _ outcome: Precondition) {
        var headers = HeaderFields()
        for field in fields.split(separator: "\n") {
            headers.add(String(field.prefix { $0 != ":" }), String(field.drop { $0 != ":" }.dropFirst(2)))
        }
        #expect(Precondition(headers, entityTag: "\"a,b\"", modifiedSeconds: 784_111_777) == outcome)
    }

    @Test func withoutADateOnlyTagsCount() {
        for name in ["If-Modified-Since", "If-Unmodified-Since"] {
            #expect(Precondition([name: Self.earlier], entityTag: "\"a\"", modifiedSeconds: nil) == .holds)
        }
    }

    @Test func filesAreAnsweredAccordingly() throws {
        let stand = try Stand()
        let file = EmbeddedFile(Array("body {}".utf8), contentType: "text/css", modifiedSeconds: 784_111_777)
        stand.router.on(.GET, "/a.css") { _ in .file(file) }
        stand.router.on(.POST, "/a.css") { _ in .file(file) }
        func ask(_ method: String, _ field: String) throws -> String {
            try stand.exchange(
                "\(method) /a.css HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\(field)\r\n\r\n")
        }
        let whole = try ask("GET", "A: b")
        #expect(whole.hasPrefix("HTTP/1.1 200 ") && whole.hasSuffix("body {}"))
        #expect(whole.holds("\r\nLast-Modified: \(Self.date)\r\n") && whole.holds("\r\nETag: \(file.entityTag)\r\n"))
        for method in ["GET", "HEAD"] {
            let known = try ask(method, "If-Modified-Since: \(Self.date)")
            #expect(known.hasPrefix("HTTP/1.1 304 ") && known.hasSuffix("\r\n\r\n"))
            #expect(known.holds("\r\nETag: \(file.entityTag)\r\n") && known.holds("\r\nDate: "))
        }
        #expect(try ask("GET", "If-Match: \"other\"").hasPrefix("HTTP/1.1 412 Precondition Failed\r\n"))
        #expect(try ask("POST", "If-None-Match: *").hasPrefix("HTTP/1.1 200 "), "conditions are for GET and HEAD")
        // A part of a file is not served: the whole is a right answer to every Range.
        #expect(try ask("GET", "Range: bytes=0-1").hasSuffix("body {}"))
    }
}
