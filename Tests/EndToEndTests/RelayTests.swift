import Foundation
import ForeverTestKit
import Testing

/// A real relay at a real root.
@Suite(.serialized) struct RelayTests {
    @Test func servesTheRootsBytesAtTheRootsPositions() throws {
        let pair = try RelayedStation()
        let direct = try pair.root.listen(seconds: 3)
        let relayed = try pair.relay.listen(seconds: 3)
        #expect(relayed.epoch == direct.epoch)
        let common = direct.common(with: relayed)
        #expect(common.count > 2 * 16000, "both hold about the same seconds")
        #expect(common.equal)
        #expect(relayed.position % 384 == 0, "a listener begins on a frame")
    }

    @Test func redirectsBeyondTheLimitAndKeepsTheListenersName() throws {
        let pair = try RelayedStation(rootArguments: ["--relay-limit", "1"])
        let first = try HTTPFetch(pair.root.url + "all.mp3")
        #expect(first.status == 200)
        let name = "0123456789abcdef0123456789abcdef"
        let second = try eventually("the second listener is sent on", seconds: 8) {
            let reply = try HTTPFetch(pair.root.url + "all.mp3?listener=" + name)
            return reply.status == 302 ? reply : nil
        }
        #expect(second["Location"] == pair.relay.url + "all.mp3?listener=" + name)
        #expect(second["Cache-Control"]?.contains("no-store") == true)
        #expect(second["Access-Control-Allow-Origin"] == "*")

        let redirected = try HTTPFetch(pair.relay.url + "all.mp3?listener=" + name)
        #expect(redirected.status == 200)
        let position = try #require(redirected["Forever-Position"].flatMap(Int.init))
        let told = try pair.root.json("listeners/" + name)
        #expect((told["at"] as? String).map { $0.hasSuffix("/") ? $0 : $0 + "/" } == pair.relay.url)
        let map = try pair.relay.json("listeners/" + name)
        let segment = try #require((map["segments"] as? [[String: Any]])?.first)
        #expect(segment["sent"] as? Int == 0)
        #expect(segment["position"] as? Int == position)
        withExtendedLifetime((first, redirected)) {}
    }

    @Test func theRootCountsTheRelaysListeners() throws {
        let pair = try RelayedStation()
        let listening = try (0..<3).map { _ in try HTTPFetch(pair.relay.url + "all.mp3") }
        try waitUntil("three listeners in the root's sum", seconds: 20) {
            let listeners = try pair.root.json("status.json")["listeners"] as? [String: Any]
            return listeners?["relays"] as? Int == 3 && listeners?["total"] as? Int == 3
        }
        withExtendedLifetime(listening) {}
    }

    @Test func playsOnWhileTheRootIsAway() throws {
        let pair = try RelayedStation()
        let before = try pair.relay.listen(seconds: 1)
        pair.root.program.end(signal: SIGKILL)
        let after = try pair.relay.listen(seconds: 3)
        let status = try pair.relay.json("status.json")
        #expect(after.epoch == before.epoch)
        #expect(
            after.bytes.count > 6 * 16000,
            "from \(before.position) \(before.bytes.count), then \(after.position): \(status)")
        #expect(before.common(with: after).equal)
    }
}
