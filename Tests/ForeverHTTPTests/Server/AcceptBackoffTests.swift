import ForeverHTTP
import Glibc
import Testing

struct AcceptBackoffTests {
    @Test func waitsLongerEachTimeAndForgetsOnSuccess() {
        var backoff = AcceptBackoff()
        let waits = (0..<7).map { _ in backoff.failed(EMFILE) }
        #expect(waits == [50, 100, 200, 400, 800, 1_600, 1_600].map { .pause(milliseconds: $0) })
        backoff.succeeded()
        #expect(backoff.failed(ENFILE) == .pause(milliseconds: 50))
        #expect(backoff.failed(EAGAIN) == .done)
        #expect(backoff.failed(ECONNABORTED) == .next)
    }

    /// A process out of descriptors neither spins nor loses the connections that wait; a process of its own, since
    /// the limit holds for all of it.
    @Test func outlivesTheEndOfDescriptors() async {
        await #expect(processExitsWith: .success) {
            let stand = try Stand()
            stand.router.on(.GET, "/") { _ in .text("here") }
            let client = try stand.client()
            var taken: [Int32] = []
            var limit = rlimit(rlim_cur: 64, rlim_max: 64)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            while true {
                let fd = dup(0)
                if fd < 0 { break }
                taken.append(fd)
            }
            client.send("GET / HTTP/1.0\r\n\r\n")
            stand.turnIdly(5)
            let before = stand.loop.turnCount
            precondition(stand.server.connectionCount == 0)
            // Paused: the listening socket, though ready, does not end the loop's sleep.
            stand.loop.turn(sleepMillisecondsMax: 20)
            precondition(stand.loop.turnCount == before + 1)
            for fd in taken { close(fd) }
            stand.advance(.milliseconds(50))
            precondition(client.readToEnd().hasSuffix("here\n"))
        }
    }
}
