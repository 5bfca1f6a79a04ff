/// Carries something that belongs to a loop's thread through other threads and back, unopened.
///
/// A job posted to the loop may capture it where it may not capture the thing itself.
public final class LoopBound<Value>: @unchecked Sendable {
    private let loop: EventLoop
    private let stored: Value

    public init(_ value: Value, loop: EventLoop) {
        stored = value
        self.loop = loop
    }

    /// What is carried. **Thread:** the loop's; anything else stops the program.
    public var value: Value {
        loop.requireLoopThread()
        return stored
    }
}
