import ForeverHTTP
import ForeverRelay
import Testing

struct PublicOptionsTests {
    private func options(
        _ words: [String], environment: [String: String] = [:], file: String = "{}"
    ) throws -> PublicOptions {
        let program = ProgramOptions(
            program: "forever-test", version: "1",
            commands: [ProgramCommand("", summary: "", options: PublicOptions.specifications)])
        let outcome = try program.parse(words, environment: environment) { _ in Array(file.utf8) }
        guard case .run(let values) = outcome else { throw OptionError("printed instead of running") }
        return try PublicOptions(values)
    }

    @Test func nobodyIsTrustedOrCountedUnlessAskedFor() throws {
        let options = try options([])
        #expect(options.proxies.isEmpty && options.limits.connectionsPerAddressMax == nil)
    }

    @Test func comesFromEveryPlace() throws {
        let proxies = try TrustedProxies("loopback,192.0.2.0/24")
        let list = "loopback, 192.0.2.0/24"
        for options in [
            try options(["--trusted-proxies", list, "--connections-per-address", "7"]),
            try options(
                [], environment: ["FOREVER_TRUSTED_PROXIES": list, "FOREVER_CONNECTIONS_PER_ADDRESS": "7"]),
            try options(
                ["--config", "x"], file: "{\"trusted-proxies\": \"\(list)\", \"connections-per-address\": 7}"),
        ] {
            #expect(options.proxies == proxies && options.limits.connectionsPerAddressMax == 7)
        }
    }

    @Test(arguments: [
        (["--trusted-proxies", "everybody"], "loopback"), (["--trusted-proxies", "10.1.2.3/8"], "10.0.0.0/8"),
        (["--connections-per-address", "0"], "from 1"), (["--connections-per-address", "many"], "whole number"),
    ])
    func aWrongValueSaysWhatIsRight(_ words: [String], _ right: String) {
        let error = #expect(throws: OptionError.self) { try options(words) }
        #expect(error?.description.contains(right) == true && error?.description.contains(words[0]) == true)
    }
}
