/// Reads a complete message head, as `HeadScanner` found it. Pure; the bytes' lines are known to end in CR LF.
package enum HeadParser {
    /// A request's head. **Errors:** the first rule it breaks, in the order of its bytes.
    package static func request(
        _ bytes: UnsafeRawBufferPointer, limits: HTTPLimits
    ) throws(ParseError) -> RequestHead {
        var lines = Lines(bytes)
        let line = lines.next()!
        guard let firstSpace = line.firstIndex(of: ByteClass.space) else { throw .malformedRequestLine }
        let rest = line[(firstSpace + 1)...]
        guard let secondSpace = rest.firstIndex(of: ByteClass.space) else { throw .malformedRequestLine }
        let methodBytes = line[..<firstSpace]
        let target = rest[..<secondSpace]
        // RFC 9112 section 3: exactly one space each; a space in the target has two readings.
        guard !methodBytes.isEmpty, methodBytes.allSatisfy(ByteClass.isToken) else { throw .malformedRequestLine }
        if target.count > limits.targetBytesMax { throw .targetTooLong }
        guard !target.isEmpty, target.allSatisfy(ByteClass.isTarget) else { throw .malformedTarget }
        let version = try version(rest[(secondSpace + 1)...], malformed: .malformedRequestLine)
        guard let method = Method(rawValue: String(decoding: methodBytes, as: UTF8.self)) else { throw .unknownMethod }
        let parsedTarget = try RequestTarget(target, method: method)
        let headers = try fields(&lines, limits.headerCountMax)
        try checkHost(headers, version)
        return RequestHead(method: method, target: parsedTarget, version: version, headers: headers)
    }

    /// A reply's head. **Errors:** as for requests.
    package static func response(
        _ bytes: UnsafeRawBufferPointer, headerCountMax: Int
    ) throws(ParseError) -> ResponseHead {
        var lines = Lines(bytes)
        let line = lines.next()!
        guard line.count >= 12, line[line.startIndex + 8] == ByteClass.space else { throw .malformedStatusLine }
        let version = try version(line[..<(line.startIndex + 8)], malformed: .malformedStatusLine)
        let digits = line[(line.startIndex + 9)..<(line.startIndex + 12)]
        guard digits.allSatisfy(ByteClass.isDigit) else { throw .malformedStatusLine }
        // Some servers leave out the space before an empty reason; that has only one reading.
        guard line.count == 12 || line[line.startIndex + 12] == ByteClass.space else { throw .malformedStatusLine }
        let code = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        guard code >= 100 else { throw .malformedStatusLine }
        let headers = try fields(&lines, headerCountMax)
        return ResponseHead(status: Status(code), version: version, headers: headers)
    }

    private static func version(_ bytes: Slice<UnsafeRawBufferPointer>, malformed: ParseError) throws(ParseError)
        -> HTTPVersion
    {
        guard bytes.count == 8, bytes.prefix(5).elementsEqual("HTTP/".utf8) else { throw malformed }
        let major = bytes[bytes.startIndex + 5]
        let minor = bytes[bytes.startIndex + 7]
        guard ByteClass.isDigit(major), bytes[bytes.startIndex + 6] == UInt8(ascii: "."), ByteClass.isDigit(minor)
        else {
            throw malformed
        }
        switch (major, minor) {
        case (49, 48): return .http10
        case (49, 49): return .http11
        default: throw .unsupportedVersion
        }
    }

    /// what most messages stay below
    private static let usualHeaderCount = 16

    /// RFC 9112 section 5: name, colon, value; a name that is not a token is refused, a space before the colon above
    /// all (section 5.1), because some readers would take it as another field.
    private static func fields(_ lines: inout Lines, _ countMax: Int) throws(ParseError) -> HeaderFields {
        var fields = HeaderFields(reserving: usualHeaderCount)
        while let line = lines.next(), !line.isEmpty {
            if fields.count >= countMax { throw .tooManyHeaders }
            let (name, value) = try field(line)
            if line.contains(ByteClass.tab) { try checkTabs(name) }
            fields.add(name, value)
        }
        return fields
    }

    /// RFC 9110 section 5.5 lets a tab stand around a value. Some readers do not know a framing field with one, and
    /// nobody honest sends it.
    private static func checkTabs(_ name: String) throws(ParseError) {
        if ByteClass.equal(name, "Transfer-Encoding") { throw .unknownTransferCoding }
        if ByteClass.equal(name, "Content-Length") { throw .malformedLength }
    }

    package static func field(_ line: Slice<UnsafeRawBufferPointer>) throws(ParseError) -> (String, String) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw .missingColon }
        let name = line[..<colon]
        if let last = name.last, last == ByteClass.space || last == ByteClass.tab { throw .spaceBeforeColon }
        guard !name.isEmpty, name.allSatisfy(ByteClass.isToken) else { throw .malformedHeaderName }
        let value = ByteClass.trimmed(line[(colon + 1)...])
        return (String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
    }

    /// RFC 9112 section 3.2: exactly one Host in HTTP/1.1, at most one in 1.0, and it must be a host. Where
    /// the target names one too, that one counts (section 3.2.2).
    private static func checkHost(_ headers: HeaderFields, _ version: HTTPVersion) throws(ParseError) {
        let hosts = headers.all("Host")
        if hosts.count > 1 { throw .repeatedHost }
        guard let host = hosts.first else {
            if version == .http11 { throw .missingHost }
            return
        }
        guard HostField(host.utf8) != nil else { throw .malformedHost }
    }

    /// The lines of a scanned head, without their ends.
    private struct Lines {
        private var rest: Slice<UnsafeRawBufferPointer>
        init(_ bytes: UnsafeRawBufferPointer) { rest = bytes[...] }

        mutating func next() -> Slice<UnsafeRawBufferPointer>? {
            guard let end = rest.firstIndex(of: ByteClass.carriageReturn) else { return nil }
            defer { rest = rest[(end + 2)...] }
            return rest[..<end]
        }
    }
}
