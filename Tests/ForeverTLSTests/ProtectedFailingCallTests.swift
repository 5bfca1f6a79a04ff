import ForeverHTTP
import ForeverTLS
import ForeverTestKit
import Glibc
import Testing

/// Every system call of a protected server's and client's life fails once: nothing crashes, hangs or leaks, and who comes
/// afterwards is served.
@Suite(.enabled(if: ScriptedCalls.isAvailable)) struct ProtectedFailingCallTests {
    private static let callsMax = 2_000
    private static let turnsMax = 500

    private let context: TLSServerContext
    private let believing: TLSClientContext

    init() throws {
        let authority = try TestAuthority()
        let certificate = try authority.certificate()
        context = try TLSServerContext(certificateFile: certificate.file, keyFile: certificate.keyFile)
        believing = try TLSClientContext(authoritiesFile: authority.file)
    }

    @Test(arguments: 0..<6) func everyCallMayFail(choice: Int) throws {
        for number in 1...Self.callsMax {
            let calls = FailingCalls(failing: number, choice: choice)
            let wrong = calls.run { live(calls) }
            #expect(wrong == nil, "\(calls.failed ?? "nothing failed"): \(wrong ?? "")")
            #expect(calls.open.isEmpty, "\(calls.failed ?? "nothing failed"), descriptors \(calls.open) are left")
            #expect(
                calls.closedTwice.isEmpty, "\(calls.failed ?? "nothing failed"), closed twice: \(calls.closedTwice)")
            guard calls.failed != nil else {
                #expect(number > 60, "only \(number) calls were made")
                return
            }
        }
        Issue.record("the runs do not end")
    }

    /// Gives what is wrong; a start that fails with an error is not.
    private func live(_ calls: FailingCalls) -> String? {
        let clock = ManualClock()
        guard let loop = try? EventLoop(clock: clock) else { return calls.failed == nil ? "no loop" : nil }
        let router = Router()
        let large = [UInt8](repeating: 65, count: 60_000)
        router.on(.GET, "/large") { _ in .bytes(large, contentType: "text/plain") }
        router.on(.POST, "/echo") { .bytes($0.body, contentType: "text/plain") }
        router.on(.GET, "/take") { _ in
            .takeover(headers: [:], headFirst: false) { connection in
                guard let channel = connection.transport.releaseChannel() else { return connection.transport.close() }
                _ = connection.unsentBytes.withUnsafeBytes { channel.send($0) }
                if channel.flush() == .sent { _ = large[..<16_000].withUnsafeBytes { channel.send($0) } }
                channel.close()
            }
        }
        let server = HTTPServer(loop: loop, router: router)
        defer {
            server.stop()
            loop.turn(sleepMillisecondsMax: 0)
        }
        guard let port = try? server.listen(host: "127.0.0.1", port: 0, context) else {
            return calls.failed == nil ? "cannot listen" : nil
        }
        let client = HTTPClient(loop: loop)
        client.speakTLS(believing)
        func address(_ target: String) -> HTTPAddress { HTTPAddress("https://127.0.0.1:\(port)\(target)")! }
        var answers: [Bool] = []
        func take(_ answer: Result<ClientReply, ClientError>, _ bytes: Int) {
            answers.append((try? answer.get().body.count) == bytes)
        }
        client.get(address("/large"), deadline: .seconds(5)) { take($0, 60_000) }
        client.post(address("/echo"), body: [1, 2, 3], deadline: .seconds(5)) { take($0, 3) }
        client.get(address("/take"), deadline: .seconds(5)) { take($0, 16_000) }
        turn(loop, clock) { answers.count == 3 }
        if answers.count != 3 { return "\(answers.count) answers to 3 requests" }
        if calls.failed == nil, answers.contains(false) { return "not every answer is whole" }
        // The failing call may have been this one's; the next one is served in any case.
        for attempt in 0..<3 {
            answers = []
            client.get(address("/large"), deadline: .seconds(5)) { take($0, 60_000) }
            turn(loop, clock) { !answers.isEmpty }
            if answers == [true] { return nil }
            if attempt == 2 { return "a fresh client is not served" }
        }
        return nil
    }

    private func turn(_ loop: EventLoop, _ clock: ManualClock, until isDone: () -> Bool) {
        for _ in 0..<Self.turnsMax where !isDone() {
            clock.advance(by: .milliseconds(25))
            loop.turn(sleepMillisecondsMax: 0)
        }
    }
}
