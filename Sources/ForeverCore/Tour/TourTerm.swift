/// What a tour minds between two tracks. Each term's value is 0 (no difference) ... 1 (as bad as it gets).
public enum TourTerm: String, CaseIterable, Codable, Hashable, Sendable {
    /// The planner's opinion of the transition, handed in by whoever knows the sound.
    case transition
    /// Distance of the tempi after halving or doubling; a step where beats can no longer be matched.
    case tempo
    /// Distance on the circle of fifths.
    case key
    case energy
    case danceability
    case loudness
    /// How differently the two sound as a whole.
    case timbre
    /// How unlike the genres' names are.
    case genre
    /// Share of tags that the two do not have in common.
    case tags
    case length
    /// 1 where both are by the same artist.
    case artist
    /// How far the second track's energy is from what the hour asks for. Weighed against all other terms together,
    /// known or not, because it depends on when the track plays and not on what plays before.
    case shape
}

/// How much each term counts. The cost of a leg is the weighted mean of the terms that both tracks have values for.
///
/// **Shape:** as JSON an object of term names; a term left out keeps its default.
public struct TourWeights: Codable, Hashable, Sendable {
    private var values: [Double]

    /// The defaults: whether the two can be mixed decides, then key and energy, then what they are called.
    public init() {
        values = TourTerm.allCases.map { term in
            switch term {
            case .transition: 35
            case .tempo: 25
            case .key: 10
            case .energy: 8
            case .danceability: 3
            case .loudness: 2
            case .timbre: 5
            case .genre: 6
            case .tags: 2
            case .length: 1
            case .artist: 8
            case .shape: 30
            }
        }
    }

    /// 0 turns a term off. Negative or not finite counts as 0.
    public subscript(term: TourTerm) -> Double {
        get { values[term.index] }
        set { values[term.index] = newValue.isFinite ? max(0, newValue) : 0 }
    }

    /// Weights as somebody writes them: `key=20`. **Errors:** why that is none, in words.
    public mutating func set(_ text: String) throws(MalformedWeight) {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, let weight = Double(parts[1]), weight >= 0, weight.isFinite else {
            throw MalformedWeight(description: "\"\(text)\" is not TERM=WEIGHT, as in key=20")
        }
        guard let term = TourTerm(rawValue: String(parts[0])) else {
            let names = TourTerm.allCases.map(\.rawValue).joined(separator: ", ")
            throw MalformedWeight(description: "no term is called \"\(parts[0])\"; there are \(names)")
        }
        self[term] = weight
    }

    /// What is wrong with a weight that somebody wrote.
    public struct MalformedWeight: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
    }

    public init(from decoder: any Decoder) throws {
        self.init()
        let fields = try decoder.singleValueContainer().decode([String: Double].self)
        for (name, weight) in fields {
            guard let term = TourTerm(rawValue: name) else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "no term is called \"\(name)\""))
            }
            self[term] = weight
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(
            Dictionary(uniqueKeysWithValues: TourTerm.allCases.map { ($0.rawValue, self[$0]) }))
    }
}

extension TourTerm {
    /// Place in `allCases`.
    @inline(__always)
    var index: Int {
        switch self {
        case .transition: 0
        case .tempo: 1
        case .key: 2
        case .energy: 3
        case .danceability: 4
        case .loudness: 5
        case .timbre: 6
        case .genre: 7
        case .tags: 8
        case .length: 9
        case .artist: 10
        case .shape: 11
        }
    }
}
