import ForeverHTTP

/// Lets listeners go one after the other, each at a frame's end, so that they do not all ask elsewhere in one moment.
///
/// Relays are kept to the end: they play on from what they hold, and find another source.
/// **Thread:** the loop's.
public final class Drain {
    static let tickMilliseconds: Int64 = 250

    private let service: StreamService
    private let pace: DrainPace
    private let onEnd: () -> Void
    private var timer: TimerID?

    /// Begins at once; `onEnd` is called when nobody is left or the time is over.
    public init(_ service: StreamService, seconds: Double, onEnd: @escaping () -> Void) {
        self.service = service
        self.onEnd = onEnd
        pace = DrainPace(
            connections: service.fanout?.statistics.connections ?? 0, beginNanoseconds: service.loop.nowNanoseconds,
            nanoseconds: Int64(seconds * 1e9))
        tick()
    }

    deinit { if let timer { service.loop.cancel(timer) } }

    private func tick() {
        timer = nil
        let now = service.loop.nowNanoseconds
        let left = service.fanout?.statistics.connections ?? 0
        if left == 0 || pace.isOver(now: now) { return onEnd() }
        service.fanout?.letGo(max(0, left - pace.connections(now: now)))
        timer = service.loop.schedule(after: .milliseconds(Self.tickMilliseconds)) { [unowned self] in tick() }
    }
}
