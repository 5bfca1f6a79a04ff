/// Finds tracks that are the same although their bytes are not: by artist, title and length.
///
/// Another bit rate or another tagger's spelling is the same track; a remix is not, since its title says so. Of one
/// group the first that came in stays.
public struct DuplicateIndex: Sendable {
    /// Lengths of the same recording differ by an encoder's padding and a tagger's rounding. **Units:** s.
    public static let secondsApartMax = 2.0

    private struct Member: Sendable {
        var id: String
        var seconds: Double
    }

    private var groups: [String: [Member]] = [:]

    public init() {}

    /// The track that this one is the same as, among those that are in; nil for none. Tracks without an artist or a
    /// length are the same as none.
    public func original(of track: Track, seconds: Double? = nil) -> String? {
        guard let (name, length) = DuplicateIndex.key(track, seconds) else { return nil }
        return groups[name]?.first {
            $0.id != track.id && abs($0.seconds - length) <= DuplicateIndex.secondsApartMax
        }?.id
    }

    /// Lets a track in; one that is in already is replaced.
    public mutating func insert(_ track: Track, seconds: Double? = nil) {
        guard let (name, length) = DuplicateIndex.key(track, seconds) else { return }
        let member = Member(id: track.id, seconds: length)
        if let at = groups[name]?.firstIndex(where: { $0.id == track.id }) {
            groups[name]?[at] = member
        } else {
            groups[name, default: []].append(member)
        }
    }

    /// Takes a track out. **Returns** whether others of its name may now come in.
    @discardableResult
    public mutating func remove(_ track: Track) -> Bool {
        guard let (name, _) = DuplicateIndex.key(track, 1) else { return false }
        guard let at = groups[name]?.firstIndex(where: { $0.id == track.id }) else { return false }
        groups[name]?.remove(at: at)
        if groups[name]?.isEmpty == true { groups[name] = nil }
        return true
    }

    private static func key(_ track: Track, _ seconds: Double?) -> (name: String, seconds: Double)? {
        let length = seconds ?? track.durationSeconds
        guard track.artist != Track.unknownArtist, length > 0 else { return nil }
        let artist = FoldedText(track.artist).line
        let title = FoldedText(track.title).words.filter { !emptyWords.contains($0) }.joined(separator: " ")
        return artist.isEmpty || title.isEmpty ? nil : (artist + "\n" + title, length)
    }

    /// What taggers add to the plain version of a track.
    private static let emptyWords: Set<String> = ["original", "mix", "version", "album", "official", "audio", "the"]
}
