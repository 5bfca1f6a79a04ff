import ForeverHTTP
import ForeverRelay
import ForeverTestKit
import Glibc
import Testing

/// Listeners of one service on several loops: real threads on the machine's own clock.
@Suite struct FanoutGroupTests {
    /// A service whose feed is far ahead, on the clock of the machine.
    private final class Bench {
        let folder: TemporaryFolder
        let loop: EventLoop
        let service: StreamService
        let stream = TestStream()
        private(set) var feed: StreamFeed

        init(loops: Int) throws {
            folder = try TemporaryFolder()
            loop = try EventLoop()
            var settings = ServiceSettings(role: .root, version: "1")
            settings.fanout.loops = loops
            settings.fanout.periodNanoseconds = 80_000_000
            service = StreamService(loop: loop, settings: settings)
            feed = try Self.feed(folder("first"), TestStream.epoch, stream, service.now)
            service.play(feed)
        }

        static func feed(_ path: String, _ epoch: Epoch, _ stream: TestStream, _ now: Instant) throws -> StreamFeed {
            let format = stream.format
            let ring = try StreamRing(
                path: path, epoch: epoch, format: format, capacityBytes: Int(format.bytes(seconds: 56)))
            ring.append(stream.bytes(0, format.bytes(seconds: 40)))
            return StreamFeed(
                ring: ring,
                settings: .init(startPosition: format.bytes(seconds: 6), resumeBytes: format.bytes(seconds: 1)),
                now: now)
        }

        func run(until isDone: () -> Bool) throws {
            let deadline = Deadline(seconds: 20)
            while !isDone() {
                try #require(!deadline.passed)
                loop.turn(sleepMillisecondsMax: 5)
            }
        }

        func join(titles: Bool = false, protectedBy protection: TestProtection? = nil) throws -> TestListener {
            let fanout = try #require(service.fanout)
            let listener = TestListener(start: fanout.joinPosition, protectedBy: protection)
            let channel = listener.takeChannel()
            fanout.join(
                NewListener(
                    fd: channel?.fd ?? listener.takeFarEnd(), kind: .listener, from: listener.start,
                    head: Array("head:".utf8), metadataInterval: titles ? ICYMetadata.intervalBytes : 0,
                    channel: channel))
            return listener
        }
    }

    @Test func everyLoopLetsItsShareGo() throws {
        let bench = try Bench(loops: 3)
        let fanout = try #require(bench.service.fanout)
        let listeners = try (0..<9).map { _ in try bench.join() }
        let burst = Int(bench.feed.format.bytes(seconds: 6))
        try bench.run {
            for listener in listeners { listener.read() }
            return listeners.allSatisfy { $0.received.count > burst + 8_000 }
        }
        fanout.letGo(6)
        try bench.run {
            for listener in listeners { listener.read() }
            return listeners.filter(\.isEnded).count == 6
        }
        try bench.run { fanout.statistics.connections == 3 }
        #expect(fanout.connectionsPerLoop == [1, 1, 1] && fanout.statistics.letGo == 6)
        for listener in listeners where listener.isEnded { #expect((listener.received.count - 5) % 384 == 0) }
        bench.service.stop()
    }

    @Test(arguments: [false, true]) func everyLoopServesItsShareOfOneStream(isProtected: Bool) throws {
        let bench = try Bench(loops: 3)
        let fanout = try #require(bench.service.fanout)
        let protection = isProtected ? try TestProtection() : nil
        let listeners = try (0..<9).map { _ in try bench.join(protectedBy: protection) }
        #expect(fanout.loopCount == 3)
        #expect(fanout.connectionsPerLoop == [3, 3, 3])
        let burst = Int(bench.feed.format.bytes(seconds: 6))
        try bench.run {
            for listener in listeners { listener.read() }
            return listeners.allSatisfy { $0.received.count > burst + 8_000 }
        }
        for listener in listeners {
            #expect(listener.received.starts(with: "head:".utf8))
            let sound = Array(listener.received.dropFirst(5))
            let isRight = sound == bench.stream.bytes(listener.start, listener.start + Int64(sound.count))
            #expect(isRight)
        }
        #expect(fanout.statistics.connections == 9 && fanout.statistics.joined == 9)
        #expect(fanout.statistics.bytesSent >= Int64(9 * (burst + 8_000)))

        for listener in listeners[..<6] { listener.hangUp() }
        try bench.run { fanout.statistics.connections == 3 }
        #expect(fanout.statistics.left == 6)
        bench.service.stop()
        try bench.run {
            for listener in listeners { listener.read() }
            return listeners.allSatisfy(\.isEnded)
        }
        #expect(fanout.statistics.connections == 0)
    }

    @Test func titlesAndTheNextEpochReachEveryLoop() throws {
        let bench = try Bench(loops: 2)
        let fanout = try #require(bench.service.fanout)
        bench.feed.titles.append(StreamTitle(position: 0, text: "First"))
        let listeners = try (0..<4).map { _ in try bench.join(titles: true) }
        try bench.run {
            for listener in listeners { listener.read() }
            return listeners.allSatisfy { $0.received.count > 40_000 }
        }
        let next = try Bench.feed(
            bench.folder("next"), Epoch(bits: 7), TestStream(format: bench.feed.format, salt: 3), bench.service.now)
        next.titles.append(StreamTitle(position: 0, text: "Second"))
        // What is left of the first, half a minute, is sent as fast as it is taken.
        next.advance(to: bench.service.now)
        fanout.play(next)
        for listener in listeners { listener.dropFirst(5) }
        try bench.run {
            for listener in listeners { listener.read() }
            return listeners.allSatisfy { $0.separated().titles.contains { $0.title == "Second" } }
        }
        for listener in listeners { #expect(listener.separated().titles.map(\.title) == ["First", "Second"]) }
        bench.service.stop()
    }
}
