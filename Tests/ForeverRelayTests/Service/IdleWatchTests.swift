import ForeverRelay
import Testing

@Suite struct IdleWatchTests {
    private let second: Int64 = 1_000_000_000

    @Test func isOverALingerAfterTheLastListener() {
        var watch = IdleWatch(lingerSeconds: 10, now: 0)
        #expect(!watch.isOver(now: 9 * second))
        watch.isWanted(now: 100 * second)
        #expect(!watch.isOver(now: 109 * second))
        #expect(watch.isOver(now: 110 * second))
        watch.isWanted(now: 110 * second)
        #expect(!watch.isOver(now: 119 * second))
        #expect(watch.isOver(now: 120 * second))
    }

    @Test func isNeverOverWithoutALinger() {
        let watch = IdleWatch(lingerSeconds: nil, now: 0)
        #expect(!watch.isOver(now: .max))
    }
}
