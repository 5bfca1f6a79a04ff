/// Where the live edge is: what a listener at zero distance hears now.
///
/// Live follows the clock from an anchor, and never passes the mixing edge. When it reaches the mixing edge it stops
/// there (the stream *starves*); once enough is held again it goes on from where it stopped, with a new anchor. So it
/// pauses and never jumps; the one exception is a relay whose source no longer has the bytes in between (`restart`).
///
/// Pure: time and edges are handed in. A relay steers its clock towards the root's by at most
/// `slewMillionthsMax`: 1000 ppm is one millisecond a second, which nobody's buffer notices.
public struct LiveClock: Sendable {
    public struct Settings: Sendable {
        /// Where live begins in a new epoch; the first listener's burst is what lies before it.
        public var startPosition: StreamPosition
        /// What must be held beyond live before it starts or goes on.
        public var resumeBytes: Int64
        public var slewMillionthsMax: Int64 = 1_000
        /// An error is taken back over this time, or longer where the slew limit says so.
        public var slewNanoseconds: Int64 = 10_000_000_000

        public init(startPosition: StreamPosition, resumeBytes: Int64) {
            self.startPosition = startPosition
            self.resumeBytes = resumeBytes
        }
    }

    public let format: StreamFormat
    private let settings: Settings
    /// The anchor in force; nil before live began.
    public private(set) var anchor: LiveAnchor?
    /// The live edge as of the last `advance`.
    public private(set) var live: StreamPosition
    /// Whether live stands still because nothing is there to play.
    public private(set) var isStarved = true
    /// How often live had to stop since the start.
    public private(set) var starvedCount = 0

    /// the slewed line that live follows: from here, at (1 000 000 + slew) millionths of the byte rate
    private var line: LiveAnchor?
    private var slewMillionths: Int64 = 0
    /// where live is elsewhere, for a clock that joins it when it has enough to play
    private var elsewhere: LiveAnchor?

    public init(format: StreamFormat, settings: Settings) {
        self.format = format
        self.settings = settings
        live = settings.startPosition
    }

    /// Takes up an anchor saved before a restart.
    ///
    /// On the same boot the monotonic clock decides (the two clocks then agree within two seconds), else the wall
    /// clock. Live lands where the anchor says, at most at `edge` and not before `oldest`.
    public mutating func restore(_ saved: LiveAnchor, now: Instant, oldest: StreamPosition, edge: StreamPosition) {
        let monotonic = now.monotonicNanoseconds - saved.monotonicNanoseconds
        let (wall, overflow) = (now.wallMilliseconds - saved.wallMilliseconds).multipliedReportingOverflow(
            by: 1_000_000)
        let sameBoot = monotonic >= 0 && !overflow && abs(monotonic - wall) < 2_000_000_000
        let elapsed = sameBoot ? monotonic : overflow ? 0 : max(0, wall)
        let position = saved.position + format.bytes(nanoseconds: elapsed)
        if position >= edge || position < oldest {
            live = max(min(position, edge), oldest)
            isStarved = true
            return
        }
        live = position
        isStarved = false
        let taken =
            sameBoot
            ? saved
            : LiveAnchor(
                position: position, monotonicNanoseconds: now.monotonicNanoseconds,
                wallMilliseconds: now.wallMilliseconds)
        anchor = taken
        line = taken
        slewMillionths = 0
    }

    /// Moves live on to now. Gives the new anchor when one was made, to be written down and published.
    ///
    /// `oldest` is the oldest byte still held: live never lies before it.
    @discardableResult
    public mutating func advance(to now: Instant, oldest: StreamPosition, edge: StreamPosition) -> LiveAnchor? {
        if live < oldest { return setAnchor(at: oldest, now) }
        if isStarved {
            guard edge >= live + settings.resumeBytes else { return nil }
            guard let elsewhere else { return setAnchor(at: live, now) }
            let there =
                elsewhere.position
                + format.bytes(nanoseconds: now.monotonicNanoseconds - elsewhere.monotonicNanoseconds)
            return setAnchor(at: max(live, min(there, edge - settings.resumeBytes)), now)
        }
        let due = max(live, position(at: now.monotonicNanoseconds))
        if due >= edge {
            live = max(live, edge)
            isStarved = true
            starvedCount += 1
        } else {
            live = due
        }
        return nil
    }

    /// The clock's own idea of live at a moment, whatever is mixed.
    private func position(at monotonicNanoseconds: Int64) -> StreamPosition {
        guard let line else { return live }
        let elapsed = monotonicNanoseconds - line.monotonicNanoseconds
        let bent = slewMillionths == 0 ? elapsed : elapsed + elapsed / 1_000_000 * slewMillionths
        return line.position + format.bytes(nanoseconds: bent)
    }

    private mutating func setAnchor(at position: StreamPosition, _ now: Instant) -> LiveAnchor {
        let made = LiveAnchor(
            position: position, monotonicNanoseconds: now.monotonicNanoseconds, wallMilliseconds: now.wallMilliseconds)
        anchor = made
        line = made
        elsewhere = nil
        slewMillionths = 0
        live = position
        isStarved = false
        return made
    }

    /// Bends the clock so that it meets `target` (the root's live edge as of now) without ever jumping.
    ///
    /// A starved clock is not steered: it has nothing to play.
    public mutating func steer(towards target: StreamPosition, now: Instant) {
        guard !isStarved, line != nil else { return }
        let here = position(at: now.monotonicNanoseconds)
        let error = target - here
        line = LiveAnchor(
            position: here, monotonicNanoseconds: now.monotonicNanoseconds, wallMilliseconds: now.wallMilliseconds)
        let span = Double(format.byteRate) * Double(settings.slewNanoseconds) / 1e9
        let wanted = Double(error) / span * 1e6
        let limit = Double(settings.slewMillionthsMax)
        slewMillionths = Int64(max(-limit, min(limit, wanted)).rounded())
    }

    /// Begins again at a place that does not follow from before: a new epoch, or a gap that the source cannot fill.
    ///
    /// Live stands at `position` until enough is held beyond it. With `joining`, the moment at which the root's live
    /// was there, it then starts where the root's has come to meanwhile: nobody hears this clock yet.
    public mutating func restart(at position: StreamPosition, joining moment: Instant? = nil) {
        elsewhere = moment.map {
            LiveAnchor(
                position: position, monotonicNanoseconds: $0.monotonicNanoseconds,
                wallMilliseconds: $0.wallMilliseconds)
        }
        live = position
        isStarved = true
        anchor = nil
        line = nil
        slewMillionths = 0
    }
}
