/// What the user asked for: checked values of the options of one command, and its plain arguments.
///
/// Reading an option that the command does not declare is a mistake of the program and stops it.
package struct OptionValues: Sendable {
    /// the command's name, for example "mix"; empty for a program without commands
    package let command: String
    /// what stood there without an option, for example files
    package let arguments: [String]
    private let values: [String: [String]]
    private let declared: Set<String>

    init(command: ProgramCommand, values: [String: [String]], arguments: [String]) {
        self.command = command.name
        self.arguments = arguments
        self.values = values
        declared = Set(command.options.map(\.name))
    }

    /// All values of a repeatable option, in order.
    package func texts(_ name: String) -> [String] {
        precondition(declared.contains(name), "the command does not declare --\(name)")
        return values[name] ?? []
    }

    /// The value, or nil when none was given and there is no standard one.
    package func text(_ name: String) -> String? { texts(name).last }

    /// The value of an `.integer` option.
    package func integer(_ name: String) -> Int? { text(name).flatMap { Int($0) } }

    /// The value of a `.number` option.
    package func number(_ name: String) -> Double? { text(name).flatMap { Double($0) } }

    /// The value of a `.bytes` option.
    package func bytes(_ name: String) -> Int64? { text(name).flatMap { OptionSpecification.byteCount($0) } }

    /// Whether a `.flag` option is on.
    package func flag(_ name: String) -> Bool { text(name) == "true" }
}
