import ForeverRelay
import Testing

/// A program with two commands, shaped like forever-server.
private let program = ProgramOptions(
    program: "forever-test", version: "1.2",
    commands: [
        ProgramCommand(
            "serve", summary: "play",
            options: [
                OptionSpecification("library", .text, placeholder: "DIR", repeats: true, help: "music"),
                OptionSpecification("port", .integer(0...65535), placeholder: "N", standard: "8192", help: "port"),
                OptionSpecification("lead", .number(1...600), placeholder: "SECONDS", help: "lead"),
                OptionSpecification("root", .url, placeholder: "URL", help: "root"),
                OptionSpecification("monthly-transfer", .bytes, placeholder: "SIZE", help: "budget"),
                OptionSpecification("quiet", .flag, help: "say less"),
            ]),
        ProgramCommand(
            "mix", summary: "mix",
            options: [
                OptionSpecification("o", .text, placeholder: "OUT", help: "output"),
                OptionSpecification("order", .word(["given", "tour"]), placeholder: "given|tour", help: "order"),
            ], argumentsPlaceholder: "FILE..."),
    ])

private func run(
    _ words: [String], environment: [String: String] = [:], file: String? = nil
) throws -> OptionValues {
    let outcome = try program.parse(words, environment: environment) { _ in file.map { Array($0.utf8) } }
    guard case .run(let values) = outcome else { throw OptionError("printed instead of running") }
    return values
}

private func complaint(_ words: [String], environment: [String: String] = [:], file: String? = nil) -> String {
    do {
        _ = try run(words, environment: environment, file: file)
        return ""
    } catch {
        return "\(error)"
    }
}

@Suite struct ProgramOptionsTests {
    @Test func readsWordsOfTheLine() throws {
        let values = try run(["--library", "a", "--library=b", "--quiet", "--root", "http://x:1"])
        #expect(values.command == "serve")
        #expect(values.texts("library") == ["a", "b"])
        #expect(values.integer("port") == 8192)
        #expect(values.flag("quiet"))
        #expect(values.number("lead") == nil)
        #expect(values.text("root") == "http://x:1")
    }

    @Test func takesACommandAndFiles() throws {
        let values = try run(["mix", "a.mp3", "-o", "out.wav", "--", "--b.mp3"])
        #expect(values.command == "mix")
        #expect(values.arguments == ["a.mp3", "--b.mp3"])
        #expect(values.text("o") == "out.wav")
    }

    @Test func lineOutweighsEnvironmentOutweighsFile() throws {
        let file = """
            { // what the operator likes
              "port": 1, "lead": 30, /* of all commands */ "order": "tour",
              "library": ["x", "y"], "quiet": true, }
            """
        let environment = ["FOREVER_CONFIG": "/etc/forever.json", "FOREVER_PORT": "2"]
        let values = try run([], environment: environment, file: file)
        #expect(values.integer("port") == 2)
        #expect(values.number("lead") == 30)
        #expect(values.texts("library") == ["x", "y"])
        #expect(values.flag("quiet"))
        #expect(try run(["--port", "3"], environment: environment, file: file).integer("port") == 3)
    }

    @Test(arguments: [
        (["--pots", "1"], "unknown option --pots; did you mean --port?"),
        (["--mounthly-transfer", "1"], "did you mean --monthly-transfer?"),
        (["--port", "abc"], "--port must be a whole number from 0 to 65535, not \"abc\""),
        (["--port", "65536"], "from 0 to 65535"),
        (["--lead", "0"], "--lead must be a number from 1 to 600, not \"0\""),
        (["--root", "radio"], "must be an address such as"),
        (["--monthly-transfer", "many"], "must be a size such as"),
        (["--port"], "--port needs a value"),
        (["--port", "1", "--port", "2"], "--port stands twice"),
        (["mux"], "unexpected argument \"mux\"; did you mean mix?"),
        (["mix", "--order", "random"], "must be given or tour, not \"random\""),
        (["-library", "x"], "unknown option -library"),
    ])
    func saysWhatIsWrong(words: [String], part: String) {
        #expect(complaint(words).contains(part), "\(complaint(words))")
    }

    @Test func namesThePlaceOfAWrongValue() {
        #expect(complaint([], environment: ["FOREVER_PORT": "x"]).hasPrefix("FOREVER_PORT must be a whole number"))
        #expect(complaint(["--config", "f"], file: "{\"port\": \"x\"}").contains("f: \"port\" must be a whole number"))
        #expect(
            complaint(["--config", "f"], file: "{\"prot\": 1}").contains("unknown option \"prot\"; did you mean port?"))
        #expect(complaint(["--config", "f"], file: "{\n\"port\" 1}").contains("f, line 2:"))
        #expect(complaint(["--config", "f"]).contains("cannot read the configuration file f"))
    }

    @Test func printsHelpAndVersion() throws {
        guard case .print(let version) = try program.parse(["--version"], environment: [:], readFile: { _ in nil }),
            case .print(let help) = try program.parse(["--help"], environment: [:], readFile: { _ in nil })
        else {
            Issue.record("ran instead of printing")
            return
        }
        #expect(version == "forever-test 1.2")
        for word in ["--library DIR ...", "(standard: 8192)", "--config FILE", "--version", "mix"] {
            #expect(help.contains(word))
        }
        #expect(help.split(separator: "\n").allSatisfy { $0.count <= 120 })
    }

    @Test(arguments: [("1000", 1000), ("2kB", 2000), ("1.5 GiB", 1_610_612_736), ("3TB", 3_000_000_000_000)])
    func readsSizes(text: String, bytes: Int64) {
        #expect(OptionSpecification.byteCount(text) == bytes)
    }
}
