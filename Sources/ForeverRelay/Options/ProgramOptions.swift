/// One command of a program with its options: `mix`, `order`, or the nameless one of a program that does one thing.
package struct ProgramCommand: Sendable {
    package var name: String
    package var summary: String
    package var options: [OptionSpecification]
    /// how plain arguments are called in the help, for example "FILE..."; nil when the command takes none
    package var argumentsPlaceholder: String?

    package init(_ name: String, summary: String, options: [OptionSpecification], argumentsPlaceholder: String? = nil) {
        self.name = name
        self.summary = summary
        self.options = options + [.config]
        self.argumentsPlaceholder = argumentsPlaceholder
    }
}

/// A wrong option or value, said so that the user can put it right. The program ends with exit status 2.
package struct OptionError: Error, Hashable, Sendable, CustomStringConvertible {
    package static let exitStatus: Int32 = 2
    package var description: String

    package init(_ description: String) { self.description = description }
}

/// What a program should do after it read its arguments.
package enum OptionOutcome: Sendable {
    /// do the work
    case run(OptionValues)
    /// print this (help or version) and end with status 0
    case print(String)
}

/// The options of a program, from the command line, the environment and a configuration file, in this order of weight.
///
///     let outcome = try ProgramOptions(program: "forever-relay", version: v, commands: [command])
///         .parse(Array(CommandLine.arguments.dropFirst()), environment: …, readFile: …)
package struct ProgramOptions: Sendable {
    package var program: String
    package var version: String
    /// The first is the one that runs when the first argument names none.
    package var commands: [ProgramCommand]

    package init(program: String, version: String, commands: [ProgramCommand]) {
        precondition(!commands.isEmpty)
        self.program = program
        self.version = version
        self.commands = commands
    }

    /// What the arguments mean.
    ///
    /// `readFile` gives the bytes of the configuration file or nil; it is asked only when there is one to read.
    package func parse(
        _ arguments: [String], environment: [String: String], readFile: (String) -> [UInt8]?
    ) throws(OptionError) -> OptionOutcome {
        var rest = arguments[...]
        var command = commands[0]
        if let first = rest.first, let named = commands.first(where: { $0.name == first && !first.isEmpty }) {
            command = named
            rest = rest.dropFirst()
        }
        let line = try CommandLineReader(program: program, command: command, all: commands).read(rest)
        if line.wantsHelp { return .print(helpText(for: command)) }
        if line.wantsVersion { return .print("\(program) \(version)") }

        var given = line.values
        for option in command.options where given[option.name] == nil {
            guard let value = environment[option.environmentName], !value.isEmpty else { continue }
            try check(value, option, where: option.environmentName)
            given[option.name] = [value]
        }
        if let path = given["config"]?.last {
            for (name, values) in try configuration(path, command: command, readFile: readFile)
            where given[name] == nil {
                given[name] = values
            }
        }
        for option in command.options where given[option.name] == nil {
            if let standard = option.standard { given[option.name] = [standard] }
        }
        return .run(OptionValues(command: command, values: given, arguments: line.arguments))
    }

    private func check(_ value: String, _ option: OptionSpecification, where place: String) throws(OptionError) {
        if let complaint = option.complaint(about: value) {
            throw OptionError("\(place) \(complaint), not \"\(value)\"")
        }
    }

    /// The options in a configuration file. One file may serve all commands, so an option of another command is passed over.
    private func configuration(
        _ path: String, command: ProgramCommand, readFile: (String) -> [UInt8]?
    ) throws(OptionError) -> [String: [String]] {
        guard let bytes = readFile(path) else { throw OptionError("cannot read the configuration file \(path)") }
        let parsed: JSONValue
        do throws(JSONError) { parsed = try JSONParser.parse(bytes, comments: true) } catch {
            throw OptionError("\(path), \(error)")
        }
        guard case .object(let members) = parsed else { throw OptionError("\(path) must hold one { … } of options") }
        var given: [String: [String]] = [:]
        for member in members {
            guard let option = option(named: member.name, in: command) else {
                let names = Set(commands.flatMap { $0.options.map(\.name) }).sorted()
                throw OptionError("\(path): unknown option \"\(member.name)\"" + suggestion(member.name, names, ""))
            }
            var values: [String] = []
            let elements = option.repeats ? member.value.array ?? [member.value] : [member.value]
            for element in elements {
                guard let text = Self.plainText(element) else {
                    throw OptionError("\(path): \"\(member.name)\" must be a text, a number or true or false")
                }
                try check(text, option, where: "\(path): \"\(member.name)\"")
                values.append(text)
            }
            if command.options.contains(where: { $0.name == option.name }) { given[option.name] = values }
        }
        return given
    }

    private func option(named name: String, in command: ProgramCommand) -> OptionSpecification? {
        command.options.first { $0.name == name }
            ?? commands.lazy.flatMap(\.options).first { $0.name == name }
    }

    private static func plainText(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .integer(let number): String(number)
        case .number(let number): "\(number)"
        case .bool(let flag): flag ? "true" : "false"
        case .null, .array, .object: nil
        }
    }
}

/// `; did you mean --port?` when a name is near, else nothing.
func suggestion(_ name: String, _ names: [String], _ prefix: String) -> String {
    Spelling.nearest(to: name, among: names).map { "; did you mean \(prefix)\($0)?" } ?? ""
}
