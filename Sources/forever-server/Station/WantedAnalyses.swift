import Synchronization

/// Tracks whose analysis the mixer waits for, in the order asked. **Thread:** any.
package final class WantedAnalyses: Sendable {
    /// Wishes held at most; the mixer needs one or two at a time.
    package static let wishesMax = 16

    private struct State {
        var wishes: [String] = []
        var hasNews = false
    }

    private let state = Mutex(State())

    package init() {}

    /// The mixer's wish: this one before all others.
    package func ask(for id: String) {
        state.withLock { state in
            guard !state.wishes.contains(id), state.wishes.count < WantedAnalyses.wishesMax else { return }
            state.wishes.append(id)
        }
    }

    /// The next wish, taken by whoever analyses.
    package func take() -> String? {
        state.withLock { $0.wishes.isEmpty ? nil : $0.wishes.removeFirst() }
    }

    /// Some analysis has been stored.
    package func done() { state.withLock { $0.hasNews = true } }

    /// Whether something was stored since the last call.
    package func takeNews() -> Bool {
        state.withLock { state in
            defer { state.hasNews = false }
            return state.hasNews
        }
    }
}
