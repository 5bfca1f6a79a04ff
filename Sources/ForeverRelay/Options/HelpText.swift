extension ProgramOptions {
    /// What `--help` prints: how to call it, every option with its standard value, and where else options may stand.
    package func helpText(for command: ProgramCommand) -> String {
        let isDefault = command.name == commands[0].name
        var lines = ["\(command.summary)", ""]
        let name = command.name.isEmpty ? "" : isDefault ? " [\(command.name)]" : " \(command.name)"
        let arguments = command.argumentsPlaceholder.map { " [\($0)]" } ?? ""
        lines.append("usage: \(program)\(name)\(arguments) [options]")
        if isDefault, commands.count > 1 {
            lines += ["", "commands (\(program) COMMAND --help):"]
            let width = commands.map(\.name.count).max() ?? 0
            lines += commands.map { "  \(Self.padded($0.name, to: width))  \($0.summary)" }
        }
        lines += ["", "options:"]
        let rows =
            command.options.map { (Self.left(of: $0), Self.right(of: $0)) } + [
                ("--help", "show this"), ("--version", "show the version"),
            ]
        let width = min(32, rows.map(\.0.count).max() ?? 0)
        for (left, right) in rows {
            if left.count > width {
                lines += ["  \(left)", "  \(Self.padded("", to: width))  \(right)"]
            } else {
                lines.append("  \(Self.padded(left, to: width))  \(right)")
            }
        }
        lines += [
            "", "Every option can also stand in the environment (FOREVER_ and its name, as in FOREVER_PORT) and in",
            "the configuration file. The command line outweighs the environment, the environment the file.",
        ]
        return lines.joined(separator: "\n")
    }

    private static func left(of option: OptionSpecification) -> String {
        let dashes = option.name.count == 1 ? "-" : "--"
        let value = option.kind == .flag ? "" : " " + option.placeholder
        return dashes + option.name + value + (option.repeats ? " ..." : "")
    }

    private static func right(of option: OptionSpecification) -> String {
        option.help + (option.standard.map { " (standard: \($0))" } ?? "")
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
