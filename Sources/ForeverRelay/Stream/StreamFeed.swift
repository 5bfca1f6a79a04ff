/// One epoch's stream as it is played here: the bytes, where live is, and what the titles are.
///
/// **Thread:** the loop's, but for the ring's writer.
public final class StreamFeed {
    /// The same for those who only read it.
    public let source: StreamSource
    public private(set) var clock: LiveClock
    /// Called with every new anchor: the root writes it into the catalogue and publishes it.
    public var onAnchor: ((LiveAnchor) -> Void)?

    /// Takes up the anchor saved in the ring, when there is one.
    public init(ring: StreamRing, settings: LiveClock.Settings, titles: TitleTrack = TitleTrack(), now: Instant) {
        source = StreamSource(ring: ring, titles: titles)
        clock = LiveClock(format: ring.format, settings: settings)
        defer { ring.live = clock.live }
        guard ring.isRestored else { return }
        if let anchor = ring.savedAnchor {
            clock.restore(anchor, now: now, oldest: ring.oldest, edge: ring.edge)
        } else if ring.oldest > settings.startPosition {
            clock.restart(at: ring.edge)
        }
    }

    public var ring: StreamRing { source.ring }
    public var titles: TitleTrack { source.titles }
    public var epoch: Epoch { ring.epoch }
    public var format: StreamFormat { ring.format }
    /// The live edge as of the last `advance`; never beyond what is mixed, also before the first sound.
    public var live: StreamPosition { min(clock.live, ring.edge) }
    /// Whether there is something to begin with: live has moved, or is known from elsewhere and something before it is here.
    public var hasBegun: Bool { clock.anchor != nil || isJoining && edge > oldest }
    private var isJoining = false
    /// The mixing edge now.
    public var edge: StreamPosition { ring.edge }
    public var oldest: StreamPosition { ring.oldest }
    /// How far the mixing edge is ahead of live.
    public var leadSeconds: Double { format.seconds(bytes: max(0, edge - live)) }

    /// Moves live on; a new anchor is saved with the bytes and told.
    public func advance(to now: Instant) {
        let made = clock.advance(to: now, oldest: ring.oldest, edge: ring.edge)
        ring.live = clock.live
        guard let anchor = made else { return }
        ring.save(anchor)
        onAnchor?(anchor)
    }

    /// Bends the clock towards where the root's live edge is now.
    public func steer(towards target: StreamPosition, now: Instant) { clock.steer(towards: target, now: now) }

    /// Lets live begin at `position`, for a new epoch or after a gap.
    public func restart(at position: StreamPosition, joining moment: Instant? = nil) {
        clock.restart(at: position, joining: moment)
        isJoining = moment != nil
        ring.live = position
        ring.save(nil)
    }
}
