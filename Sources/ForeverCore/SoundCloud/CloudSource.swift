import Foundation

/// Where tracks are taken from: an entry of `from`.
///
/// `https://soundcloud.com/…` (a track, a set, a profile, its `/likes`, `/reposts`, `/tracks`), `likes: LINK`,
/// `reposts: LINK`, `related: LINK`, `station: LINK`, `genre: NAME`, `tags: A, B`, `search: WORDS`. A URN may stand
/// for a link.
public struct CloudSource: Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// What a link leads to.
        case link(CloudLink)
        case likes(CloudLink)
        case reposts(CloudLink)
        case related(CloudLink)
        case station(CloudLink)
        case genre(String)
        case tags(String)
        case search(String)
    }

    public let kind: Kind

    public init(_ text: String) throws(CloudSettingsError) {
        let shown = String(text.prefix(80))
        let entry = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !entry.isEmpty, entry.count <= CloudLimits.sourceCharactersMax else {
            throw .source(shown, "is empty or too long")
        }
        if let link = CloudLink(entry) {
            kind = CloudSource.leading(to: link)
            return
        }
        let parts = entry.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
        guard parts.count == 2, !parts[1].isEmpty else { throw .source(shown, CloudSource.help) }
        func link() throws(CloudSettingsError) -> CloudLink {
            guard let link = CloudLink(parts[1]) else {
                throw .source(shown, "needs a link to soundcloud.com or a URN")
            }
            return link
        }
        switch parts[0].lowercased() {
        case "likes": kind = .likes(try link())
        case "reposts": kind = .reposts(try link())
        case "related": kind = .related(try link())
        case "station": kind = .station(try link())
        case "genre", "genres": kind = .genre(parts[1])
        case "tag", "tags": kind = .tags(parts[1])
        case "search": kind = .search(parts[1])
        default: throw .source(shown, CloudSource.help)
        }
    }

    private static let help =
        "is no link to soundcloud.com and none of likes:, reposts:, related:, station:, genre:, tags:, search:"

    /// A profile's own lists have addresses of their own that nobody resolves.
    private static func leading(to link: CloudLink) -> Kind {
        guard case .page(let address) = link, var parts = URLComponents(string: address) else { return .link(link) }
        let path = parts.path.split(separator: "/").map(String.init)
        guard path.count == 2, ["likes", "reposts", "tracks"].contains(path[1]), parts.host != "on.soundcloud.com"
        else { return .link(link) }
        parts.path = "/" + path[0]
        guard let profile = CloudLink(parts.string ?? "") else { return .link(link) }
        switch path[1] {
        case "likes": return .likes(profile)
        case "reposts": return .reposts(profile)
        default: return .link(profile)
        }
    }

    /// How far tracks from here are trusted to be what the operator wants: chosen ones first, searches last.
    var trust: Double {
        switch kind {
        case .link: 1
        case .likes, .reposts: 0.9
        case .genre, .tags, .search: 0.75
        case .related, .station: 0.65
        }
    }

    public var description: String {
        switch kind {
        case .link(let link): "\(link)"
        case .likes(let link): "likes: \(link)"
        case .reposts(let link): "reposts: \(link)"
        case .related(let link): "related: \(link)"
        case .station(let link): "station: \(link)"
        case .genre(let name): "genre: \(name)"
        case .tags(let names): "tags: \(names)"
        case .search(let words): "search: \(words)"
        }
    }
}

/// A link to something on SoundCloud: a page, which SoundCloud resolves, or a name at once.
public enum CloudLink: Hashable, Sendable, CustomStringConvertible {
    case page(String)
    case name(CloudURN)

    /// nil for what is neither.
    init?(_ text: String) {
        if text.hasPrefix("soundcloud:"), let urn = CloudURN(text: text) {
            self = .name(urn)
            return
        }
        guard text.contains("://") || text.hasPrefix("soundcloud.com/"),
            var parts = URLComponents(string: text.contains("://") ? text : "https://" + text),
            ["http", "https"].contains(parts.scheme), parts.user == nil, parts.port == nil,
            let host = parts.host?.lowercased(), CloudLink.hosts.contains(host),
            parts.path.split(separator: "/").count >= 1
        else { return nil }
        parts.scheme = "https"
        parts.host = host == "www.soundcloud.com" || host == "m.soundcloud.com" ? "soundcloud.com" : host
        // A secret link's token is part of its path; what campaigns and players add is not.
        parts.query = nil
        parts.fragment = nil
        guard let address = parts.string else { return nil }
        self = .page(address)
    }

    private static let hosts: Set = ["soundcloud.com", "www.soundcloud.com", "m.soundcloud.com", "on.soundcloud.com"]

    public var description: String {
        switch self {
        case .page(let address): address
        case .name(let urn): "\(urn)"
        }
    }
}
