import Foundation

/// A track of the fake SoundCloud.
package struct FakeTrack: Sendable {
    package var number: Int
    package var title: String
    package var uploader: String?
    package var seconds: Double
    package var licence = "cc-by"
    package var access: String? = "playable"
    package var genre = "House"
    package var tags = ["ambient", "late night"]
    package var bpm: Double?
    package var plays: Int? = 1_000
    package var createdAt = "2026/11/01 05:00:00 +0000"
    /// Field by field in place of what would be written, as JSON.
    package var oddFields: [String: String] = [:]
    package var media: FakeMedia?
    /// Which addresses `/streams` gives.
    package var formats: [String] = ["hls_aac_160_url"]
    /// `METHOD` of a key in the playlists of these forms.
    package var keyMethods: [String: String] = [:]
    /// Its segments are never there.
    package var missesSegments = false
    /// Answers in place of `/streams`.
    package var streamsStatus: Int?

    package init(
        _ number: Int, title: String, uploader: String? = "Quiet Harbour", seconds: Double, media: FakeMedia? = nil
    ) {
        self.number = number
        self.title = title
        self.uploader = uploader
        self.seconds = seconds
        self.media = media
    }

    package var urn: String { "soundcloud:tracks:\(number)" }

    /// The object of the API.
    func json(api: String, cdn: String, hasNumericID: Bool) -> String {
        func text(_ value: String?) -> String {
            guard let value, let data = try? JSONEncoder().encode(value) else { return "null" }
            return String(decoding: data, as: UTF8.self)
        }
        let slug = uploader.map { $0.lowercased().replacing(" ", with: "-") } ?? "someone-gone"
        let user =
            uploader.map {
                #"{"kind":"user","urn":"soundcloud:users:\#(FakeTrack.number(of: $0))","username":\#(text($0)),"#
                    + #""permalink_url":"https://soundcloud.com/\#(slug)","avatar_url":"\#(cdn)/avatars-\#(number)-large.jpg","#
                    + #""city":null,"description":null}"#
            } ?? "null"
        var fields: [(String, String)] = [
            ("kind", text("track")), ("urn", text(urn)), ("created_at", text(createdAt)),
            ("duration", "\(Int(seconds * 1000))"), ("sharing", text("public")),
            ("tag_list", text(tags.map { $0.contains(" ") ? "\"\($0)\"" : $0 }.joined(separator: " "))),
            ("streamable", "true"), ("genre", text(genre)), ("title", text(title)), ("description", "null"),
            ("bpm", bpm.map { "\($0)" } ?? "null"),
            ("key_signature", "null"), ("license", text(licence)), ("uri", text("\(api)/tracks/\(urn)")),
            ("user", user),
            ("permalink_url", text("https://soundcloud.com/\(slug)/\(number)")),
            ("artwork_url", text("\(cdn)/artworks-\(number)-large.jpg")),
            ("playback_count", plays.map { "\($0)" } ?? "null"),
            ("favoritings_count", plays.map { "\($0 / 20)" } ?? "null"),
            ("reposts_count", plays.map { "\($0 / 200)" } ?? "null"), ("reveal_stats", plays == nil ? "false" : "true"),
            ("secret_uri", "null"), ("station_urn", text("soundcloud:system-playlists:track-stations:\(number)")),
            ("access", text(access)),
        ]
        if hasNumericID { fields.append(("id", "\(number)")) }
        for (name, value) in oddFields {
            fields.removeAll { $0.0 == name }
            fields.append((name, value))
        }
        return "{" + fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }

    /// Whether a search with these filters finds it; tracks without a tempo are in no search for one.
    func answers(_ query: [String: String]) -> Bool {
        func isBetween(_ name: String, _ value: Double?) -> Bool {
            let from = query[name + "[from]"].flatMap { Double($0) }
            let to = query[name + "[to]"].flatMap { Double($0) }
            guard from != nil || to != nil else { return true }
            return value.map { $0 >= from ?? -.infinity && $0 <= to ?? .infinity } ?? false
        }
        // Both forms sort as the times do.
        func plain(_ time: String) -> String { String(time.replacing("/", with: "-").prefix(19)) }
        if let from = query["created_at[from]"], plain(createdAt) < plain(from) { return false }
        if let to = query["created_at[to]"], plain(createdAt) > plain(to) { return false }
        guard isBetween("duration", seconds * 1_000), isBetween("bpm", bpm) else { return false }
        if let genres = query["genres"],
            !genres.lowercased().split(separator: ",").contains(where: { $0 == genre.lowercased() })
        {
            return false
        }
        if let wanted = query["tags"]?.lowercased().split(separator: ",").map(String.init) {
            guard tags.contains(where: { wanted.contains($0.lowercased()) }) else { return false }
        }
        return query["q"].map { title.lowercased().contains($0.lowercased()) } ?? true
    }

    /// The same user has the same number.
    package static func number(of user: String) -> Int {
        user.utf8.reduce(880_000) { ($0 &* 31 &+ Int($1)) % 9_000_000 }
    }
}

/// A track's sound as its CDN serves it.
package struct FakeMedia: Sendable {
    /// nil for MP3.
    package var initialPart: [UInt8]?
    package var segments: [[UInt8]]
    /// **Units:** s.
    package var segmentSeconds: [Double]

    package init(initialPart: [UInt8]?, segments: [[UInt8]], segmentSeconds: [Double]) {
        self.initialPart = initialPart
        self.segments = segments
        self.segmentSeconds = segmentSeconds
    }

    /// Everything joined.
    package var bytes: [UInt8] { (initialPart ?? []) + segments.flatMap { $0 } }

    /// Some bytes that are no sound, for tests that only carry them.
    package static func noise(parts: Int, bytes: Int = 1_000) -> FakeMedia {
        FakeMedia(
            initialPart: [UInt8](repeating: 7, count: 100),
            segments: (0..<parts).map { part in (0..<bytes).map { UInt8(truncatingIfNeeded: part &* 31 &+ $0) } },
            segmentSeconds: Array(repeating: 10.0078, count: parts))
    }
}
