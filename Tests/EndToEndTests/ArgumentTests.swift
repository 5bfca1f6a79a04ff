import ForeverTestKit
import Testing

/// What both programs say about themselves and to a wrong word.
@Suite(.serialized) struct ArgumentTests {
    @Test(arguments: [Programs.server, Programs.relay]) func helpAndVersionAnswer(program: String) throws {
        let help = try FinishedProgram(program, ["--help"], seconds: 10)
        #expect(help.status == 0)
        #expect(help.outputText.contains("--port") && help.outputText.contains("--data"))
        let version = try FinishedProgram(program, ["--version"], seconds: 10)
        #expect(version.status == 0)
        #expect(version.outputText.contains(#/\d+\.\d+/#))
    }

    @Test(arguments: [(Programs.server, "--libary", "--library"), (Programs.relay, "--rot", "--root")])
    func anUnknownOptionNamesTheNearest(program: String, wrong: String, right: String) throws {
        let said = try FinishedProgram(program, [wrong, "x"], seconds: 10)
        #expect(said.status == 2)
        #expect(said.errorText.contains(right))
    }

    @Test func aWrongValueSaysWhatIsRight() throws {
        let said = try FinishedProgram(Programs.server, ["--port", "many"], seconds: 10)
        #expect(said.status == 2)
        #expect(said.errorText.contains("--port") && said.errorText.contains("65535"))
    }
}
