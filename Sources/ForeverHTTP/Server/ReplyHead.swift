/// Completes a response's head: pure, from what was asked, what is answered and the date.
package struct ReplyHead {
    package let head: ResponseHead
    /// Whether body bytes follow.
    package let sendsBody: Bool

    /// - Parameter bodyBytes: the body's length; nil when it ends with the connection.
    package init(
        status: Status, headers: HeaderFields, bodyBytes: Int?, method: Method, version: HTTPVersion,
        keepAlive: Bool, date: String, server: String, cors: CORSPolicy
    ) {
        var headers = headers
        // RFC 9110 section 8.6: no length in 1xx and 204; a 304's would be that of the file it does not send.
        let mayHaveBody = status.code / 100 != 1 && status.code != 204 && status.code != 304
        if let bodyBytes, mayHaveBody, !headers.contains("Content-Length") {
            headers.add("Content-Length", String(bodyBytes))
        }
        if !headers.contains("Connection") {
            if !keepAlive {
                headers.add("Connection", "close")
            } else if version == .http10 {
                headers.add("Connection", "keep-alive")
            }
        }
        if !headers.contains("Date") { headers.add("Date", date) }
        if !headers.contains("Server") { headers.add("Server", server) }
        cors.add(to: &headers, preflight: method == .OPTIONS)
        head = ResponseHead(status: status, version: version, headers: headers)
        sendsBody = mayHaveBody && method != .HEAD
    }
}
