/// A program that was run to its end.
package struct FinishedProgram: Sendable {
    package let status: Int32
    package let output: [UInt8]
    package let errorText: String

    package var outputText: String { String(decoding: output, as: UTF8.self) }

    /// Runs `path` with `arguments`; throws when it is not done within `seconds`.
    package init(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], seconds: Double = 30
    ) throws {
        let program = try RunningProgram(path, arguments, environment: environment)
        program.closeInput()
        status = try program.status(withinSeconds: seconds)
        output = program.outputBytes
        errorText = program.errorText
    }
}
