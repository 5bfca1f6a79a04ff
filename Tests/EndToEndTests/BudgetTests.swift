import Foundation
import ForeverTestKit
import Testing

/// What the programs do about a transfer that is limited.
@Suite(.serialized) struct BudgetTests {
    private static let limits = [
        "--monthly-transfer", "1MB", "--transfer-counts", "both", "--soft-limit", "70", "--hard-limit", "10000",
    ]

    private func budget(_ station: Station) throws -> [String: Any] {
        try #require(try station.json("status.json")["budget"] as? [String: Any])
    }

    @Test func aRelayOverItsSoftLimitSendsBackAndRemembersItAfterAKill() throws {
        let pair = try RelayedStation(relayArguments: Self.limits)
        try waitUntil("the relay has used what it may", seconds: 60) {
            try budget(pair.relay)["state"] as? String == "soft"
        }
        let sent = try HTTPFetch(pair.relay.url + "all.mp3?x=1")
        #expect(sent.status == 302)
        #expect(sent["Location"]?.hasPrefix(pair.root.url + "all.mp3?x=1&not=") == true)
        try waitUntil("the root knows", seconds: 10) {
            let relays = try pair.root.json("status.json")["relays"] as? [[String: Any]] ?? []
            let its = relays.first?["budget"] as? [String: Any]
            return its?["state"] as? String == "soft" && relays.first?["healthy"] as? Bool == false
        }
        // What is kept is ten seconds old at most.
        let used = try #require(try budget(pair.relay)["usedBytes"] as? Int)
        #expect(used >= 700_000)
        try waitUntil("it is kept", seconds: 15) {
            let kept = try? String(contentsOfFile: pair.data("relay") + "/budget.json", encoding: .utf8)
            let bytes = kept?.firstMatch(of: #/"receivedBytes":(\d+)/#).flatMap { Int($0.output.1) }
            return bytes.map { $0 > 600_000 } ?? false
        }
        let port = try #require(URL(string: pair.relay.url)?.port)
        pair.relay.program.end(signal: SIGKILL)
        let again = try Station.relay(of: pair.root, data: pair.data, port: UInt16(port), Self.limits)
        #expect(try budget(again)["usedBytes"] as? Int ?? 0 > 600_000)
    }

    @Test(arguments: [
        (["--monthly-transfer", "much"], "500GB"), (["--soft-limit", "80", "--hard-limit", "70"], "--hard-limit"),
        (["--account", "friends"], "--monthly-transfer"), (["--billing-day", "32"], "from 1 to 31"),
        (["--monthly-transfer", "1TB", "--alert-levels", "50,x"], "percentages"),
    ])
    func wrongLimitsAreSaid(arguments: [String], words: String) throws {
        let relay = try FinishedProgram(
            Programs.relay, ["--root", "http://127.0.0.1:1", "--data", "/nowhere"] + arguments, seconds: 10)
        #expect(relay.status == 2 && relay.errorText.contains(words), "\(relay.errorText)")
        let server = try FinishedProgram(Programs.server, ["--data", "/nowhere"] + arguments, seconds: 10)
        #expect(server.status == 2 && server.errorText.contains(words), "\(server.errorText)")
    }

    @Test func regionsThatCannotBeReadAreSaid() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("192.0.2.0/24 eu\nnowhere\n".utf8, to: "regions")
        let server = try FinishedProgram(
            Programs.server, ["--data", folder("data"), "--regions", file], seconds: 10)
        #expect(server.status == 2 && server.errorText.contains("line 2"), "\(server.errorText)")
    }

    @Test func regionsAreReadAgainOnRequest() throws {
        let data = try TemporaryFolder()
        let file = try data.write("192.0.2.0/24 eu\n".utf8, to: "regions")
        let root = try Station.root(data: data, ["--regions", file])
        _ = try data.write("192.0.2.0/24 eu\nnowhere\n".utf8, to: "regions")
        root.program.send(signal: SIGHUP)
        try waitUntil("what is wrong is said", seconds: 10) { root.program.errorText.contains("line 2") }
        _ = try data.write("192.0.2.0/24 us\n".utf8, to: "regions")
        root.program.send(signal: SIGHUP)
        try waitUntil("it is read again", seconds: 10) { root.program.errorText.contains("read again: \(file)") }
        #expect(try fetch(root.url + "status.json").status == 200)
    }
}
