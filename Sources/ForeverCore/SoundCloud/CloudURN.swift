/// SoundCloud's name of a thing, `soundcloud:tracks:123`.
///
/// Also read from the older forms: a bare number, an address of the API with either form, percent-encoded colons.
/// The number is kept as text: tracks are past 2^31, and stations have words in their place.
public struct CloudURN: Codable, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: String, Codable, Hashable, Sendable {
        case tracks, users, playlists
        case stations = "system-playlists"
    }

    public let kind: Kind
    /// What stands after the kind.
    public let name: String

    /// nil for a name that is none: letters, digits and `-_:.` only, so that it is safe in a path.
    public init?(_ kind: Kind, _ name: String) {
        let isPlain = name.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || "-_:.".utf8.contains($0)
        }
        guard isPlain, !name.isEmpty, name.utf8.count <= CloudLimits.urnBytesMax, !name.contains("..") else {
            return nil
        }
        self.kind = kind
        self.name = name
    }

    /// From `soundcloud:tracks:123`, or from an address whose path ends in it or in `/tracks/123`.
    public init?(text: String) {
        let plain = text.replacing("%3A", with: ":").replacing("%3a", with: ":")
        let path = plain.prefix { $0 != "?" && $0 != "#" }
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        guard let last = parts.last else { return nil }
        if last.hasPrefix("soundcloud:") {
            let words = last.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard words.count == 3, let kind = Kind(rawValue: String(words[1])) else { return nil }
            self.init(kind, String(words[2]))
        } else {
            guard parts.count >= 2, let kind = Kind(rawValue: String(parts[parts.count - 2])),
                kind == .stations
                    || last.allSatisfy(\.isNumber)
            else { return nil }
            self.init(kind, String(last))
        }
    }

    public var description: String { "soundcloud:\(kind.rawValue):\(name)" }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let urn = CloudURN(text: text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not a URN"))
        }
        self = urn
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
