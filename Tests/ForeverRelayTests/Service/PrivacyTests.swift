import ForeverHTTP
import ForeverRelay
import ForeverTestKit
import Testing

/// What Docs/Privacy.md promises.
@Suite struct PrivacyTests {
    @Test(arguments: [
        ("203.0.113.77", "listener from 203.0.113.0/24, VLC"),
        ("2001:db8:1234:5678:9abc:def0:1234:5678", "listener from 2001:db8:1234::/48, VLC"),
    ])
    func theLogHasANetworkAndAFamilyAndNothingElse(address: String, line: String) {
        let origin = ListenerOrigin(address: IPAddress(address), userAgent: "VLC/3.0.21 LibVLC/3.0.21 (secret phone)")
        #expect("\(origin)" == line)
    }

    /// A listener with a name of its own at a relay: neither that name nor its address is in anything that the relay sends to
    /// the root, or that either shows.
    @Test func nothingOfAListenerLeavesTheNode() throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        var heard: [String] = []
        // Between relay and root stands somebody who reads everything.
        let tap = CuttingProxy(world, target: root.port) { nil }
        tap.overhear = { heard.append(String(decoding: $0, as: UTF8.self)) }
        let address = try #require(HTTPAddress("http://127.0.0.1:\(tap.port)/"))
        let relay = try TestRelay(world, of: address, folder: TemporaryFolder())
        defer { relay.stop() }
        #expect(world.run(seconds: 20) { root.desk.directory.all.first?.report.isHealthy == true })
        let listeners = (0..<6).map { number in
            TestClient(
                world, port: relay.port, get: "/all.mp3?listener=0123456789abcdef0123456789abcde\(number)",
                ["User-Agent: Marzipan/7.7 (of aunt Frieda)", "X-Forwarded-For: 198.51.100.99"])
        }
        #expect(world.run(seconds: 30) { root.desk.directory.all.first?.report.listeners == 6 })
        for path in ["/status.json", "/metrics", "/all.json", "/timing.json"] {
            for port in [root.port, relay.port] {
                let client = TestClient(world, port: port, get: path, ["Connection: close"])
                _ = world.run(seconds: 5) { client.isEnded }
                heard.append(client.text)
            }
        }
        let all = heard.joined()
        #expect(all.contains("POST /relays") && all.contains("forever_listeners"), "it was read")
        for word in ["Marzipan", "Frieda", "198.51.100", "0123456789abcdef0123456789abcde"] {
            #expect(!all.contains(word), "\(word) left the node")
        }
        withExtendedLifetime((listeners, tap)) {}
    }
}
