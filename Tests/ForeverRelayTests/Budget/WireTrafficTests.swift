import ForeverHTTP
import ForeverRelay
import ForeverTestKit
import Testing

/// What is counted against what an interface counts.
@Suite struct WireTrafficTests {
    /// A root with listeners that come, hear titles and go, a relay, pages and their events, alone in a network: every packet
    /// there is one of its connections'.
    @Test(.enabled(if: PrivateNetwork.isAvailable, "a private network needs the rights of root"))
    func everythingThatIsSentCounts() throws {
        var outcome: Result<(counted: TrafficTotals, bytes: Int64, packets: Int64), any Error>?
        PrivateNetwork.run { isPrivate in
            guard isPrivate else { return }
            outcome = Result { try Self.live() }
        }
        let (counted, bytes, packets) = try #require(outcome).get()
        #expect(bytes > 20_000_000 && packets > 10_000)
        // Loopback does not count the frame around each packet; a provider does.
        let truth = Double(bytes + packets * WireTraffic.linkHeaderBytes)
        let sum = Double(counted.sentBytes + counted.receivedBytes)
        #expect(abs(sum / truth - 1) < 0.02, "\(sum) counted of \(truth)")
        // Without the headers it would not do: this test sees a mistake of the size of theirs.
        #expect(Double(bytes - packets * 52) / truth < 0.97)
    }

    private static func live() throws -> (TrafficTotals, Int64, Int64) {
        let world = try TestWorld()
        let root = try TestRoot(world)
        let meter = WireMeter()
        root.server.meter = meter
        let keeper = root.keep(BudgetKeeper.Settings(), meter: meter)
        _ = world.run(seconds: 10)
        let folder = try TemporaryFolder()
        let relay = try TestRelay(world, of: root.address, folder: folder)
        let titles = ["Icy-MetaData: 1"]
        var clients: [TestClient] = (0..<8).map {
            TestClient(world, port: root.port, get: "/all.mp3", $0 % 2 == 0 ? titles : [])
        }
        let events = TestClient(world, port: root.port, get: "/events")
        for round in 0..<30 {
            _ = world.run(seconds: 6)
            root.feed.titles.append(StreamTitle(position: root.feed.edge, text: "title \(round)"))
            let page = TestClient(world, port: root.port, get: "/status.json", ["Connection: close"])
            _ = world.run(seconds: 2) { page.isEnded }
            if round % 5 == 4 {
                clients[round / 5].hangUp()
                clients.append(TestClient(world, port: root.port, get: "/all.mp3"))
            }
        }
        _ = world.run(seconds: 20)
        let passed = PrivateNetwork.passed
        let counted = keeper.budget.used
        relay.stop()
        withExtendedLifetime(events) {}
        return (counted, passed.bytes, passed.packets)
    }
}
