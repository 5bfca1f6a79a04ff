/// What is played, as those see it who only read: the ring with its live edge, and the titles.
///
/// Several may stand over one ring, each with titles of its own. **Thread:** one fan-out's, but for the ring.
public final class StreamSource {
    public let ring: StreamRing
    public let titles: TitleTrack

    public init(ring: StreamRing, titles: TitleTrack = TitleTrack()) {
        self.ring = ring
        self.titles = titles
    }

    public var epoch: Epoch { ring.epoch }
    public var format: StreamFormat { ring.format }
    /// The live edge as of the feed's last `advance`; never beyond what is mixed, also before the first sound.
    public var live: StreamPosition { min(ring.live, ring.edge) }
    /// The mixing edge now.
    public var edge: StreamPosition { ring.edge }
    public var oldest: StreamPosition { ring.oldest }
}
