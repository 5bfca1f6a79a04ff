/// One track as the station knows it: what it is called, where its sound comes from.
public struct Track: Codable, Hashable, Sendable, Identifiable {
    /// Stays the same while the sound does: a moved file keeps its id. Safe in a URL's path.
    public var id: String
    public var title: String
    /// `Track.unknownArtist` where nobody says.
    public var artist: String
    public var album: String?
    public var genre: String?
    public var tags: [String]
    /// 0 where not known yet.
    public var durationSeconds: Double
    public var origin: Origin
    public var hasCover: Bool
    /// Where people find more about it.
    public var link: String?
    /// Who is to be named with it; nil where nobody asks for that.
    public var credit: TrackCredit?
    /// What its file's tags, or whoever put it up, say of the sound; nil where they say nothing.
    public var hints: TagHints?

    /// Where a track's sound comes from.
    public enum Origin: Codable, Hashable, Sendable {
        case file(path: String)
        case demo(id: String)
        /// On SoundCloud; its sound is fetched for one play.
        case soundCloud(CloudURN)

        /// One word for it, as the history keeps it.
        public var source: String {
            switch self {
            case .file: "file"
            case .demo: "demo"
            case .soundCloud: "soundcloud"
            }
        }
    }

    /// What stands where no artist is known. Two tracks of it are not by the same artist.
    public static let unknownArtist = "Unknown artist"

    public init(
        id: String, title: String, artist: String, album: String? = nil, genre: String? = nil, tags: [String] = [],
        durationSeconds: Double = 0, origin: Origin, hasCover: Bool = false, link: String? = nil,
        credit: TrackCredit? = nil, hints: TagHints? = nil
    ) {
        self.id = id
        self.title = title
        self.artist = artist
        self.album = album
        self.genre = genre
        self.tags = tags
        self.durationSeconds = durationSeconds
        self.origin = origin
        self.hasCover = hasCover
        self.link = link
        self.credit = credit
        self.hints = hints
    }

    /// A file's track, its names from the tags and, where those are silent, from the file's name.
    ///
    /// The id is the content key, so a file that moves stays the same track and two equal files are one.
    public init(path: String, tags: TrackTags, contentKey: ContentKey) {
        let names = TrackNames(tags: tags, path: path)
        self.init(
            id: contentKey.text, title: names.title, artist: names.artist ?? Track.unknownArtist,
            album: names.album, genre: names.genre, tags: names.genre.map { [$0.lowercased()] } ?? [],
            durationSeconds: tags.durationSeconds.flatMap { $0.isFinite && $0 > 0 ? $0 : nil } ?? 0,
            origin: .file(path: path), hasCover: tags.hasCover, hints: tags.hints.isEmpty ? nil : tags.hints)
    }

    /// A track on SoundCloud, its names cleaned of advertising, its uploader named.
    public init(_ cloud: CloudTrack) {
        let names = ShownNames(cloud)
        let hints = TagHints(tempo: cloud.bpm, key: cloud.key)
        self.init(
            id: "\(cloud.id)", title: names.title, artist: names.artist, genre: cloud.genre, tags: cloud.tags,
            durationSeconds: cloud.durationSeconds, origin: .soundCloud(cloud.id),
            hasCover: cloud.pictureAddress != nil, link: cloud.link,
            credit: TrackCredit(
                uploader: cloud.uploader?.name ?? Track.unknownArtist, uploaderLink: cloud.uploader?.link,
                source: "SoundCloud"), hints: hints.isEmpty ? nil : hints)
    }

    /// Whether its sound comes from SoundCloud, whose terms then hold.
    public var isFromSoundCloud: Bool {
        if case .soundCloud = origin { true } else { false }
    }

    /// What the tour can know of a track before its sound is analysed.
    public var facts: TrackFacts {
        TrackFacts(
            id: id, title: title, artist: artist == Track.unknownArtist ? nil : artist, genre: genre, tags: tags,
            duration: durationSeconds > 0 ? durationSeconds : nil, tempo: hints?.tempo, key: hints?.key,
            loudness: hints?.loudness)
    }
}
