/// A sound of a track's bank.
enum DemoVoice: Hashable, Sendable {
    case kick, snare, snareRoom, clap, closedHat, closedHatSoft, openHat, shaker, ride, crash
    case lowPercussion, highPercussion
    case bass(note: Int, bright: Bool)
    case keys(note: Int, bright: Bool)
    case arpeggio(note: Int, bright: Bool)
    case lead(note: Int)
    /// The room an arpeggio's or the lead's note leaves behind.
    case wash(note: Int, isLead: Bool)
    case padDark(chord: Int)
    case padBright(chord: Int)
    case noiseLow, noiseHigh, crackle

    /// Loops are read at any position modulo their length.
    var isLoop: Bool {
        switch self {
        case .padDark, .padBright, .noiseLow, .noiseHigh, .crackle: return true
        default: return false
        }
    }

    /// A number of its own, so that a voice's noise does not depend on what was made before it.
    var stream: UInt64 {
        switch self {
        case .kick: return 1
        case .snare, .snareRoom: return 2
        case .clap: return 3
        case .closedHat: return 4
        case .closedHatSoft: return 5
        case .openHat: return 6
        case .shaker: return 7
        case .ride: return 8
        case .crash: return 9
        case .lowPercussion: return 10
        case .highPercussion: return 11
        case .noiseLow: return 12
        case .noiseHigh: return 13
        case .crackle: return 14
        case .padDark(let chord), .padBright(let chord): return 32 + UInt64(chord)
        case .bass, .keys, .arpeggio, .lead, .wash: return 15
        }
    }
}
