import Foundation
import ForeverTestKit
import Testing

/// A relay that nobody listens to.
@Suite(.serialized) struct WakeTests {
    @Test func costsTheRootNothingAndWakesForTheFirstListener() throws {
        let pair = try RelayedStation(rootArguments: ["--lead", "4"], relayArguments: ["--linger", "2"])
        try waitUntil("the relay sleeps", seconds: 20) {
            try pair.root.json("status.json")["relayConnections"] as? Int == 0
        }
        let upstream = try pair.relay.json("status.json")["upstream"] as? [String: Any]
        #expect(upstream?["asleep"] as? Bool == true)
        #expect(try fetch(pair.relay.url + "healthz").status == 200, "it may be given listeners")
        let sent = try pair.root.json("status.json")["bytesSent"] as? Int
        // It holds nothing any more that would still be played: it can only wake with the root's help.
        let held = try #require(try pair.relay.json("status.json")["mixingEdgePosition"] as? Int)
        try waitUntil("live has passed what the relay holds", seconds: 20) {
            try #require(try pair.root.json("status.json")["livePosition"] as? Int) > held + 16000
        }
        #expect(try pair.root.json("status.json")["bytesSent"] as? Int == sent, "not a byte meanwhile")

        let began = ContinuousClock.now
        let reply = try HTTPFetch(pair.relay.url + "all.mp3")
        let first = try reply.body(countMax: 384, seconds: 5)
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        #expect(reply.status == 200 && first.count == 384)
        // 0.3 s and two round trips are promised; a machine that does much else may take longer.
        #expect(seconds < 1, "\(seconds) s")
        let direct = try pair.root.listen(seconds: 1)
        let woken = try pair.relay.listen(seconds: 2)
        let common = direct.common(with: woken)
        #expect(common.count > 16000 && common.equal, "it is where the root is")
    }
}
