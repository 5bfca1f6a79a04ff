import ForeverCore
import ForeverTestKit
import Foundation
import Synchronization

/// A client against the fake SoundCloud, over real sockets, with a clock moved by hand.
final class CloudScene: Sendable {
    final class Clock: CloudClock {
        private let seconds = Mutex(1_795_000_000.0)
        var wallSeconds: Double { seconds.withLock { $0 } }
        /// Nobody waits: the time is over at once.
        func sleep(seconds: Double) { advance(seconds) }
        func advance(_ seconds: Double) { self.seconds.withLock { $0 += seconds } }
    }

    let clock = Clock()
    let fake: FakeCloud
    let folder: ForeverTestKit.TemporaryFolder
    let said = Mutex<[String]>([])

    init(tokenSeconds: Double = 3_599, signatureSeconds: Double = 300) throws {
        fake = try FakeCloud(tokenSeconds: tokenSeconds, signatureSeconds: signatureSeconds) { [clock] in
            clock.wallSeconds
        }
        folder = try ForeverTestKit.TemporaryFolder()
    }

    var tokenPath: String { folder("soundcloud-token") }

    func settings(_ more: String = "") throws -> CloudSettings {
        try CloudSettings(
            file: Array((fake.settingsJSON + #","from":["genre: House"]\#(more)}"#).utf8), environment: [:])
    }

    func client(_ more: String = "", transport: any CloudTransport = URLSessionTransport()) throws -> CloudClient {
        try CloudClient(
            settings: settings(more), transport: transport, clock: clock, file: try TokenFile(path: tokenPath),
            say: { [self] line in said.withLock { $0.append(line) } })
    }

    func problem<Answer>(_ body: () throws(CloudProblem) -> Answer) -> CloudProblem? {
        do throws(CloudProblem) {
            _ = try body()
            return nil
        } catch { return error }
    }
}
