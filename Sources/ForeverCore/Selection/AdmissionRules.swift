/// Which tracks are let in: the operator's rules about length, people, tags and words.
///
/// Compared without case, accents and punctuation. A track of unknown length is let in until its length is known.
public struct AdmissionRules: Hashable, Sendable {
    /// **Units:** s; nil: no limit.
    public var secondsMin: Double?
    public var secondsMax: Double?
    /// Artists and uploaders; the whole name.
    public var blockedUsers: [String] { didSet { users = AdmissionRules.lines(blockedUsers) } }
    /// Tags and genres; the whole tag.
    public var blockedTags: [String] { didSet { tags = AdmissionRules.lines(blockedTags) } }
    /// Words, or words in a row, that no title may have.
    public var blockedTitleWords: [String] { didSet { titleWords = blockedTitleWords.map { FoldedText($0) } } }
    /// Whether of several tracks with the same artist, title and length only one is let in.
    public var refusesDuplicates: Bool

    private var users: Set<String>
    private var tags: Set<String>
    private var titleWords: [FoldedText]

    public init(
        secondsMin: Double? = nil, secondsMax: Double? = nil, blockedUsers: [String] = [], blockedTags: [String] = [],
        blockedTitleWords: [String] = [], refusesDuplicates: Bool = true
    ) {
        self.secondsMin = secondsMin
        self.secondsMax = secondsMax
        self.blockedUsers = blockedUsers
        self.blockedTags = blockedTags
        self.blockedTitleWords = blockedTitleWords
        self.refusesDuplicates = refusesDuplicates
        users = AdmissionRules.lines(blockedUsers)
        tags = AdmissionRules.lines(blockedTags)
        titleWords = blockedTitleWords.map { FoldedText($0) }
    }

    private static func lines(_ names: [String]) -> Set<String> {
        Set(names.map { FoldedText($0).line }.filter { !$0.isEmpty })
    }

    /// Why the track is not let in; nil where nothing speaks against it.
    ///
    /// - seconds: its length where it is better known than `track` says
    public func objection(to track: Track, seconds: Double? = nil) -> Objection? {
        let length = seconds ?? track.durationSeconds
        if length > 0 {
            if let secondsMin, length < secondsMin { return .tooShort(seconds: length, limit: secondsMin) }
            if let secondsMax, length > secondsMax { return .tooLong(seconds: length, limit: secondsMax) }
        }
        if !users.isEmpty {
            for name in [track.artist, track.credit?.uploader ?? ""] where users.contains(FoldedText(name).line) {
                return .user(name)
            }
        }
        if !tags.isEmpty {
            for tag in track.tags + [track.genre ?? ""] where tags.contains(FoldedText(tag).line) { return .tag(tag) }
        }
        if !titleWords.isEmpty {
            let title = FoldedText(track.title)
            if let word = titleWords.first(where: { title.contains($0) }) { return .titleWord(word.line) }
        }
        return nil
    }
}

/// Why a track is not let in.
public enum Objection: Hashable, Sendable, CustomStringConvertible {
    case tooShort(seconds: Double, limit: Double)
    case tooLong(seconds: Double, limit: Double)
    case user(String)
    case tag(String)
    case titleWord(String)
    /// Somebody said so by hand.
    case never
    /// The same as the track with that id.
    case duplicate(of: String)

    public var description: String {
        func plain(_ seconds: Double) -> String { "\((seconds * 10).rounded() / 10) s" }
        return switch self {
        case .tooShort(let seconds, let limit): "\(plain(seconds)) are shorter than \(plain(limit))"
        case .tooLong(let seconds, let limit): "\(plain(seconds)) are longer than \(plain(limit))"
        case .user(let name): "\(name) is blocked"
        case .tag(let tag): "the tag \"\(tag)\" is blocked"
        case .titleWord(let word): "\"\(word)\" in titles is blocked"
        case .never: "never to be played, by hand"
        case .duplicate(let id): "a duplicate of \(id)"
        }
    }
}
