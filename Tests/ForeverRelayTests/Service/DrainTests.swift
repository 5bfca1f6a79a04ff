import ForeverRelay
import Testing

@Suite struct DrainTests {
    @Test func paceGoesDownEvenly() {
        let pace = DrainPace(connections: 90, beginNanoseconds: 1_000, nanoseconds: 100_000)
        #expect(pace.connections(now: 1_000) == 90)
        #expect(pace.connections(now: 46_000) == 45)
        #expect(pace.connections(now: 91_000) == 0)
        #expect(!pace.isOver(now: 100_999) && pace.isOver(now: 101_000))
        #expect(DrainPace(connections: 5, beginNanoseconds: 0, nanoseconds: 0).connections(now: 0) == 0)
    }
}
