import ForeverRelay
import Testing

@Suite struct BackoffTests {
    @Test func doublesWithJitterUpToALimit() {
        var generator = SeededGenerator(1)
        var backoff = Backoff()
        var full = Backoff.firstSeconds
        for _ in 0..<20 {
            let wait = backoff.next(using: &generator)
            #expect(wait >= full / 2 && wait <= full)
            full = min(full * 2, Backoff.secondsMax)
        }
        backoff.reset()
        #expect(backoff.next(using: &generator) <= Backoff.firstSeconds)
    }
}
