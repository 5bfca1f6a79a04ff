extension Response {
    /// Whether the handler itself asked for the connection's end, or the reply's end is the connection's.
    var closesConnection: Bool {
        switch body {
        case .takeover, .events: true
        default: headers.contains("Connection", token: "close")
        }
    }

    /// The reply as status, fields and bytes; no bytes for a body that has no end. A file that the asker has is 304.
    func plain(ifNoneMatch: String?) -> (Status, HeaderFields, [UInt8]?) {
        switch body {
        case .none: return (status, headers, [])
        case .bytes(let bytes): return (status, headers, bytes)
        case .file(let file):
            var headers = headers
            if !headers.contains("Cache-Control") { headers.add("Cache-Control", file.cacheControl) }
            headers.add("ETag", file.entityTag)
            if let ifNoneMatch, file.matches(ifNoneMatch) { return (.notModified, headers, []) }
            if !headers.contains("Content-Type") { headers.add("Content-Type", file.contentType) }
            return (status, headers, file.bytes)
        case .events(let hub): return (status, hub.completed(self).headers, nil)
        case .takeover: return (status, headers, nil)
        case .deferred: return (.internalServerError, [:], [])
        }
    }
}
