/// What happens to a listener that does not keep up. Pure.
///
/// A listener's kernel buffer holds the burst and two periods. One that lets it fill and falls behind by more than the
/// burst on top loses the piece in between, from one frame's end to another frame's start, so that no decoder ever sees
/// half a frame; one that takes nothing at all for a while is gone.
struct SlowListenerPolicy {
    var burstBytes: Int64
    var stalledNanosecondsMax: Int64

    init(_ settings: FanoutSettings, _ format: StreamFormat) {
        burstBytes = format.bytes(seconds: settings.burstSeconds)
        stalledNanosecondsMax = settings.stalledSecondsMax * 1_000_000_000
    }

    /// Which bytes are next for a listener: `first` and then `second`; a skip lies between them unless they touch.
    struct Passage: Hashable {
        var firstEnd: StreamPosition
        var secondStart: StreamPosition
        var limit: StreamPosition
        var isSkip: Bool { firstEnd != secondStart }
        var secondBytes: Int64 { limit - secondStart }

        /// All that a listener at `position` is offered; nothing or less when it is further than it may read.
        func bytes(from position: StreamPosition) -> Int64 { firstEnd - position + secondBytes }
    }

    /// What to try to send.
    ///
    /// - position: the listener's next byte
    /// - limit: as far as it may read; never before `oldest`
    static func passage(
        position: StreamPosition, oldest: StreamPosition, limit: StreamPosition, isOverdue: Bool, format: StreamFormat
    ) -> Passage {
        // The last frame that is there: after a skip there is something to send at once.
        let restart = format.frameFloor(limit - 1)
        if position < oldest {
            // What it needs is gone; even the frame under way cannot be finished.
            return Passage(firstEnd: position, secondStart: max(oldest, restart), limit: limit)
        }
        let frameEnd = format.frameCeiling(position)
        if isOverdue, restart > frameEnd {
            return Passage(firstEnd: frameEnd, secondStart: restart, limit: limit)
        }
        return Passage(firstEnd: position, secondStart: position, limit: limit)
    }

    /// Whether a listener at `position` after a send is so far behind that it must skip next time.
    func isOverdue(position: StreamPosition, limit: StreamPosition) -> Bool { limit - position > burstBytes }

    /// Whether a listener is gone.
    func isStalled(sinceNanoseconds progress: Int64, now: Int64) -> Bool { now - progress >= stalledNanosecondsMax }
}
