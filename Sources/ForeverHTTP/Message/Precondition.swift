/// What a request's conditions come to for a file, RFC 9110 section 13.2.2. Pure.
package enum Precondition: Hashable {
    /// Answer as without conditions.
    case holds
    /// 304: the asker has it already.
    case notModified
    /// 412: the asker wants another file than the one there is.
    case fails

    /// Judges a GET or HEAD. `modifiedSeconds` is when the file was last changed, since 1970; nil when nobody knows.
    package init(_ headers: HeaderFields, entityTag: String, modifiedSeconds: Int64?) {
        self = Self.judge(headers, entityTag, modifiedSeconds)
    }

    private static func judge(_ headers: HeaderFields, _ entityTag: String, _ modified: Int64?) -> Precondition {
        // Step 1; section 13.1.1 wants the strong comparison.
        if let list = joined("If-Match", headers) {
            if !names(entityTag, in: list, weakly: false) { return .fails }
        } else if let modified, let since = headers["If-Unmodified-Since"].flatMap(HTTPDate.seconds) {
            if modified > since { return .fails }
        }
        // Step 3; with it there, the date does not count (section 13.1.3), not even when no tag matches.
        if let list = joined("If-None-Match", headers) {
            return names(entityTag, in: list, weakly: true) ? .notModified : .holds
        }
        if let modified, let since = headers["If-Modified-Since"].flatMap(HTTPDate.seconds), modified <= since {
            return .notModified
        }
        return .holds
    }

    /// A list field's values as one, nil when it is not there.
    private static func joined(_ name: String, _ headers: HeaderFields) -> String? {
        let values = headers.all(name)
        return values.count < 2 ? values.first : values.joined(separator: ",")
    }

    /// Whether a list of entity tags names this one. `*` names every file; a list that is not one names none.
    private static func names(_ entityTag: String, in list: String, weakly: Bool) -> Bool {
        let own = Array(entityTag.utf8)
        var rest = Array(list.utf8)[...]
        func skip(_ bytes: String) { rest = rest.drop { bytes.utf8.contains($0) } }
        skip(" \t")
        if rest.elementsEqual("*".utf8) { return true }
        while true {
            skip(" \t,")
            guard !rest.isEmpty else { return false }
            let isWeak = rest.starts(with: "W/".utf8)
            if isWeak { rest = rest.dropFirst(2) }
            // A tag may hold commas: it ends at its second quote.
            guard rest.first == UInt8(ascii: "\""),
                let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "\""))
            else { return false }
            if (weakly || !isWeak) && rest[...end].elementsEqual(own) { return true }
            rest = rest[(end + 1)...]
            skip(" \t")
            guard rest.isEmpty || rest.first == UInt8(ascii: ",") else { return false }
        }
    }
}
