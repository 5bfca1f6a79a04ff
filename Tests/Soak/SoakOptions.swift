/// What the command line asks for.
struct SoakOptions {
    /// How long listeners listen, faults and the quiet after them together. **Units:** s.
    var seconds = 600.0
    var listeners = 500
    var relays = 3
    /// So many relays pull from the root, the others from relays; nil: as the root has it by itself.
    var fanout: Int?
    var seed: UInt64?
    /// How far the root mixes ahead. **Units:** s.
    var leadSeconds = 20.0
    /// What each server gives a new listener at once. **Units:** s.
    var burstSeconds = 6.0
    /// Kills of the root, one after the other, instead of the mixed faults.
    var restarts: Int?
    /// The music that the root plays; nil: its own demo crate.
    var library: String?
    var canary: Canary?
    /// A certificate for 127.0.0.1 and its key, which everybody believes; nil: nobody speaks https.
    var certificate: String?
    /// Where the servers' files and logs go; they are kept then.
    var folder: String?
    /// Say what would be done, and do nothing.
    var wantsPlan = false
    var wantsHelp = false

    static let help = """
        forever-soak [--seconds S] [--listeners N] [--relays N] [--seed N] [--restarts N] [--folder DIR] [--plan]

        Runs a root, relays and listeners on loopback, kills, stops and drains servers at random, and compares every
        listener's bytes with the root's. Exit status 0: nothing broke; 1: something did; 2: wrong arguments.
          --seconds S    how long (600)
          --listeners N  players (500)
          --relays N     relays (3)
          --fanout N     relays that the root serves itself; the others pull from relays
          --seed N       what every fault is drawn from (standard: another each time; the report names it)
          --lead S       how far the root mixes ahead (20)
          --restarts N   kill only the root, N times, and compare its sound with an uninterrupted encoding
          --library DIR  the music that the root plays (standard: its demo crate)
          --certificate FILE  a certificate for 127.0.0.1 and its key (PEM): a third of the players and every second relay
                         come by https
          --folder DIR   keep the servers' files and logs here
          --plan         only say what would be done to whom
          --canary WHAT  plant a fault that must be found: byte, skip, cut or silence
        """

    /// What is typed to have the same again.
    func command(seed: UInt64) -> String {
        let what = restarts.map { "--restarts \($0)" } ?? "--seconds \(Int(seconds))"
        return ".build/release/forever-soak \(what) --listeners \(listeners) --relays \(relays) "
            + (fanout.map { "--fanout \($0) " } ?? "") + (certificate.map { "--certificate \($0) " } ?? "")
            + "--lead \(Int(leadSeconds)) --seed \(seed)"
    }

    /// **Errors:** in words for the user.
    init(_ words: [String]) throws(SoakError) {
        var rest = words[...]
        func value(_ option: String) throws(SoakError) -> String {
            guard let value = rest.popFirst() else { throw SoakError("\(option) wants a value") }
            return value
        }
        func number(_ option: String, _ range: ClosedRange<Int>) throws(SoakError) -> Int {
            let text = try value(option)
            guard let number = Int(text), range.contains(number) else {
                throw SoakError("\(option) must be from \(range.lowerBound) to \(range.upperBound), not \(text)")
            }
            return number
        }
        while let word = rest.popFirst() {
            switch word {
            case "--seconds": seconds = Double(try number(word, 20...86_400))
            case "--listeners": listeners = try number(word, 1...5_000)
            case "--relays": relays = try number(word, 1...40)
            case "--fanout": fanout = try number(word, 1...40)
            case "--seed": seed = UInt64(try number(word, 0...Int.max))
            case "--lead": leadSeconds = Double(try number(word, 10...120))
            case "--restarts": restarts = try number(word, 1...1_000)
            case "--library": library = try value(word)
            case "--certificate": certificate = try value(word)
            case "--folder": folder = try value(word)
            case "--canary":
                let name = try value(word)
                guard let known = Canary(rawValue: name) else { throw SoakError("no canary is called \(name)") }
                canary = known
            case "--plan": wantsPlan = true
            case "--help", "-h": wantsHelp = true
            default: throw SoakError("what is \(word)?\n\(SoakOptions.help)")
            }
        }
    }
}

/// A fault that the soak plants into itself: what does not find it proves nothing.
enum Canary: String {
    /// One byte of one listener's sound is another.
    case byte
    /// One listener loses a piece from the middle of a frame.
    case skip
    /// A server is killed behind the soak's back.
    case cut
    /// A listener's bytes stop for longer than its player has sound.
    case silence
}

/// Why the soak cannot run, in words for the user.
struct SoakError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
