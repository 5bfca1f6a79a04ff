/// A key as a track's facts give it: a tonic's name and a mode.
public struct KeyFact: Codable, Hashable, Sendable {
    /// "C", "F#", "Eb" ...; sharps and flats both understood.
    public var tonic: String
    /// "major" or "minor".
    public var mode: String

    public init(tonic: String, mode: String) {
        self.tonic = tonic
        self.mode = mode
    }

    /// 0 (C) ... 11 (B), nil for a name that is none.
    public var pitchClass: Int? {
        var letters = tonic.trimmedASCII.unicodeScalars.makeIterator()
        guard let letter = letters.next(),
            let natural = ["C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11][
                String(letter).uppercased()]
        else { return nil }
        var pitch = natural
        while let sign = letters.next() {
            switch sign {
            case "#", "♯": pitch += 1
            case "b", "♭": pitch -= 1
            default: return nil
            }
        }
        return ((pitch % 12) + 12) % 12
    }

    /// nil for a mode that is neither.
    public var isMinor: Bool? {
        switch mode.trimmedASCII.lowercased() {
        case "major", "maj": false
        case "minor", "min": true
        default: nil
        }
    }

    /// Where the key's signature lies on the circle of fifths, 0 (C major, A minor) ... 11; nil for no key.
    public var fifths: Int? {
        guard let pitchClass, let isMinor else { return nil }
        let relativeMajor = isMinor ? pitchClass + 3 : pitchClass
        return relativeMajor * 7 % 12
    }
}

extension String {
    /// Without spaces at either end.
    fileprivate var trimmedASCII: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
