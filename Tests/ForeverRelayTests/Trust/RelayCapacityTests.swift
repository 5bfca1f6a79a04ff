import ForeverRelay
import Testing

private let second: Int64 = 1_000_000_000

/// A relay with so many real places, and a root that sends listeners there as fast as it may, reports every 3 s.
private struct Growth {
    var capacity = RelayCapacity(now: 0)
    var sent = 0

    /// Runs for some seconds; `connections` is what the relay says, given how many were sent there.
    mutating func run(from: Int64 = 0, seconds: Int64, claimed: Int?, connections: (Int) -> Int) {
        for now in stride(from: from * second, to: (from + seconds) * second, by: Int(3 * second)) {
            let said = connections(sent)
            capacity.reported(connections: said, now: now)
            let room = capacity.listenersMax(claimed: claimed, granted: nil, now: now)
            for _ in 0..<max(0, room - max(said, capacity.arrivingLately(now: now))) {
                capacity.assigned(now: now)
                sent += 1
            }
        }
    }
}

@Suite struct RelayCapacityTests {
    @Test func anHonestRelayGrowsQuickly() {
        var growth = Growth()
        growth.run(seconds: 21, claimed: 5_000) { $0 }
        #expect(growth.sent == 5_000, "\(growth.sent) after twenty seconds")
    }

    @Test func whoClaimsMuchGetsLittleAtFirst() {
        var growth = Growth()
        growth.run(seconds: 1, claimed: 1_000_000) { _ in 1_000_000 }
        #expect(growth.sent == 0, "it says that it is full of others")
        growth = Growth()
        growth.run(seconds: 1, claimed: 1_000_000) { _ in 0 }
        #expect(growth.sent == RelayCapacity.firstListeners)
        let capacity = RelayCapacity(now: 0)
        #expect(capacity.listenersMax(claimed: nil, granted: nil, now: 0) == 50)
        #expect(capacity.listenersMax(claimed: nil, granted: 7, now: 0) == 7)
        #expect(capacity.listenersMax(claimed: 3, granted: 7, now: 0) == 3)
    }

    @Test func whoDeniesItsListenersGetsNoMoreForIt() {
        var growth = Growth()
        growth.run(seconds: 60, claimed: 1_000_000) { _ in 0 }
        #expect(growth.sent <= 2 * RelayCapacity.firstListeners, "\(growth.sent) sent to one that says it has none")
    }

    @Test func whoInventsListenersIsBelievedSlowly() {
        var growth = Growth()
        growth.run(seconds: 3, claimed: 1_000_000) { _ in 9_000 }
        growth.run(from: 3, seconds: 57, claimed: 1_000_000) { _ in 9_000 }
        #expect(growth.capacity.listenersMax(claimed: nil, granted: nil, now: 60 * second) <= 150)
    }

    @Test func nobodyGetsMoreThanTheHouseAllows() {
        var growth = Growth()
        growth.run(seconds: 120, claimed: nil) { $0 }
        #expect(growth.sent == RelayCapacity.listenersMax)
    }

    @Test func whatWasCarriedIsForgotten() {
        var growth = Growth()
        growth.run(seconds: 21, claimed: 5_000) { $0 }
        #expect(growth.capacity.listenersMax(claimed: nil, granted: nil, now: 300 * second) > 5_000)
        #expect(growth.capacity.listenersMax(claimed: nil, granted: nil, now: 1_300 * second) == 50)
    }

    /// The root was restarted; the relay has its listeners still.
    @Test func aRelayThatIsFullWhenItIsFirstSeenIsTrustedWithTime() {
        var capacity = RelayCapacity(now: 0)
        for minute in 0...10 { capacity.reported(connections: 400, now: Int64(minute) * 60 * second) }
        #expect(capacity.listenersMax(claimed: nil, granted: nil, now: 600 * second) == 850)
    }
}
