import Foundation
import ForeverTestKit
import Testing

/// One line to help: what an operator types, what a stranger types, and how it ends.
@Suite(.serialized) struct InvitationTests {
    private let data: TemporaryFolder
    private let root: Station

    init() throws {
        data = try TemporaryFolder()
        root = try Station.root(data: data)
    }

    private func server(_ arguments: [String]) throws -> FinishedProgram {
        try FinishedProgram(Programs.server, arguments + ["--data", data("root")], seconds: 20)
    }

    /// The arguments of the line that the operator hands on, behind the root's address.
    private func invite() throws -> [String] {
        let said = try server(["invite", "--name", "attic", "--listener-limit", "40", "--root-url", root.url])
        #expect(said.status == 0, "\(said.errorText)")
        let words = said.outputText.split(whereSeparator: \.isWhitespace).map(String.init)
        #expect(words.first == "forever-relay" && said.outputText.filter(\.isNewline).count == 1)
        #expect(words.dropFirst().first == "--root" && words.count == 7 && words[2] + "/" == root.url)
        return Array(words.dropFirst(3))
    }

    private func relays() throws -> [[String: Any]] {
        try root.json("status.json")["relays"] as? [[String: Any]] ?? []
    }

    private func mode(_ path: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? Int
    }

    @Test func aStrangerHelpsWithOneLineUntilHeIsRevoked() throws {
        let line = try invite()
        #expect(mode(data("root/relays.json")) == 0o600 && mode(data("root/relay-token")) == 0o600)
        let port = try freePort()
        var relay: Station? = try Station.relay(of: root, data: data, port: port, line)
        try waitUntil("the relay is good and has its name", seconds: 30) {
            try relays().contains {
                $0["healthy"] as? Bool == true && $0["standing"] as? String == "good"
                    && $0["name"] as? String == "attic"
            }
        }
        #expect(mode(data("relay/relay-key.json")) == 0o600)
        let id = try #require(try relays().first?["id"] as? String)
        #expect(try relays().first?["listenersMax"] as? Int == 40)

        // Started again it needs no code, and is the same.
        relay?.program.end()
        relay = try Station.relay(of: root, data: data, port: port)
        try waitUntil("the relay is back", seconds: 30) {
            try relays().contains { $0["id"] as? String == id && ($0["lastReportSecondsAgo"] as? Double ?? 99) < 5 }
                && fetch(relay?.url ?? "", "healthz")
        }

        // Another with the same line does not get in.
        let late = try FinishedProgram(
            Programs.relay,
            ["--root", root.url] + line + ["--data", data("late"), "--host", "127.0.0.1", "--port", "0"], seconds: 20)
        #expect(late.status == 1 && late.errorText.contains("has been used"), "\(late.errorText)")

        let listed = try server(["relays"])
        #expect(listed.outputText.contains(id) && listed.outputText.contains("attic"))
        #expect(try server(["relays", "limit", "attic", "7"]).status == 0)
        try waitUntil("the limit is taken up", seconds: 15) { try relays().first?["listenersMax"] as? Int == 7 }
        #expect(try server(["relays", "revoke", "attic"]).status == 0)
        try waitUntil("the relay is gone within ten seconds", seconds: 12) { try relays().isEmpty }
        try waitUntil("it knows", seconds: 30) {
            let upstream = try relay?.json("status.json")["upstream"] as? [String: Any]
            return upstream?["registered"] as? Bool == false && upstream?["connected"] as? Bool == false
        }
        #expect(try server(["relays", "restore", "attic"]).status == 0)
        try waitUntil("the relay is welcome again", seconds: 40) { try relays().first?["id"] as? String == id }
    }

    private func fetch(_ url: String, _ path: String) throws -> Bool {
        (try? ForeverTestKit.fetch(url + path))?.status == 200
    }

    @Test func wrongWordsAreAnswered() throws {
        #expect(try server(["relays", "revoke", "nobody"]).status == 1)
        let wrong = try server(["relays", "evict", "attic"])
        #expect(wrong.status == 2 && wrong.errorText.contains("revoke"))
        let code = try FinishedProgram(
            Programs.relay, ["--root", root.url, "--invite", "abc", "--data", data("x")], seconds: 10)
        #expect(code.status == 2 && code.errorText.contains("forever-server invite"))
        let expired = try server(["invite", "--expires", "0.00001"])
        #expect(expired.status == 2)
    }
}
