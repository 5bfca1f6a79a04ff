import Foundation
import ForeverTestKit
import Testing

/// A server that is told to end, and has time for it.
@Suite(.serialized) struct DrainTests {
    @Test func aRelaysListenersLeaveOneByOneAndFindAnother() throws {
        let data = try TemporaryFolder()
        let token = try data.write("a secret of this test, long enough\n".utf8, to: "token")
        let root = try Station.root(data: data, ["--relay-token-file", token, "--relay-limit", "0"])
        let credentials = ["--token-file", token, "--drain", "6"]
        let leaving = try Station.relay(of: root, data: data, port: freePort(), credentials)
        let other = try TemporaryFolder()
        let staying = try Station.relay(of: root, data: other, port: freePort(), credentials)
        try waitUntil("both relays are healthy", seconds: 30) { try healthyRelays(of: root).count == 2 }
        let listeners = try (0..<8).map { _ in try Listening(leaving.url) }

        let told = ContinuousClock.now
        leaving.program.send(signal: SIGTERM)
        try waitUntil("the root knows", seconds: 3) {
            try healthyRelays(of: root) == [String(staying.url.dropLast())]
        }
        let late = try HTTPFetch(leaving.url + "all.mp3")
        #expect(late.status == 503 || late.status == 302, "no new listeners")
        let back = try HTTPFetch(root.url + "all.mp3")
        #expect(back.status == 302 && back["Location"] == staying.url + "all.mp3")

        let endings = try listeners.map { try $0.end(withinSeconds: 15) }
        let moments = endings.map { ($0.at - told) / .seconds(1) }.sorted()
        #expect(moments.last! < 7.5, "within the time given: \(moments)")
        #expect(moments[4] - moments[0] > 1.5, "one after the other: \(moments)")
        for ending in endings { #expect(ending.bytes.count % 384 == 0, "whole frames: \(ending.bytes.count)") }
        #expect(try leaving.program.status(withinSeconds: 5) == 0)
        let again = try staying.listen(seconds: 1)
        #expect(again.bytes.count > 5 * 16000)
    }

    @Test func aRootSendsItsListenersToItsRelays() throws {
        let pair = try RelayedStation(rootArguments: ["--drain", "5"])
        let direct = try (0..<4).map { _ in try Listening(pair.root.url) }
        let relayed = try Listening(pair.relay.url, seconds: 9)
        pair.root.program.send(signal: SIGTERM)
        let moved = try eventually("the root sends listeners on", seconds: 3) {
            let reply = try HTTPFetch(pair.root.url + "all.mp3")
            return reply.status == 302 ? reply : nil
        }
        #expect(moved["Location"] == pair.relay.url + "all.mp3")
        for listener in direct {
            let piece = try listener.piece(withinSeconds: 8)
            #expect(piece.bytes.count % 384 == 0)
        }
        #expect(try pair.root.program.status(withinSeconds: 5) == 0)
        #expect(try relayed.piece(withinSeconds: 12).bytes.count > 13 * 16000, "relays play on")
    }

    private func healthyRelays(of root: Station) throws -> [String] {
        let relays = try root.json("status.json")["relays"] as? [[String: Any]] ?? []
        return relays.filter { $0["healthy"] as? Bool == true }.compactMap { $0["url"] as? String }
    }
}
