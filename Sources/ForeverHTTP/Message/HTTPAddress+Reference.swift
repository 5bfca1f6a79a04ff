extension HTTPAddress {
    /// The address that a reference means where this one is the base, RFC 3986 section 5.2: `http://x/`, `//x/`, `/a?b`,
    /// `a/../b`, `?b`. A fragment is the reader's own business and is dropped. Nil when it is no address of ours.
    public func resolving(_ reference: String) -> HTTPAddress? {
        let text = String(reference.prefix { $0 != "#" })
        if let end = text.firstIndex(where: { ":/?".contains($0) }), text[end] == ":" { return HTTPAddress(text) }
        if text.hasPrefix("//") { return HTTPAddress("\(scheme):\(text)") }
        let base = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts.first ?? ""
        let query = parts.count > 1 ? "?\(parts[1])" : ""
        var whole: String
        if path.isEmpty {
            whole = String(base[0]) + (parts.count > 1 ? query : base.count > 1 ? "?\(base[1])" : "")
        } else if path.first == "/" {
            whole = Self.withoutDots(String(path)) + query
        } else {
            let folder = base[0].lastIndex(of: "/").map { base[0][...$0] } ?? "/"
            whole = Self.withoutDots(String(folder) + path) + query
        }
        if whole.first != "/" { whole = "/" + whole }
        guard whole.utf8.allSatisfy(ByteClass.isTarget) else { return nil }
        return with(target: whole)
    }

    /// Section 5.2.4.
    private static func withoutDots(_ path: String) -> String {
        var kept: [Substring] = []
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            if segment == "." || segment == ".." {
                if segment == "..", kept.count > 1 { kept.removeLast() }
                if isLast { kept.append("") }
            } else {
                kept.append(segment)
            }
        }
        return kept.joined(separator: "/")
    }

    /// Whether a request to both goes to the same server: scheme, host and port.
    package func hasOrigin(of other: HTTPAddress) -> Bool {
        scheme == other.scheme && ByteClass.equal(host, other.host) && port == other.port
    }
}
