import ForeverHTTP
import Synchronization
import Testing

@Suite struct LoopThreadTests {
    private final class Seen: Sendable {
        let names = Mutex<[String]>([])
    }

    @Test func jobsRunOnItsThreadInOrderAndStopWaits() throws {
        let seen = Seen()
        let thread = try LoopThread(name: "a loop of its own")
        for number in 0..<100 { #expect(thread.loop.post { seen.names.withLock { $0.append("\(number)") } }) }
        let loop = thread.loop
        thread.loop.post { loop.requireLoopThread() }
        thread.loop.post { loop.schedule(after: .milliseconds(5)) { seen.names.withLock { $0.append("timer") } } }
        while seen.names.withLock({ $0.count }) < 101 {}
        for _ in 0..<1_000 { thread.loop.post { seen.names.withLock { $0.append("last") } } }
        thread.stop()
        thread.stop()
        #expect(
            seen.names.withLock { $0 } == (0..<100).map(String.init) + ["timer"]
                + Array(repeating: "last", count: 1_000),
            "what was posted before runs before it ends")
    }
}
