/// Reads the words of a command line for one command; pure.
struct CommandLineReader {
    let program: String
    let command: ProgramCommand
    let all: [ProgramCommand]

    /// What stood on the line.
    struct Line {
        var values: [String: [String]] = [:]
        var arguments: [String] = []
        var wantsHelp = false
        var wantsVersion = false
    }

    func read(_ words: ArraySlice<String>) throws(OptionError) -> Line {
        var line = Line()
        var words = words
        var onlyArguments = false
        while let word = words.popFirst() {
            if onlyArguments || !word.hasPrefix("-") || word == "-" {
                try takeArgument(word, into: &line)
                continue
            }
            switch word {
            case "--": onlyArguments = true
            case "--help", "-h": line.wantsHelp = true
            case "--version": line.wantsVersion = true
            default: try takeOption(word, &words, into: &line)
            }
        }
        return line
    }

    private func takeArgument(_ word: String, into line: inout Line) throws(OptionError) {
        guard command.argumentsPlaceholder != nil else {
            let names = all.map(\.name).filter { !$0.isEmpty }
            throw OptionError("unexpected argument \"\(word)\"" + suggestion(word, names, "") + hint)
        }
        line.arguments.append(word)
    }

    private func takeOption(
        _ word: String, _ words: inout ArraySlice<String>, into line: inout Line
    ) throws(OptionError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let written = String(parts[0])
        // `-o OUT` is the one short form: an option whose name is one letter.
        let name = String(written.drop { $0 == "-" })
        let isWellFormed = name.count == 1 ? true : written == "--\(name)"
        guard isWellFormed, let option = command.options.first(where: { $0.name == name }) else {
            let names = command.options.map(\.name) + ["help", "version"]
            throw OptionError("unknown option \(written)" + suggestion(name, names, "--") + hint)
        }
        if option.kind == .flag, parts.count == 1 {
            line.values[name] = ["true"]
            return
        }
        guard let value = parts.count == 2 ? String(parts[1]) : words.popFirst() else {
            throw OptionError("\(written) needs a value: \(written) \(option.placeholder)" + hint)
        }
        if let complaint = option.complaint(about: value) {
            throw OptionError("\(written) \(complaint), not \"\(value)\"")
        }
        if line.values[name] != nil, !option.repeats { throw OptionError("\(written) stands twice") }
        line.values[name, default: []].append(value)
    }

    private var hint: String {
        "\nTry: \(program)\(command.name.isEmpty ? "" : " " + command.name) --help"
    }
}
