import Foundation
import Synchronization

/// SoundCloud as the fact sheet has it, on two ports of loopback: tokens and API on one, the CDN on the other.
///
/// Written from what is known of the real one, and knows nothing of our client. Its time is passed in. **Thread:** any.
package final class FakeCloud: Sendable {
    /// What a test can change while it runs.
    package struct Faults: Sendable {
        /// Every connection ends without an answer.
        package var isDead = false
        /// Every API call answers so.
        package var apiReply: FakeReply?
        /// The next answers of the API, one each, before it is itself again.
        package var nextAPIReplies: [FakeReply] = []
        package var tokenReply: FakeReply?
        /// The next plays are refused with the quota's body; it ends then. **Units:** s since 1970.
        package var playQuotaUntil: Double?
        /// Redirects of streams bring an `expires` that is over, so many times.
        package var staleRedirects = 0
        /// Segments of that number come with so many bytes only, so many times.
        package var cutSegments: [Int: Int] = [:]
        /// Segments of that number are missing, so many times.
        package var missingSegments: [Int: Int] = [:]
        package var segmentDelaySeconds = 0.0
        package var apiDelaySeconds = 0.0
        /// What `next_href` says in place of the truth.
        package var nextLink: String?
        package var ignoresFilters = false
        /// Every list goes on for ever, with tracks that nobody has put up.
        package var isEndless = false
        /// Playlists that answer 500.
        package var brokenPlaylists: Set<Int> = []
        /// Forms that `/streams` names and that are not there.
        package var missingFormats: Set<String> = []
        package var pageSize = 50
    }

    /// What was done to it.
    package struct Counts: Sendable {
        package var grants = 0
        package var refreshes = 0
        package var reusedRefreshTokens = 0
        package var unauthorized = 0
        package var plays = 0
        package var segments = 0
        /// Init parts of AAC.
        package var initialParts = 0
        package var signaturesOver = 0
        /// Requests to the CDN that carried a token: there must be none.
        package var tokensAtCDN = 0
        package var requests = 0
    }

    private struct State {
        var tracks: [Int: FakeTrack] = [:]
        var order: [Int] = []
        var playlists: [Int: [Int]] = [:]
        var faults = Faults()
        var counts = Counts()
        var log: [FakeRequest] = []
        var accessTokens: [String: Double] = [:]
        var refreshTokens: Set<String> = []
        var usedRefreshTokens: Set<String> = []
        var grantTimes: [Double] = []
        var made = 0
    }

    package static let clientID = "fakeClient"
    package static let clientSecret = "fakeSecret0001"
    /// How long tokens and signed addresses last. **Units:** s.
    package let tokenSeconds: Double
    package let signatureSeconds: Double
    private static let logMax = 20_000

    private let state = Mutex(State())
    private let now: @Sendable () -> Double
    private let listeners = Mutex<[FakeListener]>([])
    private let ports = Mutex<(api: UInt16, cdn: UInt16)>((0, 0))

    /// - Parameter now: the fake's time, in s since 1970
    package init(
        tokenSeconds: Double = 3_599, signatureSeconds: Double = 300, now: @escaping @Sendable () -> Double
    ) throws {
        self.tokenSeconds = tokenSeconds
        self.signatureSeconds = signatureSeconds
        self.now = now
        let api = try FakeListener { [weak self] in self?.answer($0) ?? FakeReply(500) }
        let cdn = try FakeListener { [weak self] in self?.serve($0) ?? FakeReply(500) }
        ports.withLock { $0 = (api.port, cdn.port) }
        listeners.withLock { $0 = [api, cdn] }
    }

    package var apiBase: String { "http://127.0.0.1:\(ports.withLock { $0.api })" }
    package var tokenURL: String { apiBase + "/oauth/token" }
    package var cdnBase: String { "http://127.0.0.1:\(ports.withLock { $0.cdn })" }
    package var counts: Counts { state.withLock { $0.counts } }
    package var log: [FakeRequest] { state.withLock { $0.log } }

    package func put(_ tracks: [FakeTrack], playlist: Int? = nil) {
        state.withLock { state in
            for track in tracks {
                if state.tracks[track.number] == nil { state.order.append(track.number) }
                state.tracks[track.number] = track
            }
            if let playlist { state.playlists[playlist] = tracks.map(\.number) }
        }
    }

    package func remove(_ number: Int) { state.withLock { $0.tracks[number] = nil } }
    package func change(_ body: (inout Faults) -> Void) { state.withLock { body(&$0.faults) } }
    /// No token that was given is good any more.
    package func forgetTokens() { state.withLock { $0.accessTokens = [:] } }
    /// Every refresh token counts as used, as when somebody else has used them.
    package func useUpRefreshTokens() {
        state.withLock { state in
            state.usedRefreshTokens.formUnion(state.refreshTokens)
            state.refreshTokens = []
        }
    }
    /// The SoundCloud file for it, without the last brace.
    package var settingsJSON: String {
        #"{"clientID":"\#(Self.clientID)","clientSecret":"\#(Self.clientSecret)","acceptTerms":true,"#
            + #""apiBase":"\#(apiBase)","tokenURL":"\#(tokenURL)""#
    }

    // MARK: Tokens and API

    private func answer(_ request: FakeRequest) -> FakeReply {
        let (faults, planned) = state.withLock { state -> (Faults, FakeReply?) in
            state.counts.requests += 1
            if state.log.count < Self.logMax { state.log.append(request) }
            let isToken = request.path == "/oauth/token"
            let planned =
                isToken || state.faults.nextAPIReplies.isEmpty ? nil : state.faults.nextAPIReplies.removeFirst()
            return (state.faults, planned)
        }
        if faults.isDead {
            var dead = FakeReply(500)
            dead.isSilent = true
            return dead
        }
        if request.path == "/oauth/token" { return faults.tokenReply ?? token(request) }
        var reply = planned ?? faults.apiReply ?? authorised(request, faults)
        reply.delaySeconds = max(reply.delaySeconds, faults.apiDelaySeconds)
        return reply
    }

    private func token(_ request: FakeRequest) -> FakeReply {
        let form = request.form
        let pair = Data("\(Self.clientID):\(Self.clientSecret)".utf8).base64EncodedString()
        let time = now()
        return state.withLock { state in
            func give() -> FakeReply {
                state.made += 1
                let access = "2-000000--fakeAccessToken\(state.made)"
                let refresh = "fakeRefreshToken\(state.made)"
                state.accessTokens[access] = time + tokenSeconds
                state.refreshTokens.insert(refresh)
                return .json(
                    200,
                    #"{"access_token":"\#(access)","expires_in":\#(Int(tokenSeconds)),"refresh_token":"\#(refresh)","scope":"","token_type":"bearer"}"#
                )
            }
            switch form["grant_type"] {
            case "client_credentials":
                guard request.headers["authorization"] == "Basic \(pair)" else {
                    return .json(401, #"{"error":"invalid_client"}"#)
                }
                state.grantTimes = state.grantTimes.filter { time - $0 < 43_200 }
                let inHour = state.grantTimes.count { time - $0 < 3_600 }
                guard inHour < 30, state.grantTimes.count < 50 else {
                    return .json(429, #"{"error":"rate_limit_exceeded"}"#)
                }
                state.grantTimes.append(time)
                state.counts.grants += 1
                return give()
            case "refresh_token":
                guard form["client_id"] == Self.clientID, form["client_secret"] == Self.clientSecret else {
                    return .json(401, #"{"error":"invalid_client"}"#)
                }
                let token = form["refresh_token"] ?? ""
                guard state.refreshTokens.remove(token) != nil else {
                    state.counts.reusedRefreshTokens += 1
                    return .json(400, #"{"error":"invalid_grant"}"#)
                }
                state.usedRefreshTokens.insert(token)
                state.counts.refreshes += 1
                return give()
            default: return .json(400, #"{"error":"unsupported_grant_type"}"#)
            }
        }
    }

    private func authorised(_ request: FakeRequest, _ faults: Faults) -> FakeReply {
        let given = request.headers["authorization"] ?? ""
        let token =
            given.hasPrefix("OAuth ") ? given.dropFirst(6) : given.hasPrefix("Bearer ") ? given.dropFirst(7) : ""
        let isGood = state.withLock { ($0.accessTokens[String(token)] ?? 0) > now() }
        guard isGood, request.query["client_id"] == nil else {
            state.withLock { $0.counts.unauthorized += 1 }
            return FakeAnswers.error(401)
        }
        let parts = request.path.split(separator: "/").map(String.init)
        switch parts.first {
        case "resolve": return resolve(request.query["url"] ?? "")
        case "tracks": return tracks(Array(parts.dropFirst()), request, faults)
        case "playlists" where parts.count >= 2:
            if let number = number(parts[1]), faults.brokenPlaylists.contains(number) { return FakeAnswers.error(500) }
            guard let number = number(parts[1]), let list = state.withLock({ $0.playlists[number] }) else {
                return FakeAnswers.error(404)
            }
            return page(list, request, faults)
        case "users" where parts.count >= 3:
            let user = number(parts[1])
            return page(
                state.withLock { state in
                    state.order.filter { state.tracks[$0]?.uploader.map(FakeTrack.number(of:)) == user }
                }, request, faults)
        case "system-playlists": return page(state.withLock { $0.order }, request, faults, isStation: true)
        default: return FakeAnswers.error(404)
        }
    }

    /// A URN, or the number of old.
    private func number(_ part: String) -> Int? { part.split(separator: ":").last.flatMap { Int($0) } }

    private func resolve(_ address: String) -> FakeReply {
        let path = URLComponents(string: address)?.path.split(separator: "/").map(String.init) ?? []
        let target: String
        switch (path.count, path.dropFirst().first) {
        case (3, "sets"): target = "/playlists/soundcloud:playlists:\(path[2])"
        case (2, _): target = "/tracks/soundcloud:tracks:\(path[1])"
        case (1, _):
            let name = state.withLock { state in
                state.tracks.values.compactMap(\.uploader).first {
                    $0.lowercased().replacing(" ", with: "-") == path[0]
                }
            }
            guard let name else { return FakeAnswers.error(404) }
            target = "/users/soundcloud:users:\(FakeTrack.number(of: name))"
        default: return FakeAnswers.error(404)
        }
        var reply = FakeReply.json(302, #"{"status":"302 - Found","location":"\#(apiBase + target)"}"#)
        reply.headers["Location"] = apiBase + target
        return reply
    }

    private func tracks(_ parts: [String], _ request: FakeRequest, _ faults: Faults) -> FakeReply {
        guard let first = parts.first else { return search(request, faults) }
        guard let number = number(first), let track = state.withLock({ $0.tracks[number] }) else {
            return FakeAnswers.error(404)
        }
        switch parts.count > 1 ? parts[1] : "" {
        case "": return .json(200, track.json(api: apiBase, cdn: cdnBase, hasNumericID: number % 2 == 0))
        case "related": return page(state.withLock { $0.order.filter { $0 != number } }, request, faults)
        case "streams" where parts.count == 2: return streams(track, faults)
        case "streams": return redirect(track, format: parts[2], faults)
        default: return FakeAnswers.error(404)
        }
    }

    private func search(_ request: FakeRequest, _ faults: Faults) -> FakeReply {
        let query = request.query
        if query["q"] == "" { return FakeAnswers.error(400) }
        if let from = query["created_at[from]"], from.contains("/") { return FakeAnswers.error(400) }
        let found = state.withLock { state in
            state.order.filter { number in
                guard let track = state.tracks[number] else { return false }
                if faults.ignoresFilters { return true }
                if let urns = query["urns"] { return urns.split(separator: ",").contains { $0 == track.urn } }
                if let access = query["access"], track.access == nil || !access.contains(track.access!) { return false }
                return track.answers(query)
            }
        }
        return page(found, request, faults)
    }

    private func page(
        _ numbers: [Int], _ request: FakeRequest, _ faults: Faults, isStation: Bool = false
    ) -> FakeReply {
        let offset = request.query["offset"].flatMap { Int($0) } ?? 0
        if faults.isEndless { return endlessPage(from: offset, request, faults) }
        let items = state.withLock { state in
            numbers.dropFirst(offset).prefix(faults.pageSize).compactMap { number in
                state.tracks[number]?.json(api: apiBase, cdn: cdnBase, hasNumericID: number % 2 == 0)
            }
        }.joined(separator: ",")
        if isStation { return .json(200, #"{"kind":"system-playlist","tracks":[\#(items)]}"#) }
        let isLast = offset + faults.pageSize >= numbers.count
        let next = faults.nextLink ?? (isLast ? nil : nextPage(request, from: offset + faults.pageSize))
        return .json(200, #"{"collection":[\#(items)]\#(next.map { #","next_href":"\#($0)""# } ?? "")}"#)
    }

    private func nextPage(_ request: FakeRequest, from offset: Int) -> String {
        let rest = request.target.split(separator: "&").filter { !$0.hasPrefix("offset=") }.joined(separator: "&")
        return apiBase + rest + "\(rest.contains("?") ? "&" : "?")offset=\(offset)"
    }

    private func endlessPage(from offset: Int, _ request: FakeRequest, _ faults: Faults) -> FakeReply {
        let items = (offset..<offset + faults.pageSize).map { number in
            FakeTrack(1_000_000 + number, title: "Endless \(number)", seconds: 200).json(
                api: apiBase, cdn: cdnBase, hasNumericID: false)
        }.joined(separator: ",")
        let next = nextPage(request, from: offset + faults.pageSize)
        return .json(200, #"{"collection":[\#(items)],"next_href":"\#(next)"}"#)
    }

    // MARK: Streams

    private func streams(_ track: FakeTrack, _ faults: Faults) -> FakeReply {
        if let until = faults.playQuotaUntil, until > now() { return FakeAnswers.playQuota(until: until) }
        state.withLock { $0.counts.plays += 1 }
        if let status = track.streamsStatus { return FakeAnswers.error(status) }
        let fields = track.formats.map { #""\#($0)":"\#(apiBase)/tracks/\#(track.urn)/streams/\#($0)/hls""# }
        return .json(200, "{\(fields.joined(separator: ","))}")
    }

    private func redirect(_ track: FakeTrack, format: String, _ faults: Faults) -> FakeReply {
        if faults.missingFormats.contains(format) { return FakeAnswers.error(404) }
        let isStale = state.withLock { state in
            guard state.faults.staleRedirects > 0 else { return false }
            state.faults.staleRedirects -= 1
            return true
        }
        let end = Int(now() + (isStale ? -60 : signatureSeconds))
        var reply = FakeReply(302)
        reply.headers["Location"] =
            "\(cdnBase)/\(track.number)/\(format)/playlist.m3u8?expires=\(end)&Policy=fake&Signature=fake"
        return reply
    }

    private func serve(_ request: FakeRequest) -> FakeReply {
        let (faults, track) = state.withLock { state -> (Faults, FakeTrack?) in
            state.counts.requests += 1
            if request.headers["authorization"] != nil || request.target.contains("AccessToken") {
                state.counts.tokensAtCDN += 1
            }
            if state.log.count < Self.logMax { state.log.append(request) }
            let number = request.path.split(separator: "/").first.flatMap { Int($0) }
            return (state.faults, number.flatMap { state.tracks[$0] })
        }
        if faults.isDead {
            var dead = FakeReply(500)
            dead.isSilent = true
            return dead
        }
        if request.headers["authorization"] != nil { return FakeReply(400) }
        if request.path.hasSuffix(".jpg") {
            // The smallest thing that begins as a JPEG does; no larger size is kept.
            return request.path.hasSuffix("-large.jpg")
                ? FakeReply(200, headers: ["Content-Type": "image/jpeg"], body: [0xff, 0xd8, 0xff, 0xe0, 0, 0])
                : FakeReply(404)
        }
        guard let track, let media = track.media else { return FakeReply(404) }
        guard let end = request.query["expires"].flatMap({ Double($0) }), end > now() else {
            state.withLock { $0.counts.signaturesOver += 1 }
            return FakeReply(
                403, headers: ["Content-Type": "text/xml"], body: Array("<Error><Code>AccessDenied</Code></Error>".utf8)
            )
        }
        let name = request.path.split(separator: "/").last.map(String.init) ?? ""
        if name == "playlist.m3u8" {
            let format = request.path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
            return playlist(track, media, format: format, expires: request.query["expires"] ?? "")
        }
        if name == "init.mp4" {
            state.withLock { $0.counts.initialParts += 1 }
            return FakeReply(200, body: media.initialPart ?? [])
        }
        guard let number = Int(name.filter(\.isNumber).prefix(3)), number < media.segments.count, !track.missesSegments
        else {
            return FakeReply(404)
        }
        return segment(number, media.segments[number], faults)
    }

    private func segment(_ number: Int, _ bytes: [UInt8], _ faults: Faults) -> FakeReply {
        var reply = FakeReply(200, headers: ["Content-Type": "video/mp4"], body: bytes)
        reply.delaySeconds = faults.segmentDelaySeconds
        state.withLock { state in
            state.counts.segments += 1
            if let left = state.faults.missingSegments[number], left > 0 {
                state.faults.missingSegments[number] = left - 1
                reply = FakeReply(404)
            } else if let left = state.faults.cutSegments[number], left > 0 {
                state.faults.cutSegments[number] = left - 1
                reply.cutAfterBytes = bytes.count / 2
            }
        }
        return reply
    }

    private func playlist(_ track: FakeTrack, _ media: FakeMedia, format: String, expires: String) -> FakeReply {
        let tail = "?expires=\(expires)&Policy=fake&Signature=fake&Key-Pair-Id=FAKE"
        let base = "\(cdnBase)/\(track.number)/media"
        var lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-TARGETDURATION:10", "#EXT-X-PLAYLIST-TYPE:VOD"]
        if let method = track.keyMethods[format] { lines.append(#"#EXT-X-KEY:METHOD=\#(method),URI="\#(base)/key""#) }
        if media.initialPart != nil { lines.append(#"#EXT-X-MAP:URI="\#(base)/init.mp4\#(tail)""#) }
        for (number, seconds) in media.segmentSeconds.enumerated() {
            let digits = String(repeating: "0", count: max(0, 3 - "\(number)".count)) + "\(number)"
            let ending = media.initialPart == nil ? "mp3" : "m4s"
            lines += ["#EXTINF:\(seconds),", "\(base)/data\(digits).\(ending)\(tail)"]
        }
        lines.append("#EXT-X-ENDLIST")
        return FakeReply(
            200, headers: ["Content-Type": "application/vnd.apple.mpegurl"],
            body: Array(lines.joined(separator: "\n").utf8))
    }
}
