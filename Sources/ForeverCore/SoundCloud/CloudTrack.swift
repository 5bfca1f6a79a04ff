import Foundation

/// A track as SoundCloud describes it. Everything but the name may be missing; what is missing is not guessed.
public struct CloudTrack: Decodable, Hashable, Sendable, Identifiable {
    public var id: CloudURN
    /// As uploaded: may hold "Artist - Title" and advertising.
    public var title: String
    /// The performer, where he is another than the uploader.
    public var performer: String?
    /// nil where the account is gone.
    public var uploader: CloudUser?
    /// 0 where not said. **Units:** s.
    public var durationSeconds: Double
    /// **Units:** beats a minute; nil where null, 0 or absurd.
    public var bpm: Double?
    public var key: KeyFact?
    public var genre: String?
    public var tags: [String]
    public var access: Access
    public var licence: CloudLicence
    public var isPublic: Bool
    public var counts: CloudCounts
    /// The address to link back to.
    public var link: String?
    public var pictureAddress: String?
    public var purchaseLink: String?
    /// Since 1970; the upload, not the publishing. **Units:** s.
    public var createdSeconds: Double?
    /// Tracks like it.
    public var station: CloudURN?

    /// Who may hear it through this application, from where it runs.
    public enum Access: String, Codable, Hashable, Sendable {
        case playable
        /// 30 s of it.
        case preview
        /// Not at all; also what null and unknown words mean.
        case blocked
    }

    public init(
        id: CloudURN, title: String, performer: String? = nil, uploader: CloudUser? = nil, durationSeconds: Double = 0,
        bpm: Double? = nil, key: KeyFact? = nil, genre: String? = nil, tags: [String] = [],
        access: Access = .playable, licence: CloudLicence, isPublic: Bool = true, counts: CloudCounts = CloudCounts(),
        link: String? = nil, pictureAddress: String? = nil, purchaseLink: String? = nil,
        createdSeconds: Double? = nil, station: CloudURN? = nil
    ) {
        self.id = id
        self.title = title
        self.performer = performer
        self.uploader = uploader
        self.durationSeconds = durationSeconds
        self.bpm = bpm
        self.key = key
        self.genre = genre
        self.tags = tags
        self.access = access
        self.licence = licence
        self.isPublic = isPublic
        self.counts = counts
        self.link = link
        self.pictureAddress = pictureAddress
        self.purchaseLink = purchaseLink
        self.createdSeconds = createdSeconds
        self.station = station
    }

    /// **Errors:** only where nothing tells which track it is, or it is something else than a track.
    public init(from decoder: any Decoder) throws {
        let fields = try CloudFields(decoder)
        guard let urn = fields.urn(.tracks), (fields.text("kind") ?? "track") == "track" else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not a track"))
        }
        let uploader: CloudUser? = fields.value("user")
        self.init(
            id: urn, title: TrackNames.tidied(fields.text("title")) ?? "Untitled",
            performer: TrackNames.tidied(fields.text("metadata_artist")), uploader: uploader,
            durationSeconds: fields.number("duration").map { max(0, min($0 / 1000, CloudLimits.durationSecondsMax)) }
                ?? 0,
            bpm: fields.number("bpm").flatMap { CoreLimits.hintTempi.contains($0) ? $0 : nil },
            key: fields.text("key_signature").flatMap {
                KeyFact(written: String($0.prefix(CloudLimits.keyCharactersMax)))
            },
            genre: TrackNames.tidied(fields.text("genre")), tags: CloudTags.list(fields.text("tag_list") ?? ""),
            access: fields.text("access").flatMap { Access(rawValue: $0) } ?? .blocked,
            licence: CloudLicence(fields.text("license")),
            isPublic: (fields.text("sharing") ?? "public") == "public",
            counts: CloudCounts(fields), link: fields.link("permalink_url"),
            pictureAddress: fields.link("artwork_url") ?? uploader?.pictureAddress,
            purchaseLink: fields.link("purchase_url"),
            createdSeconds: fields.text("created_at").flatMap(CloudTime.seconds),
            station: fields.text("station_urn").flatMap { CloudURN(text: $0) })
    }
}

/// Who uploaded a track.
public struct CloudUser: Decodable, Hashable, Sendable {
    public var id: CloudURN?
    public var name: String
    public var link: String?
    public var pictureAddress: String?

    public init(id: CloudURN? = nil, name: String, link: String? = nil, pictureAddress: String? = nil) {
        self.id = id
        self.name = name
        self.link = link
        self.pictureAddress = pictureAddress
    }

    /// **Errors:** a user without a name.
    public init(from decoder: any Decoder) throws {
        let fields = try CloudFields(decoder)
        guard let name = TrackNames.tidied(fields.text("username") ?? fields.text("permalink")) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no name"))
        }
        self.init(
            id: fields.urn(.users), name: name, link: fields.link("permalink_url"),
            pictureAddress: fields.link("avatar_url"))
    }
}

/// How often a track was played, liked and handed on; nil where the uploader keeps it to himself or nobody says.
public struct CloudCounts: Hashable, Sendable {
    public var plays: Int64?
    public var likes: Int64?
    public var reposts: Int64?

    public init(plays: Int64? = nil, likes: Int64? = nil, reposts: Int64? = nil) {
        self.plays = plays
        self.likes = likes
        self.reposts = reposts
    }

    init(_ fields: CloudFields) {
        // In quiet mode (`reveal_stats` false) a 0 says nothing.
        guard fields.flag("reveal_stats") != false else { return }
        plays = fields.count("playback_count")
        likes = fields.count("favoritings_count")
        reposts = fields.count("reposts_count")
    }
}
