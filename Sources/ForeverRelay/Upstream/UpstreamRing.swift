import ForeverHTTP
import Glibc

/// Where a relay writes what it pulls: the newest epoch's feed, over a ring in the relay's folder.
///
/// What does not follow from before, a new epoch or what comes after a gap, goes into a new ring, and plays when the old one
/// has played out. **Thread:** the loop's, which is also the ring's writer.
final class UpstreamRing {
    /// Epochs remembered to which there is no way back.
    static let leftEpochsMax = 8

    /// A silence this long is skipped; after a shorter one listeners get every byte, that much later.
    static let lateSeconds = 2.0
    /// A clock that is off by so much is not bent but set: with 1000 ppm it would take more than an hour.
    static let astraySeconds = 5.0
    /// What a report's reply said of the root's live is believed for so long.
    static let noteNanosecondsMax: Int64 = 10_000_000_000

    private let service: StreamService
    private let path: String
    private let seconds: Double
    private let readsAhead: Bool
    /// What is written; nil before the first sound, and when what was held is of no use any more.
    private(set) var feed: StreamFeed?
    /// Epochs that were left for newer ones.
    private(set) var leftEpochs: [Epoch] = []
    private var rootLive: (position: StreamPosition, epoch: Epoch, nanoseconds: Int64)?
    /// Called with every feed that is opened, before it plays.
    var onOpen: ((StreamFeed) -> Void)?

    /// - seconds: what the ring holds
    /// - readsAhead: sound comes before it is live, as it does to who has credentials
    init(service: StreamService, folder: String, seconds: Double, readsAhead: Bool) {
        self.readsAhead = readsAhead
        self.service = service
        path = folder + "/stream.ring"
        self.seconds = seconds
    }

    /// Plays what the ring still holds from before a restart.
    func restore() throws(RingError) {
        guard let old = StreamRing.describe(path: path) else { return }
        let ring = try StreamRing(
            path: path, epoch: old.epoch, format: old.format, capacityBytes: capacityBytes(old.format))
        if ring.isRestored { open(ring, live: ring.edge) }
    }

    /// What was held is of no use any more.
    func forget() { feed = nil }

    /// Whether sound from there goes on without a gap from what is here.
    func isFollowed(by place: StreamReply.Place) -> Bool {
        guard let feed else { return false }
        return feed.epoch == place.epoch && feed.format == place.format && place.position <= feed.ring.writingPosition
    }

    /// Remembers where the root's live was at a moment; nil when it stood still.
    func note(rootLive position: StreamPosition?, epoch: Epoch?) {
        rootLive = position.flatMap { position in
            epoch.map { (position: position, epoch: $0, nanoseconds: service.loop.nowNanoseconds) }
        }
    }

    /// Whether live is so far from the root's that no bending of the clock brings it back.
    var isAstray: Bool {
        guard let feed, let rootLive, rootLive.epoch == feed.epoch else { return false }
        let elapsed = service.loop.nowNanoseconds - rootLive.nanoseconds
        guard elapsed <= Self.noteNanosecondsMax else { return false }
        return isAstray(from: rootLive.position + feed.format.bytes(nanoseconds: elapsed))
    }

    /// The same, as the head of a reply tells. Only the root's own live says that a clock is wrong.
    func isAstray(against place: StreamReply.Place, isRoot: Bool) -> Bool {
        guard let feed, feed.epoch == place.epoch, isRoot || feed.clock.isStarved else { return false }
        return isAstray(from: place.live)
    }

    private func isAstray(from live: StreamPosition) -> Bool {
        // Who follows live like a listener has no lead but what it lags behind.
        guard readsAhead, let feed, feed.clock.anchor != nil else { return false }
        let late = feed.format.seconds(bytes: live - feed.live)
        return feed.clock.isStarved ? late > Self.lateSeconds : abs(late) > Self.astraySeconds
    }

    /// Makes ready for bytes from `place` on, of which a source said at `heard` where its live was: in the ring that is
    /// there, or in a new one.
    func begin(at place: StreamReply.Place, heard: Instant, anew: Bool) throws(RingError) {
        if isFollowed(by: place), !anew { return }
        // Under another name first: the old ring goes on playing, in a file that has no name any more, and nobody who
        // is just sending from it finds other bytes there.
        let start = place.format.frameCeiling(place.position)
        let fresh = path + ".new"
        unlink(fresh)
        let ring = try StreamRing(
            path: fresh, epoch: place.epoch, format: place.format, capacityBytes: capacityBytes(place.format),
            startingAt: start)
        guard rename(fresh, path) == 0 else { throw RingError.system(call: "rename", code: errno) }
        if let left = feed?.epoch, left != place.epoch {
            leftEpochs = [left] + leftEpochs.filter { $0 != left }.prefix(Self.leftEpochsMax - 1)
        }
        open(ring, live: max(start, place.live), joining: heard)
    }

    private func capacityBytes(_ format: StreamFormat) -> Int { Int(format.bytes(seconds: seconds)) }

    private func open(_ ring: StreamRing, live: StreamPosition, joining moment: Instant? = nil) {
        let settings = LiveClock.Settings(startPosition: live, resumeBytes: ring.format.bytes(seconds: 1))
        let opened = StreamFeed(ring: ring, settings: settings, now: service.now)
        if moment != nil { opened.restart(at: live, joining: moment) }
        feed = opened
        onOpen?(opened)
        service.play(opened)
    }

    /// Whether it holds as much beyond live as it may: more would overwrite what listeners need.
    var isFull: Bool {
        guard let feed else { return false }
        let needed = service.settings.fanout.burstSeconds + Upstream.historySeconds / 2
        let room = feed.ring.capacityBytes - StreamRing.guardBytes - feed.format.bytes(seconds: needed)
        return feed.edge - feed.live > room
    }
}
