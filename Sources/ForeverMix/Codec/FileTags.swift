/// What a music file says about itself. Absent is nil, never empty text.
public struct FileTags: Hashable, Sendable {
    public var title: String?
    public var artist: String?
    public var album: String?
    public var genre: String?
    /// First year of the release, 1000...2999.
    public var year: Int?
    /// Beats per minute as somebody wrote them down, 20...400.
    public var bpm: Double?
    /// The key as somebody wrote it down: "Am", "8A", "F# minor".
    public var key: String?
    /// What ReplayGain would add to the whole track, -60...60. **Units:** dB.
    public var replayGainDecibels: Double?
    /// Where somebody set cue points or chapters, ascending. **Units:** s.
    public var cuePoints: [Double]
    /// From the header, or estimated: good to show, not to mix by.
    public var durationSeconds: Double?
    /// A picture is embedded.
    public var hasCover: Bool

    public init(
        title: String? = nil, artist: String? = nil, album: String? = nil, genre: String? = nil, year: Int? = nil,
        bpm: Double? = nil, key: String? = nil, replayGainDecibels: Double? = nil, cuePoints: [Double] = [],
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

/// Picks tags out of the many keys that containers use for one thing. Pure.
struct TagTable {
    private var values: [String: String] = [:]
    private(set) var cuePoints: [Double] = []

    /// Keys compare without case; the first value of a key stays.
    mutating func add(key: String, value: String) {
        let folded = key.lowercased()
        if TagTable.markerKeys.contains(folded) { cuePoints += SeratoMarkers.cuePoints(inText: value) }
        if values.count < 256, values[folded] == nil, let clean = Self.clean(value) { values[folded] = clean }
    }

    /// Cue points in Vorbis comments and MP4 atoms.
    private static let markerKeys: Set = ["serato_markers_v2", "markersv2"]

    func first(_ keys: String...) -> String? { keys.lazy.compactMap { values[$0] }.first }

    /// Text on one line: control characters become spaces, spaces in a row one, the length bounded.
    static func clean(_ text: String) -> String? {
        var words: [Substring.UnicodeScalarView] = []
        var length = 0
        let isBreak: (Unicode.Scalar) -> Bool = {
            $0.properties.isWhitespace || $0.properties.generalCategory == .control
                || $0.properties.generalCategory == .lineSeparator || $0.properties.isBidiControl
                || $0.properties.generalCategory == .paragraphSeparator || $0 == "\u{FEFF}"
        }
        for word in text.prefix(4 * CodecLimits.tagCharactersMax).unicodeScalars.split(whereSeparator: isBreak) {
            guard length < CodecLimits.tagCharactersMax else { break }
            words.append(word)
            length += word.count + 1
        }
        let joined = String(words.map { String($0) }.joined(separator: " ").prefix(CodecLimits.tagCharactersMax))
        return joined.isEmpty ? nil : joined
    }

    var tags: FileTags {
        FileTags(
            title: first("title", "nam", "tit2"), artist: first("artist", "album_artist", "albumartist", "performer"),
            album: first("album"), genre: first("genre"),
            year: first("date", "year", "originaldate", "tdrc", "tyer", "tdor").flatMap(Self.year),
            bpm: first("bpm", "tbpm", "tbp", "tmpo", "tempo").flatMap(Self.bpm),
            key: first("initialkey", "initial_key", "tkey", "key", "com.apple.itunes:initialkey"),
            replayGainDecibels: first("replaygain_track_gain", "rva2_track").flatMap(Self.decibels)
                ?? first("r128_track_gain").flatMap(Self.opusGain))
    }

    /// "-7.30 dB", as ReplayGain writes it.
    static func decibels(_ text: String) -> Double? {
        let number = text.replacing(",", with: ".").prefix { "+-.0123456789".contains($0) }
        return Double(number).flatMap { abs($0) <= 60 ? $0 : nil }
    }

    /// Opus counts in 1/256 dB towards -23 LUFS (RFC 7845 section 5.2.1), ReplayGain towards -18.
    static func opusGain(_ text: String) -> Double? {
        Int(text).flatMap { (-32_768...32_767).contains($0) ? Double($0) / 256 + 5 : nil }
    }

    /// The first run of exactly four digits that is a year.
    static func year(_ text: String) -> Int? {
        text.split(whereSeparator: { !("0"..."9").contains($0) }).filter { $0.count == 4 }.compactMap { Int($0) }
            .first { (1000...2999).contains($0) }
            // "20240131" and the like.
            ?? Int(text.prefix(4)).flatMap { text.prefix(8).count == 8 && (1000...2999).contains($0) ? $0 : nil }
    }

    static func bpm(_ text: String) -> Double? {
        let number = text.replacing(",", with: ".").split(separator: " ").first.flatMap { Double($0) }
        return number.flatMap { (20...400).contains($0) ? $0 : nil }
    }
}
