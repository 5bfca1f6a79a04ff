import ForeverHTTP

/// All fan-outs of a service: one on the service's own loop and, where asked for, more on threads of their own, each
/// with its own listeners, over one shared ring.
///
/// A new connection goes to the one with the fewest. **Thread:** the service's loop.
public final class FanoutGroup {
    public let settings: FanoutSettings
    public let maps = PositionMaps()
    /// What plays.
    public private(set) var feed: StreamFeed

    private let loop: EventLoop
    private let own: Fanout
    private let stepper: FanoutStepper
    private let threads: [FanoutThread]
    private var listenersPeak = 0

    /// `advance` moves live on; it runs before every step of the loop's own fan-out. A further loop that cannot be
    /// started, for want of descriptors or threads, is done without: `loopCount` tells.
    init(loop: EventLoop, feed: StreamFeed, settings: FanoutSettings, advance: @escaping () -> Void) {
        self.loop = loop
        self.feed = feed
        self.settings = settings
        own = Fanout(source: feed.source, settings: settings, maps: maps)
        stepper = FanoutStepper(loop: loop, fanout: own, before: advance)
        var threads: [FanoutThread] = []
        for number in 1..<max(1, settings.loops) {
            guard
                let thread = try? FanoutThread(
                    number: number, ring: feed.ring, titles: feed.titles.titles, settings: settings, maps: maps)
            else { break }
            threads.append(thread)
        }
        self.threads = threads
        followTitles()
    }

    /// Loops that serve listeners.
    public var loopCount: Int { 1 + threads.count }

    /// Sums over all loops.
    public var statistics: FanoutStatistics {
        var sum = own.statistics
        for thread in threads { sum.add(thread.statistics) }
        listenersPeak = max(listenersPeak, sum.listeners)
        sum.listenersPeak = threads.isEmpty ? sum.listenersPeak : listenersPeak
        return sum
    }

    /// All connections, of listeners and relays.
    public var connectionCount: Int { statistics.allConnections }

    /// Connections of each loop, the own one first.
    public var connectionsPerLoop: [Int] { [own.connectionCount] + threads.map(\.connectionCount) }

    /// Whether threads count on live being moved on although nobody listens on this loop.
    var needsAdvancing: Bool { !threads.isEmpty && connectionCount > 0 }

    /// Where a listener that comes now begins: the burst before live, at a frame's start.
    public var joinPosition: StreamPosition { own.joinPosition }

    /// Takes over a connection; see `Fanout.join`.
    public func join(_ new: NewListener) {
        if let thread = threads.min(by: { $0.connectionCount < $1.connectionCount }),
            thread.connectionCount < own.connectionCount, thread.join(new, epoch: feed.epoch)
        {
            return
        }
        own.join(new, now: loop.nowNanoseconds)
        stepper.arm()
    }

    /// Lets another feed play; see `Fanout.play`.
    package func play(_ next: StreamFeed) {
        feed.titles.onChange = nil
        feed = next
        own.play(next.source, now: loop.nowNanoseconds)
        for thread in threads { thread.play(next.ring, titles: next.titles.titles) }
        followTitles()
    }

    /// Lets so many listeners go within the next period, each after a whole frame.
    public func letGo(_ count: Int) {
        let all = statistics.connections
        guard count > 0, all > 0 else { return }
        // Each loop its share, rounded up: who asks again asks for fewer.
        func share(_ connections: Int) -> Int { (count * connections + all - 1) / all }
        own.letGo(share(own.statistics.connections))
        for thread in threads { thread.letGo(share(thread.statistics.connections)) }
    }

    /// Closes a relay's connections on every loop; without one, those of all relays.
    public func cut(_ owner: RelayTag?) {
        own.cut(owner, now: loop.nowNanoseconds)
        for thread in threads { thread.cut(owner) }
    }

    /// Closes every connection and ends the threads.
    func stop() {
        feed.titles.onChange = nil
        stepper.stop()
        own.closeAll(now: loop.nowNanoseconds)
        for thread in threads { thread.stop() }
    }

    private func followTitles() {
        guard !threads.isEmpty else { return }
        feed.titles.onChange = { [unowned self] titles in
            for thread in threads { thread.setTitles(titles) }
        }
    }
}
