import Foundation

/// A file's title and artist: from its tags, and where those are silent from its name.
///
/// "Artist - Title" is taken apart where the artist is missing; a track number in front is dropped.
public struct TrackNames: Hashable, Sendable {
    public var title: String
    public var artist: String?
    public var album: String?
    public var genre: String?

    public init(tags: TrackTags, path: String) {
        artist = TrackNames.tidied(tags.artist)
        album = TrackNames.tidied(tags.album)
        genre = TrackNames.tidied(tags.genre)
        let tagged = TrackNames.tidied(tags.title)
        let fileName = TrackNames.stem(ofPath: path)
        title = tagged ?? TrackNames.tidied(fileName) ?? "Untitled"

        if tagged == nil {
            // A file name: "03 - Artist - Title", "1-04. Title", "Artist_-_Title".
            let spoken = TrackNames.spoken(fileName)
            let (named, rest) = TrackNames.split(TrackNames.withoutNumber(spoken))
            if let named, artist == nil || TrackNames.same(named, artist) {
                artist = artist ?? named
                title = rest
            } else if artist != nil || named == nil {
                title = TrackNames.withoutNumber(spoken)
            }
        } else if artist == nil, let tagged {
            // A title that carries its artist, as uploads often do. No number is dropped: "99 - Red" may be a title.
            let (named, rest) = TrackNames.split(tagged)
            if let named {
                artist = named
                title = rest
            }
        }
        if title.isEmpty { title = TrackNames.tidied(fileName) ?? "Untitled" }
    }

    /// Text fit to be shown: one line, composed (NFC), no control characters, no space around, not too long.
    /// nil where nothing is left, or where the text only says that nothing is known.
    public static func tidied(_ text: String?) -> String? {
        guard let text else { return nil }
        var scalars = String.UnicodeScalarView()
        var spacePending = false
        for scalar in text.prefix(4 * CoreLimits.titleCharactersMax).unicodeScalars {
            let isHidden =
                scalar.properties.generalCategory == .control || isDirectionOverride(scalar)
                || scalar.value == 0xFEFF || scalar.value == 0xFFFD
            if scalar.properties.isWhitespace || scalar.value < 0x20 {
                spacePending = true
            } else if !isHidden {
                if spacePending, !scalars.isEmpty { scalars.append(" ") }
                spacePending = false
                scalars.append(scalar)
            }
        }
        let composed = String(scalars).precomposedStringWithCanonicalMapping
        let cut = String(composed.prefix(CoreLimits.titleCharactersMax))
        return cut.isEmpty || emptyWords.contains(cut.lowercased()) ? nil : cut
    }

    /// What taggers write where they know nothing.
    private static let emptyWords: Set<String> = [
        "unknown", "unknown artist", "unknown album", "untitled", "<unknown>", "(unknown)", "-", "none", "n/a",
    ]

    /// Characters that turn the direction of the text after them: a title may not rearrange the page.
    private static func isDirectionOverride(_ scalar: Unicode.Scalar) -> Bool {
        (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    }

    /// The last part of a path without its extension.
    static func stem(ofPath path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
        return String(name[..<dot])
    }

    /// Underscores are spaces in a name that has no space of its own.
    private static func spoken(_ name: String) -> String {
        let spaced = name.contains(" ") ? name : name.replacing("_", with: " ")
        return tidied(spaced) ?? ""
    }

    /// Drops a track number in front: "03 - ", "03. ", "1-03 ", "A1. ", "03 ". A bare year or number stays a title.
    private static func withoutNumber(_ name: String) -> String {
        let patterns = [
            /^[0-9]{1,3}\s*[-.)]\s*[0-9]{1,3}\s*[-.)]\s+/,  // disc and track: "1-03 - "
            /^[0-9]{1,2}-[0-9]{2}\s+/,
            /^[0-9]{1,3}\s*[-.):]\s+/,
            /^[A-D][0-9]{1,2}\s*[-.):]\s+/,
            /^0[0-9]{1,2}\s+/,
        ]
        for pattern in patterns {
            if let match = name.prefixMatch(of: pattern), match.range.upperBound < name.endIndex {
                return String(name[match.range.upperBound...])
            }
        }
        return name
    }

    /// "Artist - Title" taken apart; with more parts, those that are only numbers are left out and the last is the
    /// title unless it is the second: "Artist - Album - 03 - Title".
    private static func split(_ name: String) -> (artist: String?, title: String) {
        let dashed = name.replacing(" – ", with: " - ").replacing(" — ", with: " - ")
        let parts = dashed.components(separatedBy: " - ").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
        guard parts.count >= 2, let first = parts.first, let last = parts.last else { return (nil, name) }
        guard first.contains(where: \.isLetter) || parts.count == 2 else { return (nil, name) }
        let hasNumber = parts.dropFirst().dropLast().contains { $0.allSatisfy(\.isNumber) }
        return (first, hasNumber ? last : parts.dropFirst().joined(separator: " - "))
    }

    private static func same(_ name: String, _ other: String?) -> Bool {
        guard let other else { return false }
        return name.caseInsensitiveCompare(other) == .orderedSame
    }
}
