/// How far connections may read in one step: a source's ends and live, looked at once for all of them.
struct Reach {
    let source: StreamSource
    let oldest: StreamPosition
    let edge: StreamPosition
    /// Whole frames only: whoever leaves between two sends has no torn one.
    let live: StreamPosition
    /// What keeping up means with the source's format.
    let policy: SlowListenerPolicy

    init(_ source: StreamSource, _ settings: FanoutSettings) {
        policy = SlowListenerPolicy(settings, source.format)
        self.source = source
        edge = source.edge
        live = source.format.frameFloor(min(source.ring.live, edge))
        oldest = source.oldest
    }
}
