import Synchronization

/// One line on the terminal that says how far long work has come; nothing at all in a pipe. **Thread:** any.
final class ProgressLine: Sendable {
    private struct State {
        var shown = ""
    }

    private let isTerminal = Terminal.isWatched
    private let state = Mutex(State())

    /// Shows `text` in place of what stood there.
    func show(_ text: String) {
        guard isTerminal else { return }
        state.withLock { state in
            guard text != state.shown else { return }
            Terminal.toError("\r\u{1B}[K" + text.prefix(100))
            state.shown = text
        }
    }

    /// Takes the line away, so that what is printed next stands alone.
    func clear() {
        guard isTerminal else { return }
        state.withLock { state in
            if !state.shown.isEmpty { Terminal.toError("\r\u{1B}[K") }
            state.shown = ""
        }
    }
}
