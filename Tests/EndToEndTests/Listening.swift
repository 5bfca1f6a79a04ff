import Foundation
import ForeverTestKit
import Synchronization

/// Somebody who listens until the server lets go, on a thread of its own.
final class Listening: Sendable {
    struct Ending {
        var bytes: [UInt8]
        var at: ContinuousClock.Instant
    }

    let epoch: String
    let position: Int
    private let ending = Mutex<Ending?>(nil)

    /// Listens at most so long. **Errors:** when there is no sound to be had.
    init(_ url: String, seconds: Double = 60) throws {
        let reply = try HTTPFetch(url + "all.mp3", seconds: 10)
        guard reply.status == 200, let epoch = reply["Forever-Epoch"],
            let position = reply["Forever-Position"].flatMap(Int.init)
        else { throw TestKitFailure("\(url)all.mp3 answers \(reply.status)") }
        self.epoch = epoch
        self.position = position
        Thread.detachNewThread { [self] in
            let bytes = (try? reply.body(seconds: seconds)) ?? []
            ending.withLock { $0 = Ending(bytes: bytes, at: .now) }
        }
    }

    var isOver: Bool { ending.withLock { $0 != nil } }

    /// What was heard, and when it ended. **Errors:** when it does not within so long.
    func end(withinSeconds seconds: Double) throws -> Ending {
        try eventually("the server lets a listener go", seconds: seconds) { ending.withLock { $0 } }
    }

    func piece(withinSeconds seconds: Double) throws -> StreamPiece {
        StreamPiece(epoch: epoch, position: position, bytes: try end(withinSeconds: seconds).bytes)
    }
}
