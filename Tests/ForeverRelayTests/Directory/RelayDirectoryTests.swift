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
        #expect(directory.choose(RelayQuestion(), now: 0) == nil)
        _ = directory.take(report(1, listeners: 5, limit: 5), from: nil, now: 0)
        _ = directory.take(report(2, healthy: false), from: nil, now: 0)
        _ = directory.take(report(3, weight: 0), from: nil, now: 0)
        #expect(directory.choose(RelayQuestion(), now: 0) == nil)
        _ = directory.take(report(4), from: nil, now: 0)
        #expect(directory.choose(RelayQuestion(), now: 9 * second) == "http://r4:8193")
        #expect(directory.choose(RelayQuestion(), now: 11 * second) == nil)
        #expect(directory.healthyURLs(now: 0) == ["http://r1:8193", "http://r3:8193", "http://r4:8193"])
    }

    @Test func sendsNoMoreThanThereIsRoomForBetweenReports() {
        let directory = directory()
        _ = directory.take(report(1, listeners: 7, limit: 10), from: nil, now: 0)
        let chosen = (0..<10).compactMap { _ in directory.choose(RelayQuestion(), now: second) }
        #expect(chosen.count == 3)
        _ = directory.take(report(1, listeners: 9, limit: 10), from: nil, now: 3 * second)
        #expect((0..<10).compactMap { _ in directory.choose(RelayQuestion(), now: 3 * second) }.count == 1)
    }

    @Test func drawsByWeight() {
        let directory = directory(5)
        _ = directory.take(report(1, weight: 300), from: nil, now: 0)
        _ = directory.take(report(2, weight: 100), from: nil, now: 0)
        let first = (0..<4_000).count { _ in directory.choose(RelayQuestion(), now: 0) == "http://r1:8193" }
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

    /// Every redirect reserves a slot, also of those who are still under way when a report was made.
    @Test func aHerdDoesNotOverfillARelay() {
        let directory = directory(3)
        _ = directory.take(report(1, limit: 300, url: "http://a"), from: nil, now: 0)
        _ = directory.take(report(2, limit: 500, url: "http://b"), from: nil, now: 0)
        var sent: [String: Int] = [:]
        for number in 0..<1_000 {
            let now = Int64(number) * second / 1_000
            // In the middle of it the first one reports: half of those sent to it have arrived.
            if number == 500 {
                let there = sent["http://a", default: 0]
                _ = directory.take(report(1, listeners: there / 2, limit: 300, url: "http://a"), from: nil, now: now)
            }
            if let url = directory.choose(RelayQuestion(), now: now) { sent[url, default: 0] += 1 }
        }
        #expect(sent["http://a", default: 0] <= 300 && sent["http://b", default: 0] <= 500)
        #expect(sent.values.reduce(0, +) > 600, "what has room is used")
        #expect(directory.freeSlots(now: second) <= 200)
    }

    @Test func leavesOutWhoSentBackAndWhoIsNotProtected() {
        let directory = directory()
        _ = directory.take(report(1), from: nil, now: 0)
        _ = directory.take(report(2, url: "https://r2:8193"), from: nil, now: 0)
        for _ in 0..<20 {
            #expect(
                directory.choose(RelayQuestion(leftOut: ["relay000000000001"]), now: 0) == "https://r2:8193")
            #expect(directory.choose(RelayQuestion(needsProtection: true), now: 0) == "https://r2:8193")
        }
        #expect(
            directory.choose(RelayQuestion(leftOut: ["relay000000000002"], needsProtection: true), now: 0) == nil)
        #expect(directory.healthyURLs(RelayQuestion(needsProtection: true), now: 0) == ["https://r2:8193"])
    }

    @Test func whoIsBehindDrainingOrOverBudgetGetsNobody() throws {
        let format = TestStream.format
        let standing = RootStanding(epoch: TestStream.epoch, live: format.bytes(seconds: 100), format: format)
        func isChosen(_ change: (inout RelayReport) -> Void, at now: Int64 = 0, in directory: RelayDirectory? = nil)
            -> Bool
        {
            let directory = directory ?? RelayDirectory(generator: SeededGenerator(1))
            var report = report(1)
            report.epoch = TestStream.epoch.description
            report.livePosition = standing.live
            change(&report)
            _ = directory.take(report, from: nil, now: now, root: standing)
            return directory.choose(RelayQuestion(), now: now) != nil
        }
        #expect(isChosen { _ in })
        #expect(isChosen { $0.livePosition -= format.bytes(seconds: 9.9) })
        #expect(!isChosen { $0.livePosition -= format.bytes(seconds: 10.1) })
        #expect(!isChosen { $0.livePosition += format.bytes(seconds: 10.1) })
        #expect(
            isChosen {
                $0.livePosition = 0; $0.isAsleep = true
            })
        #expect(!isChosen { $0.isDraining = true })
        for state in [BudgetState.soft, .hard] {
            #expect(
                !isChosen {
                    $0.budget = BudgetReport(
                        settings: BudgetSettings(), state: state, usedBytes: 0, forecastBytes: 0)
                })
        }
        // The epoch before is played out, and then it is time.
        let directory = RelayDirectory(generator: SeededGenerator(1))
        #expect(isChosen({ $0.epoch = "00000000000000aa" }, in: directory))
        #expect(isChosen({ $0.epoch = "00000000000000aa" }, at: 119 * second, in: directory))
        #expect(!isChosen({ $0.epoch = "00000000000000aa" }, at: 121 * second, in: directory))
        #expect(isChosen({ _ in }, at: 124 * second, in: directory))
    }

    @Test func theRegionOfTheListenerCounts() throws {
        let directory = directory()
        directory.regions = try RegionTable("10.0.0.0/8 EU\n2001:db8::/32 us\n")
        var near = report(1, weight: 1)
        near.location = "eu"
        _ = directory.take(near, from: nil, now: 0)
        _ = directory.take(report(2, weight: 1_000), from: nil, now: 0)
        for _ in 0..<20 {
            #expect(directory.choose(RelayQuestion(client: IPAddress("10.1.2.3")), now: 0) == "http://r1:8193")
        }
        let elsewhere = (0..<100).count { _ in
            directory.choose(RelayQuestion(client: IPAddress("192.0.2.1")), now: 0) == "http://r2:8193"
        }
        #expect(elsewhere > 90)
    }
}
