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
        let published = Published()
        let thread = try LoopThread(name: "fan-out \(number)")
        self.thread = thread
        self.published = published
        let loop = thread.loop
        inside = LoopBound(Inside(), loop: loop)
        perform { inside in
            let source = StreamSource(ring: ring)
            source.titles.replace(with: titles)
            inside.begin(loop, Fanout(source: source, settings: settings, maps: maps), published)
        }
    }

    deinit { stop() }

    /// What it has done and whom it serves, as of its last step; those on their way to it are counted as here.
    var statistics: FanoutStatistics {
        var statistics = published.statistics.withLock { $0 }
        statistics.connections += Int(handedOver - statistics.joined)
        statistics.joined = handedOver
        return statistics
    }

    /// Hands a connection over; see `Fanout.join`. False when its loop takes no more: the descriptor stays the caller's.
    func join(
        fd: Int32, kind: ListenerKind, from position: StreamPosition, head: [UInt8], metadataInterval: Int,
        name: ListenerName?, place: AddressPlace?, epoch: Epoch
    ) -> Bool {
        let isTaken = perform { inside in
            inside.join(
                fd: fd, kind: kind, from: position, head: head, metadataInterval: metadataInterval, name: name,
                place: place, epoch: epoch)
        }
        if isTaken { handedOver += 1 }
        return isTaken
    }

    func setTitles(_ titles: [StreamTitle]) { perform { $0.fanout?.source.titles.replace(with: titles) } }

    func play(_ ring: StreamRing, titles: [StreamTitle]) {
        perform { inside in
            let source = StreamSource(ring: ring)
            source.titles.replace(with: titles)
            inside.play(source)
        }
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
    }

    /// What belongs to the thread.
    private final class Inside {
        private(set) var fanout: Fanout?
        private var stepper: FanoutStepper?
        private var loop: EventLoop?
        private var published: Published?

        func begin(_ loop: EventLoop, _ fanout: Fanout, _ published: Published) {
            self.loop = loop
            self.fanout = fanout
            self.published = published
            stepper = FanoutStepper(loop: loop, fanout: fanout, after: { [unowned self] in publish() })
        }

        func join(
            fd: Int32, kind: ListenerKind, from position: StreamPosition, head: [UInt8], metadataInterval: Int,
            name: ListenerName?, place: AddressPlace?, epoch: Epoch
        ) {
            guard let fanout, let loop else { return }
            // The answer was given for another epoch, which has gone meanwhile: to begin here would be a lie.
            guard fanout.source.epoch == epoch else { return fanout.refuse(fd: fd, place: place) }
            fanout.join(
                fd: fd, kind: kind, from: position, head: head, metadataInterval: metadataInterval, name: name,
                place: place, now: loop.nowNanoseconds)
            stepper?.arm()
            publish()
        }

        func play(_ source: StreamSource) {
            guard let fanout, let loop else { return }
            fanout.play(source, now: loop.nowNanoseconds)
            publish()
        }

        func end() {
            guard let fanout, let loop else { return }
            stepper?.stop()
            fanout.closeAll(now: loop.nowNanoseconds)
            publish()
        }

        private func publish() {
            guard let fanout, let published else { return }
            let statistics = fanout.statistics
            published.statistics.withLock { $0 = statistics }
        }
    }
}
