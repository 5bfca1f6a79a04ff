import Glibc

/// Text for the person or the log behind standard output and standard error, past any buffer. **Thread:** any.
enum Terminal {
    /// Whether a person watches standard error.
    static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes to standard error.
    static func toError(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Writes a line to standard output at once, also into a pipe.
    static func line(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

    private static func write(_ text: String, to fd: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(fd, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // Nobody reads any more: the work goes on without words.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
