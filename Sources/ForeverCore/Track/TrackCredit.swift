/// To whom a track is owed, where its source asks for that to be shown with it everywhere.
public struct TrackCredit: Codable, Hashable, Sendable {
    /// Who put it up: named even where somebody else performs.
    public var uploader: String
    public var uploaderLink: String?
    /// The service it comes from, "SoundCloud".
    public var source: String

    public init(uploader: String, uploaderLink: String? = nil, source: String) {
        self.uploader = uploader
        self.uploaderLink = uploaderLink
        self.source = source
    }
}

extension Track {
    /// The one line that players show: "Artist - Title", and whom and which service it is owed to.
    ///
    /// Long titles are cut so that the credit is not.
    public var streamTitle: String {
        guard let credit else { return facts.spokenName }
        let uploader = TrackCredit.cut(
            String(credit.uploader.prefix(CoreLimits.creditCharactersMax)), bytes: CoreLimits.creditBytesMax)
        let tail = credit.uploader == artist ? " (on \(credit.source))" : " (\(uploader) on \(credit.source))"
        let name = facts.spokenName
        let room = CoreLimits.streamTitleBytesMax - tail.utf8.count
        return (name.utf8.count <= room ? name : TrackCredit.cut(name, bytes: room - 3) + "…") + tail
    }
}

extension TrackCredit {
    /// As many whole characters as fit.
    fileprivate static func cut(_ text: String, bytes: Int) -> String {
        var kept = ""
        var count = 0
        for character in text {
            count += character.utf8.count
            if count > bytes { break }
            kept.append(character)
        }
        return kept
    }
}
