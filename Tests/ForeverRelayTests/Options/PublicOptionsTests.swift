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

    @Test func theKeyMayStandInTheCertificatesFile() throws {
        let one = try options(["--tls-port", "8443", "--tls-certificate", "a.pem"])
        #expect(one.protected == .init(port: 8_443, certificateFile: "a.pem", keyFile: "a.pem"))
        let two = try options(["--tls-port", "0", "--tls-certificate", "a.pem", "--tls-key", "b.pem"])
        #expect(two.protected == .init(port: 0, certificateFile: "a.pem", keyFile: "b.pem"))
        let none = try options([])
        #expect(none.protected == nil && none.authoritiesFile == nil && !none.isInsecure)
        #expect(try options(["--ca-file", "c.pem"]).authoritiesFile == "c.pem")
    }

    @Test(arguments: [
        ("http://127.0.0.1:8192", true), ("http://[::1]:8192", true), ("http://localhost:8192", true),
        ("http://10.1.2.3", true), ("http://172.31.0.1", true), ("http://172.32.0.1", false),
        ("http://192.168.1.1:80", true), ("http://[fd00::7]:8192", true), ("http://[fe80::7]:8192", false),
        ("http://169.254.169.254", false), ("http://198.51.100.7:8192", false), ("http://[2001:db8::7]", false),
        ("https://198.51.100.7", true),
    ])
    func aPlainRootBelongsToPrivateNetworks(root: String, isRight: Bool) throws {
        let address = try #require(HTTPAddress(root))
        let objection = try options([]).objection(toRoot: address)
        #expect((objection == nil) == isRight)
        if let objection { #expect(objection.contains(address.host) && objection.contains("--insecure")) }
        #expect(try options(["--insecure"]).objection(toRoot: address) == nil)
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
        (["--tls-port", "8443"], "--tls-certificate"), (["--tls-certificate", "a.pem"], "--tls-port"),
        (["--public-url", "http://a.example/radio"], "without a path"), (["--tls-key", "a.key"], "--tls-port"),
        (["--tls-port", "70000", "--tls-certificate", "a.pem"], "65535"),
    ])
    func aWrongValueSaysWhatIsRight(_ words: [String], _ right: String) {
        let error = #expect(throws: OptionError.self) { try options(words) }
        #expect(error?.description.contains(right) == true && error?.description.contains(words[0]) == true)
    }
}
