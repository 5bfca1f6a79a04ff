import Foundation
import ForeverTestKit
import Testing

/// The station behind real reverse proxies, each with its sample configuration.
@Suite(.serialized) struct ProxyTests {
    private let data: TemporaryFolder

    init() throws { data = try TemporaryFolder() }

    private func station(_ arguments: [String] = []) throws -> Station {
        try Station.root(data: data, ["--trusted-proxies", "127.0.0.1"] + arguments)
    }

    /// What curl prints for `arguments`: by itself it asks from another address than the proxy has.
    private func curl(_ arguments: [String], from address: String = "127.0.0.2") throws -> String {
        let done = try FinishedProgram(
            Programs.neededTool("curl"), ["-s", "-k", "--interface", address, "--max-time", "8"] + arguments)
        return done.outputText
    }

    private func status(_ url: String, from address: String = "127.0.0.2", headers: [String] = []) throws -> String {
        let fields = headers.flatMap { ["-H", $0] }
        return try curl(["-o", "/dev/null", "-w", "%{http_code}"] + fields + [url], from: address)
    }

    // MARK: The same for both

    private func passesTheStreamWithTitles(_ proxy: Proxy, _ station: Station) throws {
        let stream = try HTTPFetch(proxy.url + "all.mp3", headers: ["Icy-MetaData": "1"], seconds: 20)
        #expect(stream.status == 200 && stream["Content-Type"] == "audio/mpeg")
        #expect(stream["icy-metaint"] == "8192" && stream["icy-name"] == "Forever")
        #expect(stream["Content-Length"] == nil && stream["Accept-Ranges"] == nil)
        let bytes = try sound(stream, seconds: 2)
        #expect(bytes.count > 20_000)
        let length = Int(bytes[8192]) * 16
        #expect(String(decoding: bytes[8193..<(8193 + length)], as: UTF8.self).hasPrefix("StreamTitle='"))

        let direct = try station.listen(seconds: 2)
        let piece = try piece(proxy, stallSeconds: 0, seconds: 2)
        let common = direct.common(with: piece)
        #expect(common.count > 16_000 && common.equal)
    }

    private func piece(_ proxy: Proxy, stallSeconds: UInt32, seconds: Double) throws -> StreamPiece {
        let reply = try HTTPFetch(proxy.url + "all.mp3", seconds: 20)
        let epoch = try #require(reply["Forever-Epoch"])
        let position = try #require(reply["Forever-Position"].flatMap(Int.init))
        sleep(stallSeconds)
        return StreamPiece(epoch: epoch, position: position, bytes: try sound(reply, seconds: seconds))
    }

    /// What the listener hears for `seconds`; Caddy sends it in chunks to who speaks HTTP/1.1, nginx does not.
    private func sound(_ reply: HTTPFetch, seconds: Double) throws -> [UInt8] {
        var rest = try reply.body(seconds: seconds)[...]
        guard reply["Transfer-Encoding"]?.lowercased() == "chunked" else { return Array(rest) }
        var bytes: [UInt8] = []
        while let end = rest.firstIndex(of: 10) {
            let line = String(decoding: rest[..<end], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            let count = try #require(Int(line, radix: 16), "a chunk's size: \(line)")
            bytes += rest[(end + 1)...].prefix(count)
            rest = rest[(end + 1)...].dropFirst(count + 2)
        }
        return bytes
    }

    private func aListenerThatPausesMissesNothing(_ proxy: Proxy, _ station: Station) throws {
        let slow = try piece(proxy, stallSeconds: 4, seconds: 2)
        let direct = try station.listen(seconds: 1)
        let common = direct.common(with: slow)
        #expect(common.count > 16_000 && common.equal)
        #expect(try station.json("status.json")["droppedStalled"] as? Int == 0)
    }

    /// Playlists name the proxy, as the listener reached it, whatever else the listener says.
    private func playlistsNameTheProxy(_ proxy: Proxy) throws {
        #expect(try curl([proxy.url + "all.m3u"]).contains("\n\(proxy.url)all.mp3\n"))
        let forged = ["X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https"].flatMap { ["-H", $0] }
        #expect(try curl(forged + [proxy.url + "all.m3u"]).contains("\n\(proxy.url)all.mp3\n"))
    }

    /// With two connections for an address: the third is refused, whatever it claims; another address is not.
    private func clientsAreTold(_ proxy: Proxy, _ station: Station) throws {
        let held = try (0..<2).map { _ in
            try RunningProgram(
                Programs.neededTool("curl"),
                ["-s", "-N", "--interface", "127.0.0.2", "--max-time", "60", proxy.url + "events"])
        }
        defer { for program in held { program.end() } }
        try waitUntil("both are subscribed") { held.allSatisfy { $0.outputText.contains(": welcome") } }
        let url = proxy.url + "timing.json"
        #expect(try status(url) == "429")
        for forged in ["203.0.113.9", "127.0.0.1", "127.0.0.3, 203.0.113.9", "garbage", "203.0.113.9, "] {
            #expect(try status(url, headers: ["X-Forwarded-For: \(forged)"]) == "429", "\(forged)")
        }
        #expect(try status(url, headers: ["Forwarded: for=203.0.113.9"]) == "429")
        #expect(try status(url, from: "127.0.0.3") == "200")
        // At the station itself the same client is the same, and its word about itself counts as little.
        #expect(try status(station.url + "timing.json", headers: ["X-Forwarded-For: 203.0.113.9"]) == "429")
        #expect(try status(station.url + "timing.json", from: "127.0.0.3") == "200")
    }

    // MARK: nginx

    @Test(.enabled(if: Proxy.hasNginx)) func nginxPassesTheStream() throws {
        let station = try station()
        let proxy = try Proxy.nginx(to: station)
        let reply = try HTTPFetch(proxy.url + "all.mp3", seconds: 20)
        #expect(reply["Transfer-Encoding"] == nil && reply["Connection"] == "close")
        try passesTheStreamWithTitles(proxy, station)
        try aListenerThatPausesMissesNothing(proxy, station)
        try playlistsNameTheProxy(proxy)
    }

    @Test(.enabled(if: Proxy.hasNginx)) func nginxTellsWhoAsks() throws {
        let station = try station(["--connections-per-address", "2"])
        try clientsAreTold(Proxy.nginx(to: station), station)
    }

    /// TLS and HTTP/2 outside: the addresses that are shown begin with https.
    @Test(.enabled(if: Proxy.hasNginx)) func nginxSpeaksTLSForTheStation() throws {
        let station = try station()
        let proxy = try Proxy.nginx(to: station)
        let url = try #require(proxy.protectedURL)
        #expect(try curl(["--http2", url + "all.m3u"]).contains("\n\(url)all.mp3\n"))
        #expect(try curl(["--http2", "-o", "/dev/null", "-w", "%{http_version}", url + "status.json"]) == "2")
        let heard = try FinishedProgram(
            Programs.neededTool("curl"),
            ["-s", "-k", "--http2", "--max-time", "4", "-D", data("head"), "-o", data("tls.mp3"), url + "all.mp3"])
        #expect(heard.status == 28, "the stream ends only with curl's time")
        #expect(data.bytes(of: "tls.mp3").count > 6 * 16_000)
        let head = String(decoding: data.bytes(of: "head"), as: UTF8.self).lowercased()
        #expect(head.contains("icy-name: forever") && head.contains("icy-url: \(url.dropLast())"))
    }

    @Test(.enabled(if: Proxy.hasNginx)) func redirectsBehindNginxLeadToTheRelay() throws {
        let pair = try RelayedStation(rootArguments: ["--relay-limit", "0", "--trusted-proxies", "127.0.0.1"])
        let proxy = try Proxy.nginx(to: pair.root)
        let reply = try eventually("a redirect", seconds: 10) {
            let reply = try HTTPFetch(proxy.url + "all.mp3?listener=0123456789abcdef0123456789abcdef")
            return reply.status == 302 ? reply : nil
        }
        #expect(reply["Location"] == pair.relay.url + "all.mp3?listener=0123456789abcdef0123456789abcdef")
        #expect(reply["Cache-Control"]?.contains("no-store") == true)
    }

    // MARK: Caddy

    @Test(.enabled(if: Proxy.hasCaddy)) func caddyPassesTheStream() throws {
        let station = try station()
        let proxy = try Proxy.caddy(to: station)
        try passesTheStreamWithTitles(proxy, station)
        try aListenerThatPausesMissesNothing(proxy, station)
        try playlistsNameTheProxy(proxy)
    }

    @Test(.enabled(if: Proxy.hasCaddy)) func caddyTellsWhoAsks() throws {
        let station = try station(["--connections-per-address", "2"])
        try clientsAreTold(Proxy.caddy(to: station), station)
    }
}
