/// What a file says about itself: read, not believed. Everything may be missing, wrong or absurd.
public struct TrackTags: Codable, Hashable, Sendable {
    public var title: String?
    public var artist: String?
    public var album: String?
    public var genre: String?
    public var year: Int?
    /// The tempo somebody wrote into the file: a hint, never the truth. **Units:** beats a minute.
    public var bpm: Double?
    /// The key somebody wrote into the file, as written ("Am", "8A", "F# minor").
    public var key: String?
    /// What ReplayGain would add to the whole track. **Units:** dB.
    public var replayGainDecibels: Double?
    /// Where somebody set cue points or chapters, ascending. **Units:** s.
    public var cuePoints: [Double]?
    public var durationSeconds: Double?
    public var hasCover: Bool
    /// Which reader read them; stored tags of an earlier one are read again.
    public var readerVersion: Int? = TrackTags.currentReader

    /// 2: keys and ReplayGain are read too; 3: cue points.
    public static let currentReader = 3
    public var isCurrent: Bool { readerVersion == TrackTags.currentReader }

    public init(
        title: String? = nil, artist: String? = nil, album: String? = nil, genre: String? = nil, year: Int? = nil,
        bpm: Double? = nil, key: String? = nil, replayGainDecibels: Double? = nil, cuePoints: [Double]? = nil,
        durationSeconds: Double? = nil, hasCover: Bool = false
    ) {
        self.title = title
        self.artist = artist
        self.album = album
        self.genre = genre
        self.year = year
        self.bpm = bpm
        self.key = key
        self.replayGainDecibels = replayGainDecibels
        self.cuePoints = cuePoints
        self.durationSeconds = durationSeconds
        self.hasCover = hasCover
    }
}
