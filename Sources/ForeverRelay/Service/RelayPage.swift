import ForeverHTTP

/// A relay's page: what it relays and how it is, without script.
enum RelayPage {
    static func response(
        _ service: StreamService, _ upstream: Upstream, _ budget: TransferBudget, root: HTTPAddress
    ) -> Response {
        service.advance()
        let statistics = service.fanout?.statistics ?? FanoutStatistics()
        let title = service.feed.flatMap { $0.titles.title(at: $0.live)?.text } ?? "nothing yet"
        let lead = service.feed?.leadSeconds ?? 0
        let rows = [
            ("Now playing", title),
            ("Sound", service.isHealthy ? "is leaving" : "is not leaving"),
            ("Listeners", "\(statistics.listeners) (most: \(statistics.listenersPeak))"),
            ("Source", upstream.isConnected ? "connected" : "not connected: \(upstream.lastError ?? "just starting")"),
            ("Ahead of live", "\((lead * 10).rounded() / 10) s"),
            ("Sent", "\(statistics.bytesSent / 1_000_000) MB"),
            ("Transfer", transfer(budget)),
        ]
        let table = rows.map { "<tr><th>\(escaped($0.0))<td>\(escaped($0.1))" }.joined(separator: "\n")
        let name = escaped(service.profile.name)
        let station = escaped("\(root.scheme)://\(root.authority)/")
        let html = """
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <meta http-equiv="refresh" content="10"><title>\(name): relay</title>
            <style>body{font:16px system-ui,sans-serif;max-width:40em;margin:3em auto;padding:0 1em;color:#222;background:#fafafa}
            th{text-align:left;padding:.3em 1.5em .3em 0;font-weight:600}audio{width:100%}
            @media(prefers-color-scheme:dark){body{color:#eee;background:#181818}a{color:#8cf}}</style>
            <h1>\(name)</h1>
            <p>This server is a relay of <a href="\(station)">\(station)</a>.</p>
            <audio controls preload="none" src="/all.mp3"></audio>
            <table>
            \(table)
            </table>
            <p><a href="/all.mp3">Stream</a>, <a href="/all.m3u">M3U</a>, <a href="/all.pls">PLS</a>,
            <a href="/status.json">status</a></p></html>

            """
        var response = Response.bytes(Array(html.utf8), contentType: "text/html; charset=utf-8")
        response.headers.add("Cache-Control", "no-store")
        return response
    }

    /// What the provider has counted since the billing day, and of how much.
    private static func transfer(_ budget: TransferBudget) -> String {
        let used = "\(budget.countedBytes / 1_000_000) MB since \(budget.period.start)"
        guard let allotment = budget.settings.allotmentBytes else { return used }
        return used + ", of \(allotment / 1_000_000) MB"
            + (budget.state == .open ? "" : budget.state == .soft ? ": no new listeners" : ": used up")
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }
}
