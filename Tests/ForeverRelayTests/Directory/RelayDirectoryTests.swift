import ForeverHTTP
import ForeverRelay
import Testing

private let second: Int64 = 1_000_000_000

private func report(
    _ number: Int, listeners: Int = 0, limit: Int? = nil, weight: Int = 100, healthy: Bool = true, url: String? = nil
) -> RelayReport {
    RelayReport(
        id: "relay00000000000\(number)", url: url ?? "http://r\(number):8193", port: 8_193, listeners: listeners,
        connections: listeners, listenerLimit: limit, bytesSent: 0, weight: weight, location: nil, isHealthy: healthy,
        epoch: nil, livePosition: 0, mixingEdgePosition: 0, version: "t")
}

private func directory(_ seed: UInt64 = 1) -> RelayDirectory { RelayDirectory(generator: SeededGenerator(seed)) }

@Suite struct RelayDirectoryTests {
    @Test func addsUpWhatRelaysSay() {
        let directory = directory()
        #expect(directory.take(report(1, listeners: 3), from: nil, now: 0))
        #expect(directory.take(report(2, listeners: 4), from: nil, now: 0))
        #expect(directory.listeners(now: second) == 7)
        #expect(directory.take(report(1, listeners: 10), from: nil, now: 3 * second))
        #expect(directory.listeners(now: 4 * second) == 14)
        #expect(directory.listeners(now: 11 * second) == 10, "the silent one is not counted")
        #expect(directory.all.count == 2)
    }

    @Test func silentFullAndUnwellRelaysGetNobody() {
        let directory = directory()
        #expect(directory.choose(now: 0) == nil)
        _ = directory.take(report(1, listeners: 5, limit: 5), from: nil, now: 0)
        _ = directory.take(report(2, healthy: false), from: nil, now: 0)
        _ = directory.take(report(3, weight: 0), from: nil, now: 0)
        #expect(directory.choose(now: 0) == nil)
        _ = directory.take(report(4), from: nil, now: 0)
        #expect(directory.choose(now: 9 * second) == "http://r4:8193")
        #expect(directory.choose(now: 11 * second) == nil)
        #expect(directory.healthyURLs(now: 0) == ["http://r1:8193", "http://r3:8193", "http://r4:8193"])
    }

    @Test func sendsNoMoreThanThereIsRoomForBetweenReports() {
        let directory = directory()
        _ = directory.take(report(1, listeners: 7, limit: 10), from: nil, now: 0)
        let chosen = (0..<10).compactMap { _ in directory.choose(now: second) }
        #expect(chosen.count == 3)
        _ = directory.take(report(1, listeners: 9, limit: 10), from: nil, now: 3 * second)
        #expect((0..<10).compactMap { _ in directory.choose(now: 3 * second) }.count == 1)
    }

    @Test func drawsByWeight() {
        let directory = directory(5)
        _ = directory.take(report(1, weight: 300), from: nil, now: 0)
        _ = directory.take(report(2, weight: 100), from: nil, now: 0)
        let first = (0..<4_000).count { _ in directory.choose(now: 0) == "http://r1:8193" }
        #expect((2_850...3_150).contains(first))
    }

    @Test func isBoundedAndKnowsWhoCameBack() throws {
        let directory = directory()
        let peer = try #require(SocketAddress(numericHost: "10.0.0.7", port: 40_000))
        var nameless = report(1)
        nameless.url = nil
        #expect(directory.take(nameless, from: peer, now: 0))
        #expect(directory.all[0].url == "http://10.0.0.7:8193")
        #expect(!directory.take(nameless, from: nil, now: 0), "no address for listeners")
        nameless.id = "another0000000000"
        #expect(directory.take(nameless, from: peer, now: second))
        #expect(directory.all.count == 1, "the same relay, started again")
        for url in ["ftp://x", "http://x/path", "http://"] {
            #expect(!directory.take(report(9, url: url), from: peer, now: 0))
        }
        for number in 0..<400 { _ = directory.take(report(number), from: nil, now: second) }
        #expect(directory.all.count == RelayDirectory.relaysMax)
        _ = directory.take(report(999), from: nil, now: 700 * second)
        #expect(directory.all.count == 1, "those silent for ten minutes are forgotten")
    }
}
