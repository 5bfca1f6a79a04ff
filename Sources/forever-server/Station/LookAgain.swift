import Synchronization

/// Says once to another thread that something is to be looked at again. **Thread:** any.
package final class LookAgain: Sendable {
    private let isWanted = Atomic<Bool>(false)

    package init() {}

    package func ask() { isWanted.store(true, ordering: .relaxed) }

    /// Whether it was asked since the last time.
    func take() -> Bool { isWanted.exchange(false, ordering: .relaxed) }
}
