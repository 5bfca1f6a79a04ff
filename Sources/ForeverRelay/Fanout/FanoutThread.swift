import ForeverHTTP
import Synchronization

/// A fan-out on a thread and a loop of its own, over the same ring as the others.
///
/// Connections are handed to it for good. What it shares with the owner are the ring, the position maps and a copy of
/// its statistics, taken once a step. **Thread:** the owner's; what happens inside happens on its own.
final class FanoutThread {
    private let thread: LoopThread
    private let inside: LoopBound<Inside>
    private let published: Published

    /// Connections handed over so far, so that a limit counts those under way too.
    private var handedOver: Int64 = 0

    /// **Errors:** no descriptor or no thread left.
    init(
        number: Int, ring: StreamRing, titles: [StreamTitle], settings: FanoutSettings, maps: PositionMaps
    ) throws(SystemError) {
        thread = try LoopThread(name: "fan-out \(number)")
        published = Published()
        let fanout = Fanout(source: Self.source(ring, titles), settings: settings, maps: maps)
        inside = LoopBound(Inside(thread.loop, fanout, published), loop: thread.loop)
    }

    deinit { stop() }

    /// What it has done and whom it serves, as of its last step; those on their way to it are counted as here.
    var statistics: FanoutStatistics {
        var statistics = published.statistics.withLock { $0 }
        statistics.connections += Int(handedOver - statistics.joined)
        statistics.joined = handedOver
        return statistics
    }

    var connectionCount: Int { statistics.allConnections }

    /// Hands a connection over, answered for `epoch`. False when its loop takes no more: the descriptor stays the caller's.
    func join(_ new: NewListener, epoch: Epoch) -> Bool {
        let isTaken = perform { $0.join(new, epoch: epoch) }
        if isTaken { handedOver += 1 }
        return isTaken
    }

    func setTitles(_ titles: [StreamTitle]) { perform { $0.fanout.source.titles.replace(with: titles) } }

    func play(_ ring: StreamRing, titles: [StreamTitle]) { perform { $0.play(Self.source(ring, titles)) } }

    /// See `Fanout.letGo`.
    func letGo(_ count: Int) { perform { $0.fanout.letGo(count) } }

    /// See `Fanout.cut`.
    func cut(_ owner: RelayTag?) { perform { $0.cut(owner) } }

    private static func source(_ ring: StreamRing, _ titles: [StreamTitle]) -> StreamSource {
        let source = StreamSource(ring: ring)
        source.titles.replace(with: titles)
        return source
    }

    /// Closes every connection and ends the thread.
    func stop() {
        perform { $0.end() }
        thread.stop()
    }

    @discardableResult
    private func perform(_ body: @escaping @Sendable (Inside) -> Void) -> Bool {
        let inside = self.inside
        return thread.loop.post { body(inside.value) }
    }

    /// The statistics as others may read them.
    private final class Published: Sendable {
        let statistics = Mutex(FanoutStatistics())

        func take(from fanout: Fanout) {
            let present = fanout.statistics
            statistics.withLock { $0 = present }
        }
    }

    /// What belongs to the thread.
    private final class Inside {
        let fanout: Fanout
        private let stepper: FanoutStepper
        private let loop: EventLoop
        private let published: Published

        init(_ loop: EventLoop, _ fanout: Fanout, _ published: Published) {
            self.loop = loop
            self.fanout = fanout
            self.published = published
            stepper = FanoutStepper(loop: loop, fanout: fanout, after: { published.take(from: fanout) })
        }

        func join(_ new: NewListener, epoch: Epoch) {
            // The answer was given for another epoch, which has gone meanwhile: to begin here would be a lie.
            guard fanout.source.epoch == epoch else { return fanout.refuse(new) }
            fanout.join(new, now: loop.nowNanoseconds)
            stepper.arm()
            published.take(from: fanout)
        }

        func play(_ source: StreamSource) {
            fanout.play(source, now: loop.nowNanoseconds)
            published.take(from: fanout)
        }

        func cut(_ owner: RelayTag?) {
            fanout.cut(owner, now: loop.nowNanoseconds)
            published.take(from: fanout)
        }

        func end() {
            stepper.stop()
            fanout.closeAll(now: loop.nowNanoseconds)
            published.take(from: fanout)
        }
    }
}
