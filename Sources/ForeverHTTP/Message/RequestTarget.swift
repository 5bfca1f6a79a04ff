/// What a request asks for: the path in decoded segments, and the query.
public struct RequestTarget: Hashable, Sendable {
    /// As it came.
    public let raw: String
    /// The decoded path, always beginning with `/`; `*` for the server as a whole.
    public let path: String
    /// The path between its slashes, each decoded by itself, so that an encoded slash does not split.
    public let segments: [String]
    /// What follows the question mark, undecoded; nil without one.
    public let query: String?
    /// Host and port of an absolute target; nil for the others.
    public let authority: String?

    /// Reads the forms of RFC 9112 section 3.2 that a server of its own pages meets: a path, a whole http address,
    /// and `*` for OPTIONS.
    ///
    /// **Errors:** `malformedTarget` for any other form, a broken `%` sequence, an encoded control byte, text that is
    /// not UTF-8, and for `.` and `..`: whoever sends those wants another path than the one that stands there.
    package init(_ bytes: some Collection<UInt8>, method: Method) throws(ParseError) {
        raw = String(decoding: bytes, as: UTF8.self)
        if raw == "*" {
            guard method == .OPTIONS else { throw .malformedTarget }
            path = "*"
            segments = []
            query = nil
            authority = nil
            return
        }
        let (authority, local) = try Self.originForm(raw)
        self.authority = authority
        // Bytes are split, not characters: a combining mark behind a slash makes no other slash of it.
        let question = local.utf8.firstIndex(of: UInt8(ascii: "?"))
        query = question.map { String(local[local.utf8.index(after: $0)...]) }
        let undecoded = local[..<(question ?? local.endIndex)]
        segments = try Self.segments(undecoded)
        let isDecoded = !undecoded.utf8.contains(UInt8(ascii: "%"))
        path = isDecoded ? String(undecoded) : "/" + segments.joined(separator: "/")
    }

    /// What stands between the slashes of a path, each decoded.
    private static func segments(_ path: Substring) throws(ParseError) -> [String] {
        var segments: [String] = []
        var rest = path.utf8.dropFirst()
        while true {
            let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
            guard let segment = PercentCoding.decode(Substring(rest[..<end])), segment != ".", segment != "..",
                !segment.utf8.contains(where: ByteClass.isControl)
            else { throw .malformedTarget }
            segments.append(segment)
            if end == rest.endIndex { return segments }
            rest = rest[rest.index(after: end)...]
        }
    }

    private static func originForm(_ raw: String) throws(ParseError) -> (authority: String?, local: Substring) {
        if raw.utf8.first == UInt8(ascii: "/") { return (nil, raw[...]) }
        guard let colon = raw.range(ofBytes: "://"), ["http", "https"].contains(raw[..<colon.lowerBound].lowercased())
        else { throw .malformedTarget }
        let rest = raw[colon.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        // RFC 9110: an address without a host is none (section 4.2.1), and a user name in front of it is there to deceive
        // (section 4.2.4).
        guard let host = HostField(rest[..<end].utf8)?.host, !host.isEmpty else { throw .malformedTarget }
        let local = rest[end...]
        return (String(rest[..<end]), local.first == "/" ? local : "/" + local)
    }

    /// The first value of a query name, decoded; empty for a name without value, nil when it is not there.
    public func query(_ name: String) -> String? {
        guard let query else { return nil }
        for item in query.split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if Self.queryText(parts[0]) == name { return parts.count > 1 ? Self.queryText(parts[1]) : "" }
        }
        return nil
    }

    /// Forms write a space as `+`; what does not decode stays as it is.
    private static func queryText(_ text: Substring) -> String {
        let spaced = String(decoding: text.utf8.map { $0 == UInt8(ascii: "+") ? 32 : $0 }, as: UTF8.self)
        return PercentCoding.decode(spaced[...]) ?? spaced
    }
}

extension String {
    /// Where an ASCII text stands first.
    func range(ofBytes text: StaticString) -> Range<String.Index>? {
        let wanted = text.withUTF8Buffer { Array($0) }
        var start = utf8.startIndex
        while start < utf8.endIndex {
            if utf8[start...].starts(with: wanted) {
                return start..<utf8.index(start, offsetBy: wanted.count)
            }
            start = utf8.index(after: start)
        }
        return nil
    }
}
