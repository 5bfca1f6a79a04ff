/// How two keys sound together.
enum KeyRelation: Sendable {
    case same, relative, neighbour, apart, unknown

    init(_ first: TrackAnalysis, _ second: TrackAnalysis) { self.init(first.trustedKey, second.trustedKey) }

    /// Of keys that are trusted; nil where none is.
    init(_ first: MusicalKey?, _ second: MusicalKey?) {
        guard let a = first, let b = second else {
            self = .unknown
            return
        }
        let fifths = KeyRelation.fifths(a, b)
        switch fifths {
        case 0: self = a.mode == b.mode ? .same : .relative
        // Six of seven notes are common, whatever the modes.
        case 1, 11: self = .neighbour
        default: self = .apart
        }
    }

    /// Fifths up from the first's key to the second's, both as the major key of the same notes.
    private static func fifths(_ a: MusicalKey, _ b: MusicalKey) -> Int {
        ((relativeMajor(b) - relativeMajor(a)) * 7 % 12 + 12) % 12
    }

    /// Fifths between the two, the shorter way round; nil where one is not known.
    static func distance(_ first: TrackAnalysis, _ second: TrackAnalysis) -> Int? {
        guard let a = first.trustedKey, let b = second.trustedKey else { return nil }
        let fifths = fifths(a, b)
        return min(fifths, 12 - fifths)
    }

    private static func relativeMajor(_ key: MusicalKey) -> Int {
        key.mode == .major ? key.pitchClass : key.pitchClass + 3
    }

    /// 0 good ... 1 bad.
    var cost: Double {
        switch self {
        case .same: 0
        case .relative: 0.1
        case .neighbour: 0.2
        case .unknown: 0.5
        case .apart: 1
        }
    }

    /// For a transition's reason; nil where nothing is known.
    var phrase: String? {
        switch self {
        case .same: "same key"
        case .relative: "relative key"
        case .neighbour: "neighbouring key"
        case .apart: "distant key"
        case .unknown: nil
        }
    }
}

extension TrackAnalysis {
    var trustedKey: MusicalKey? { trusted.key ? key : nil }
}
