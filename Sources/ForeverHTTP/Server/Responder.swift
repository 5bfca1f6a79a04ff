/// Answers a request later. **Thread:** the loop's; take it through other threads in a `LoopBound`.
///
/// A responder that is let go without an answer answers 500.
public final class Responder {
    private weak var connection: ServerConnection?
    private let ordinal: Int
    private var isAnswered = false
    /// Called once if the connection breaks, or the answer's time is over, before it is answered. An asker that only
    /// finishes sending still waits.
    public var onGone: (() -> Void)? {
        didSet { connection?.goneHandler = onGone }
    }

    init(_ connection: ServerConnection, ordinal: Int) {
        self.connection = connection
        self.ordinal = ordinal
    }

    deinit {
        if !isAnswered { connection?.answer(.status(.internalServerError), ordinal: ordinal) }
    }

    /// Whether anybody still waits for the answer.
    public var isWaitedFor: Bool { !isAnswered && connection?.isWaiting(ordinal) == true }

    /// Answers; a second answer, or one nobody waits for, is dropped.
    public func answer(_ response: Response) {
        guard !isAnswered else { return }
        isAnswered = true
        connection?.answer(response, ordinal: ordinal)
    }
}
