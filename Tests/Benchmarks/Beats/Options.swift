/// What the command line asks for.
struct Options {
    var count = 96
    var seed: UInt64 = 1
    var crates: Int?
    /// Where the wide set's files stay; nil where they are only for the moment.
    var keptFolder: String?
    var folders: [String] = []
    var checksMemory = false
    /// What the check of memory asks of a process of its own.
    var analysedFile: String?

    struct Problem: Error { var text: String }

    private static let countMax = 10_000

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            switch word {
            case "--count": count = try Options.number(word, rest.popFirst(), 1...Options.countMax)
            case "--seed": seed = UInt64(try Options.number(word, rest.popFirst(), 0...Int.max))
            case "--crates": crates = try Options.number(word, rest.popFirst(), 1...Options.countMax)
            case "--keep":
                guard let folder = rest.popFirst() else { throw Problem(text: "--keep needs a folder") }
                keptFolder = folder
            case "--memory": checksMemory = true
            case "--analyse":
                guard let file = rest.popFirst() else { throw Problem(text: "--analyse needs a file") }
                analysedFile = file
            case _ where word.hasPrefix("-"): throw Problem(text: "there is no option \(word)")
            default: folders.append(word)
            }
        }
    }

    private static func number(_ name: String, _ word: String?, _ range: ClosedRange<Int>) throws -> Int {
        guard let value = word.flatMap({ Int($0) }), range.contains(value) else {
            throw Problem(text: "\(name) needs a number of \(range.lowerBound) ... \(range.upperBound)")
        }
        return value
    }
}
