import Foundation
import Glibc
import Synchronization

/// A thread that works until it is told to stop.
final class WorkThread: Sendable {
    private let isStopping = Atomic<Bool>(false)
    private let hasEnded = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - niceness: 0 as the process, 19 last of all
    ///   - body: asks its argument often whether to stop
    init(name: String, niceness: Int32, body: @escaping @Sendable (_ isStopped: () -> Bool) -> Void) {
        let thread = Thread { [self] in
            if niceness > 0 { WorkThread.stepBack(to: niceness) }
            body { [self] in isStopping.load(ordering: .relaxed) }
            hasEnded.signal()
        }
        thread.name = name
        thread.stackSize = WorkThread.stackBytes
        thread.start()
    }

    private static let stackBytes = 2 << 20

    /// The calling thread leaves the processor to others from now on.
    static func stepBack(to niceness: Int32) {
        // On Linux the priority of process 0 is the calling thread's own.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
    }

    /// Asks it to stop.
    func stop() { isStopping.store(true, ordering: .relaxed) }

    /// Waits until it has ended, or at most so many seconds.
    func join(seconds: Double) { _ = hasEnded.wait(timeout: .now() + seconds) }
}
