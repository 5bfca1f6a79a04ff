/// How a track's beats make bars.
public enum TimeSignature: String, Codable, Hashable, Sendable {
    case fourFour = "4/4"
    case threeFour = "3/4"
    /// Two beats a bar, each of three eighths: what is counted, and what is called a beat here, is the dotted quarter.
    case sixEight = "6/8"

    /// Beats in a bar: 4, 3 or 2.
    public var beatsPerBar: Int {
        switch self {
        case .fourFour: 4
        case .threeFour: 3
        case .sixEight: 2
        }
    }

    /// The signature with so many beats a bar; 4/4 for any number that none has.
    public init(beatsPerBar: Int) {
        switch beatsPerBar {
        case 3: self = .threeFour
        case 2: self = .sixEight
        default: self = .fourFour
        }
    }
}
