extension Response {
    /// Whether the handler itself asked for the connection's end, or the reply's end is the connection's.
    var closesConnection: Bool {
        switch body {
        case .takeover, .events: true
        default: headers.contains("Connection", token: "close")
        }
    }

    /// The reply as status, fields and bytes; no bytes for a body that has no end. A file is sent as the request's conditions
    /// want it: 304 when the asker has it, 412 when it wants another.
    func plain(conditions request: Request?) -> (Status, HeaderFields, [UInt8]?) {
        switch body {
        case .none: return (status, headers, [])
        case .bytes(let bytes): return (status, headers, bytes)
        case .file(let file): return plain(file, request)
        case .events(let hub): return (status, hub.completed(self).headers, nil)
        case .takeover: return (status, headers, nil)
        case .deferred: return (.internalServerError, [:], [])
        }
    }

    private func plain(_ file: EmbeddedFile, _ request: Request?) -> (Status, HeaderFields, [UInt8]?) {
        var headers = headers
        if !headers.contains("Cache-Control") { headers.add("Cache-Control", file.cacheControl) }
        headers.add("ETag", file.entityTag)
        if let modified = file.modifiedSeconds { headers.add("Last-Modified", HTTPDate.text(unixSeconds: modified)) }
        // RFC 9110 section 13.2.1: conditions count only where the answer would be a success without them.
        if let request, status == .ok, request.method == .GET || request.method == .HEAD {
            let precondition = Precondition(
                request.headers, entityTag: file.entityTag, modifiedSeconds: file.modifiedSeconds)
            if precondition == .notModified { return (.notModified, headers, []) }
            if precondition == .fails { return (.preconditionFailed, headers, []) }
        }
        if !headers.contains("Content-Type") { headers.add("Content-Type", file.contentType) }
        return (status, headers, file.bytes)
    }
}
