import ForeverRelay
import Testing

@Suite struct TrafficHistoryTests {
    private func hour(_ server: String, _ hour: Int64, seconds: Int64 = 1, peak: Int = 1, sent: Int64 = 10)
        -> TrafficHour
    {
        TrafficHour(
            server: server, hour: hour, listenerSeconds: seconds, listenersPeak: peak,
            totals: TrafficTotals(sentBytes: sent, receivedBytes: 1))
    }

    @Test func whatIsStoredIsGivenOnce() {
        var history = TrafficHistory()
        for _ in 0..<60 { history.add(hour("root", 5, peak: 3)) }
        history.add(hour("a", 5))
        history.add(hour("root", 6))
        let taken = history.take()
        #expect(taken.map(\.server) == ["a", "root", "root"] && taken.map(\.hour) == [5, 5, 6])
        #expect(taken[1].listenerSeconds == 60 && taken[1].totals.sentBytes == 600 && taken[1].listenersPeak == 3)
        #expect(history.take().isEmpty)
        history.add(hour("root", 6))
        #expect(history.take() == [hour("root", 6)])
    }

    @Test func theDayIsSummedOverAllAndBounded() {
        var history = TrafficHistory()
        history.restore([hour("a", 3, sent: 7), hour("root", 2), hour("root", 3)])
        history.note(listeners: 9, hour: 3)
        #expect(history.sums.map(\.hour) == [2, 3])
        #expect(history.sums[1].totals.sentBytes == 17 && history.sums[1].listenersPeak == 9)
        for number in Int64(4)..<100 { history.add(hour("root", number)) }
        #expect(history.sums.count == TrafficHistory.hoursMax && history.sums.last?.hour == 99)
        for number in 0..<10_000 { history.add(hour("relay\(number)", 99)) }
        #expect(history.take().count <= 4_096)
    }
}
