import Foundation

/// What the tour knows of one track. Everything but the id may be missing; what is missing is not guessed.
///
/// **Shape:** the JSON of `order --tracks`: `{"id","title","artist","genre","tags":[…],"duration":s,"tempo":bpm,
/// "key":{"tonic","mode"},"energy":0…1,"danceability":0…1,"loudness":LUFS,
/// "timbre":[dB…]}`.
public struct TrackFacts: Codable, Hashable, Sendable, Identifiable {
    public var id: String
    public var title: String?
    public var artist: String?
    public var genre: String?
    public var tags: [String]
    /// **Units:** s.
    public var duration: Double?
    /// **Units:** beats a minute.
    public var tempo: Double?
    public var key: KeyFact?
    /// 0 calm ... 1 driving.
    public var energy: Double?
    /// 0 ... 1.
    public var danceability: Double?
    /// **Units:** LUFS.
    public var loudness: Double?
    /// How the track sounds as a whole, its level left out: cepstral coefficients, coarse shape first; empty where
    /// unknown. **Units:** dB.
    public var timbre: [Double]

    /// Numbers of `timbre` that are looked at.
    public static let timbreSizeMax = 16

    public init(
        id: String, title: String? = nil, artist: String? = nil, genre: String? = nil, tags: [String] = [],
        duration: Double? = nil, tempo: Double? = nil, key: KeyFact? = nil, energy: Double? = nil,
        danceability: Double? = nil, loudness: Double? = nil, timbre: [Double] = []
    ) {
        self.id = id
        self.title = title
        self.artist = artist
        self.genre = genre
        self.tags = tags
        self.duration = duration
        self.tempo = tempo
        self.key = key
        self.energy = energy
        self.danceability = danceability
        self.loudness = loudness
        self.timbre = timbre
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            id: try fields.decode(String.self, forKey: .id),
            title: try fields.decodeIfPresent(String.self, forKey: .title),
            artist: try fields.decodeIfPresent(String.self, forKey: .artist),
            genre: try fields.decodeIfPresent(String.self, forKey: .genre),
            tags: try fields.decodeIfPresent([String].self, forKey: .tags) ?? [],
            duration: try fields.decodeIfPresent(Double.self, forKey: .duration),
            tempo: try fields.decodeIfPresent(Double.self, forKey: .tempo),
            key: try fields.decodeIfPresent(KeyFact.self, forKey: .key),
            energy: try fields.decodeIfPresent(Double.self, forKey: .energy),
            danceability: try fields.decodeIfPresent(Double.self, forKey: .danceability),
            loudness: try fields.decodeIfPresent(Double.self, forKey: .loudness),
            timbre: try fields.decodeIfPresent([Double].self, forKey: .timbre) ?? [])
    }

    /// "Artist - Title", or what there is of it.
    public var spokenName: String {
        switch (artist, title) {
        case (let artist?, let title?): "\(artist) - \(title)"
        case (nil, let title?): title
        default: id
        }
    }

    /// The tracks of an `order --tracks` file.
    ///
    /// **Errors:** `TrackFactsError` in words an operator understands.
    public static func list(fromJSON data: Data) throws(TrackFactsError) -> [TrackFacts] {
        let tracks: [TrackFacts]
        do {
            tracks = try JSONDecoder().decode([TrackFacts].self, from: data)
        } catch let error as DecodingError {
            throw .malformed(error.inWords)
        } catch {
            throw .malformed("\(error)")
        }
        guard tracks.count <= CoreLimits.tourTracksMax else {
            throw .tooMany(count: tracks.count, limit: CoreLimits.tourTracksMax)
        }
        var seen = Set<String>()
        for track in tracks where !seen.insert(track.id).inserted { throw .repeatedID(track.id) }
        return tracks
    }
}

/// Why a list of track facts was not taken.
public enum TrackFactsError: Error, Hashable, Sendable, CustomStringConvertible {
    case malformed(String)
    case repeatedID(String)
    case tooMany(count: Int, limit: Int)

    public var description: String {
        switch self {
        case .malformed(let what): "not a list of tracks: \(what)"
        case .repeatedID(let id): "the id \"\(id)\" stands twice in the list of tracks"
        case .tooMany(let count, let limit): "\(count) tracks are more than the \(limit) of one tour"
        }
    }
}

extension DecodingError {
    /// Where in the JSON, and what was wrong there.
    fileprivate var inWords: String {
        func place(_ context: Context) -> String {
            let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
            return path.isEmpty ? "" : " at \(path)"
        }
        switch self {
        case .keyNotFound(let key, let context): return "\"\(key.stringValue)\" is missing\(place(context))"
        case .typeMismatch(let type, let context): return "something else than \(type) stands\(place(context))"
        case .valueNotFound(let type, let context): return "no \(type) stands\(place(context))"
        case .dataCorrupted(let context): return "\(context.debugDescription)\(place(context))"
        @unknown default: return "\(self)"
        }
    }
}
