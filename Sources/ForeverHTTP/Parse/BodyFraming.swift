/// How long a message's body is: the whole of RFC 9112 section 6, decided in one place.
public enum BodyFraming: Hashable, Sendable {
    case none
    /// Exactly so many bytes, at least one.
    case length(Int64)
    case chunked
    /// Until the connection closes. Replies only.
    case untilClose

    /// The framing of a request. Whatever two readers could take differently is refused.
    package static func request(version: HTTPVersion, headers: HeaderFields) throws(ParseError) -> BodyFraming {
        try decide(version, headers) ?? .none
    }

    /// The framing of a reply to a request of that method.
    package static func response(
        to method: Method, status: Status, version: HTTPVersion, headers: HeaderFields
    ) throws(ParseError) -> BodyFraming {
        let framing = try decide(version, headers)
        // Section 6.3, rules 1 and 2: these never have a body, whatever their fields say.
        if method == .HEAD || status.code / 100 == 1 || status.code == 204 || status.code == 304 { return .none }
        return framing ?? .untilClose
    }

    private static func decide(_ version: HTTPVersion, _ headers: HeaderFields) throws(ParseError) -> BodyFraming? {
        let codings = headers.all("Transfer-Encoding")
        let lengths = headers.all("Content-Length")
        if !codings.isEmpty {
            // Section 6.1: a 1.0 message with a transfer coding has faulty framing.
            if version == .http10 { throw .transferEncodingInOldVersion }
            // Section 6.3, rule 3: the classic way to smuggle a request past another reader.
            if !lengths.isEmpty { throw .lengthAndTransferEncoding }
            if codings.count > 1 { throw .repeatedTransferEncoding }
            // Section 7: chunked is the one coding everybody has; "gzip, chunked" and spellings of it are not taken.
            guard ByteClass.equal(codings[0], "chunked") else { throw .unknownTransferCoding }
            return .chunked
        }
        // Section 6.3, rule 5 lets equal repeated lengths pass; which of them counts is still another's choice.
        if lengths.count > 1 { throw .repeatedLength }
        guard let text = lengths.first else { return nil }
        let length = try parseLength(text)
        return length == 0 ? BodyFraming.none : .length(length)
    }

    /// 1*DIGIT and nothing else: no sign, no list, no underscore; 18 digits are an exabyte and cannot overflow.
    private static func parseLength(_ text: String) throws(ParseError) -> Int64 {
        guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy(ByteClass.isDigit) else {
            throw .malformedLength
        }
        return text.utf8.reduce(0) { $0 * 10 + Int64($1 - 48) }
    }
}
