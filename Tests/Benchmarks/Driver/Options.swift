/// What the command line asks for.
struct Options {
    var parts: Set<Part> = []
    var isLong = false
    /// Where all values go, as JSON; "-" is standard output, after the table.
    var json: String?
    /// Medians are taken over so many rounds, in each of which every server has its turn.
    var rounds = 3
    /// How long the long parts last. **Units:** s.
    var longSeconds = 600
    var wantsHelp = false

    static let help = """
        forever-bench [PART]... [--long] [--rounds N] [--seconds S] [--json FILE]

        Measures the fan-out against a minimal C loop and, where installed, Icecast; prints one table of ratios.
        Parts: cost icecast memory connect tls ten-thousand arrivals; and churn mission, which are long.
        Without a part: all but the long ones, with --long all.
          --long       the long parts as well
          --rounds N   rounds that medians are taken over (3)
          --seconds S  how long each long part measures (600)
          --json FILE  every value of every run, too; "-" for standard output
        """

    /// **Errors:** in words for the user.
    init(_ words: [String]) throws(BenchError) {
        var rest = words[...]
        func value(_ option: String) throws(BenchError) -> String {
            guard let value = rest.popFirst() else { throw BenchError("\(option) wants a value") }
            return value
        }
        func number(_ option: String, _ range: ClosedRange<Int>) throws(BenchError) -> Int {
            let text = try value(option)
            guard let number = Int(text), range.contains(number) else {
                throw BenchError("\(option) must be from \(range.lowerBound) to \(range.upperBound), not \(text)")
            }
            return number
        }
        while let word = rest.popFirst() {
            switch word {
            case "--long": isLong = true
            case "--json": json = try value(word)
            case "--rounds": rounds = try number(word, 1...99)
            case "--seconds": longSeconds = try number(word, 20...2_400)
            case "--help", "-h": wantsHelp = true
            default:
                guard let part = Part(rawValue: word) else { throw BenchError("what is \(word)?\n\(Options.help)") }
                parts.insert(part)
            }
        }
        if parts.isEmpty { parts = Set(Part.allCases.filter { isLong || !$0.isLong }) }
    }
}

/// Why nothing can be measured, in words for the user.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
