import Foundation

/// Artist and title of an upload as people want to read them: "Artist - Title" and "Title by Artist" taken apart,
/// advertising left out.
///
/// What tells versions apart stays: remix, edit, live, feat. Where nothing tells, the uploader stands as the artist.
/// Pure.
public struct ShownNames: Hashable, Sendable {
    public var artist: String
    public var title: String

    /// - Parameters:
    ///   - performer: who plays, where the uploader has said so
    ///   - uploader: nil where the account is gone
    public init(title raw: String, performer: String? = nil, uploader: String? = nil) {
        let whole = TrackNames.tidied(ShownNames.unescaped(raw)) ?? "Untitled"
        let cleaned = TitleClutter.removed(from: ShownNames.withoutNumber(whole))
        let names = ShownNames.apart(cleaned, performer: performer, uploader: uploader)
        artist = names.artist ?? performer ?? uploader ?? Track.unknownArtist
        title = ShownNames.unquoted(names.title)
    }

    /// Of a track on SoundCloud.
    public init(_ track: CloudTrack) {
        self.init(title: track.title, performer: track.performer, uploader: track.uploader?.name)
    }

    // MARK: Taking apart

    private static func apart(
        _ text: String, performer: String?, uploader: String?
    ) -> (artist: String?, title: String) {
        let known = [performer, uploader].compactMap { $0 }
        if let dash = dashRange(text) {
            let left = trimmed(text[..<dash.lowerBound])
            let right = trimmed(text[dash.upperBound...])
            if !left.isEmpty, !right.isEmpty, !isVersion(right) {
                if known.contains(where: { same($0, right) }) { return (right, left) }
                if known.contains(where: { same($0, left) }) { return (left, right) }
                if let performer {
                    // Somebody of the performers stands in front; else the dash is the title's own.
                    return shareWord(performer, left) ? (performer, right) : (performer, text)
                }
                if left.contains(where: { $0.isLetter }) { return (left, right) }
            }
        }
        if let bar = text.range(of: " | ") {
            let left = trimmed(text[..<bar.lowerBound])
            let right = trimmed(text[bar.upperBound...])
            if known.contains(where: { same($0, left) }) { return (left, right) }
            if known.contains(where: { same($0, right) }) { return (right, left) }
        }
        if let by = byName(text, known: known) { return by }
        return (nil, text)
    }

    /// A dash with a space on either side, or one that hangs on the word before it.
    private static func dashRange(_ text: String) -> Range<String.Index>? {
        if let found = text.firstMatch(of: #/\s+[-–—]+\s+/#) { return found.range }
        return text.firstMatch(of: #/\w([-–—]\s+)\S/#).map { $0.output.1.startIndex..<$0.output.1.endIndex }
    }

    /// "Title by Artist", where "by" does not belong to the title itself, as in "Stand by Me".
    private static func byName(_ text: String, known: [String]) -> (artist: String, title: String)? {
        guard let by = text.range(of: " by ", options: [.caseInsensitive, .backwards]) else { return nil }
        let title = trimmed(text[..<by.lowerBound])
        let artist = trimmed(text[by.upperBound...])
        guard !title.isEmpty, !artist.isEmpty, !title.hasSuffix("("), !artist.contains(")") || artist.contains("(")
        else { return nil }
        if known.contains(where: { same($0, artist) }) || unquoted(title) != title { return (artist, title) }
        guard let first = artist.first, first.isUppercase || first.isNumber,
            let word = artist.lowercased().split(separator: " ").first, !notNames.contains(String(word)),
            !title.lowercased().hasSuffix(String(word))
        else { return nil }
        return (artist, title)
    }

    /// What follows a "by" that is the title's own.
    private static let notNames: Set = [
        "me", "you", "us", "him", "her", "them", "it", "my", "your", "our", "his", "their", "myself", "yourself", "now",
        "then", "day", "night", "side", "numbers", "heart", "design", "nature", "default", "far", "land", "sea", "air",
        "train", "fire", "moonlight", "candlelight", "starlight", "mistake", "accident", "chance", "surprise", "one",
        "two", "degrees", "morning", "midnight", "dawn", "sunrise", "sunset", "summer", "winter", "a", "an", "any",
        "all", "this", "that", "request", "hand", "proxy", "law", "sound", "light",
    ]

    /// "Original Mix", "Live", "Harbour Remix": what tells versions apart and is no title.
    private static func isVersion(_ text: String) -> Bool {
        TitleClutter.matches(
            #"^[\(\[]?(?:(?:the |a )?(?:original|extended|radio|club|dub|live|instrumental|acoustic|album|vocal|"#
                + #"remastered|remaster|demo|sped up|slowed)\s*(?:mix|edit|version|session|set|take|"#
                + #"\+ reverb|remaster)?|\d{4}\s*(?:mix|edit|version|remaster)|remix|edit|bootleg|part \w+|pt\.? \w+|vip|interlude|intro|outro)[\)\]]?$"#,
            text)
    }

    // MARK: Words

    private static func same(_ name: String, _ other: String) -> Bool { plain(name) == plain(other) }

    /// Letters and digits only, in one case, without accents.
    private static func plain(_ text: String) -> String {
        let folded = text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
        let letters = folded.unicodeScalars.filter { $0.properties.isAlphabetic || $0.properties.numericType != nil }
        // A name of signs alone is compared as it stands.
        return letters.isEmpty ? folded : String(String.UnicodeScalarView(letters))
    }

    private static func shareWord(_ name: String, _ other: String) -> Bool {
        func words(_ text: String) -> Set<String> {
            Set(text.split { !$0.isLetter && !$0.isNumber }.map { plain(String($0)) }.filter { $0.count >= 3 })
                .subtracting(["the", "and", "feat"])
        }
        return !words(name).isDisjoint(with: words(other))
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        text.trimmingCharacters(in: .whitespaces)
    }

    /// "01. Title", "03 - Title", "07) Title" as albums are put up. A bare number or a year is a title.
    private static func withoutNumber(_ text: String) -> String {
        guard let match = text.prefixMatch(of: #/(?:\d{1,2}[.)]\s+|0\d\s*[-–]\s+|0\d\s+)/#),
            match.range.upperBound < text.endIndex, text[match.range.upperBound...].contains(where: { $0.isLetter })
        else { return text }
        return String(text[match.range.upperBound...])
    }

    private static func unquoted(_ text: String) -> String {
        for (open, close) in [("\"", "\""), ("“", "”"), ("„", "“"), ("«", "»"), ("'", "'"), ("‘", "’")]
        where text.count > 2 && text.hasPrefix(open) && text.hasSuffix(close) {
            let inside = String(text.dropFirst().dropLast())
            if !inside.contains(open), !inside.contains(close) { return trimmed(inside) }
        }
        return text
    }

    /// Some uploads carry the page's way of writing signs.
    private static func unescaped(_ text: String) -> String {
        guard text.contains("&") else { return text }
        return text.replacing("&quot;", with: "\"").replacing("&#39;", with: "'").replacing("&apos;", with: "'")
            .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    }
}
