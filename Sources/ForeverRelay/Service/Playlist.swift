import ForeverHTTP

/// Playlists of one stream at several addresses. Pure.
enum Playlist {
    static func m3u(_ urls: [String], name: String) -> Response {
        var lines = ["#EXTM3U"]
        for url in urls { lines += ["#EXTINF:-1,\(oneLine(name))", url] }
        return reply(lines, "audio/x-mpegurl")
    }

    static func pls(_ urls: [String], name: String) -> Response {
        var lines = ["[playlist]"]
        for (index, url) in urls.enumerated() {
            lines += ["File\(index + 1)=\(url)", "Title\(index + 1)=\(oneLine(name))", "Length\(index + 1)=-1"]
        }
        lines += ["NumberOfEntries=\(urls.count)", "Version=2"]
        return reply(lines, "audio/x-scpls")
    }

    private static func oneLine(_ text: String) -> String { String(text.map { $0.isNewline ? " " : $0 }) }

    private static func reply(_ lines: [String], _ type: String) -> Response {
        var response = Response.bytes(Array((lines.joined(separator: "\n") + "\n").utf8), contentType: type)
        StreamHeaders.addNoCache(to: &response.headers)
        return response
    }
}
