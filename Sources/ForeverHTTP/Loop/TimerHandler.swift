/// What happens when a timer fires. Whoever sets a timer again and again makes it once, and then allocates nothing.
public final class TimerHandler {
    let body: () -> Void

    public init(_ body: @escaping () -> Void) { self.body = body }
}
