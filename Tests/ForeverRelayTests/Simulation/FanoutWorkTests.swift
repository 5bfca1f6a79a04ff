import CScriptedCalls
import ForeverHTTP
import ForeverRelay
import ForeverTestKit
import Testing

/// What a send costs besides the system call, counted: no allocation, no retain, no release.
@Suite(.enabled(if: ScriptedCalls.isAvailable)) struct FanoutWorkTests {
    /// Numbers that no real descriptor has: what is sent to them is taken at once.
    private static let firstDescriptor: Int32 = 1 << 20
    static let listeners = 1_000
    private static let steps = 200
    /// Of a step, however many it serves: its source, table and ring are held once.
    private static let retainsPerStepMax = 6
    /// Of a service: what `/events` is told every five seconds.
    private static let allocationsPerSecondMax = 4

    @Test(arguments: [0, ICYMetadata.intervalBytes])
    func aSendAllocatesNothingAndCountsNoReference(metadataInterval: Int) throws {
        scripted_swallow_from(Self.firstDescriptor)
        defer { scripted_swallow_from(0) }
        let rig = try FanoutRig()
        rig.feed.titles.replace(with: (0..<20).map { StreamTitle(position: $0 * 50_000, text: "title \($0)") })
        for index in 0..<Self.listeners {
            rig.fanout.join(
                NewListener(
                    fd: Self.firstDescriptor + Int32(index), kind: .listener, from: rig.fanout.joinPosition,
                    metadataInterval: metadataInterval),
                now: rig.now.monotonicNanoseconds)
        }
        rig.run(milliseconds: 3_000)

        let step = rig.fanout.settings.periodNanoseconds / Int64(rig.fanout.settings.stepsPerPeriod)
        var sum = scripted_counts()
        let sendsBefore = scripted_swallowed_sends()
        for _ in 0..<Self.steps {
            rig.now.monotonicNanoseconds += step
            rig.now.wallMilliseconds += step / 1_000_000
            rig.fill()
            let counts = countingWork {
                rig.feed.advance(to: rig.now)
                while let due = rig.fanout.nextStepNanoseconds, due <= rig.now.monotonicNanoseconds {
                    rig.fanout.step(now: rig.now.monotonicNanoseconds)
                }
            }
            sum.allocations += counts.allocations
            sum.retains += counts.retains
            sum.releases += counts.releases
        }
        let sends = scripted_swallowed_sends() - sendsBefore
        #expect(sends == UInt64(Self.listeners * Self.steps / rig.fanout.settings.stepsPerPeriod))
        #expect(sum.allocations == 0)
        let most = UInt64(Self.retainsPerStepMax * Self.steps)
        #expect(sum.retains <= most, "\(sum.retains) retains for \(sends) sends")
        #expect(sum.releases <= most, "\(sum.releases) releases for \(sends) sends")
    }

    /// What a channel takes at once. A table of channels is behind it: references are counted there, allocations are not made.
    private final class SwallowingChannel: RecordChannel, @unchecked Sendable {
        let fd: Int32
        let pendingBytes = 0
        private(set) var wireBytes: Int64 = 0
        private(set) var records = 0

        init(fd: Int32) { self.fd = fd }

        func send(_ bytes: UnsafeRawBufferPointer) -> RecordResult {
            wireBytes += Int64(bytes.count)
            records += 1
            return .sent
        }
        func flush() -> RecordResult { .sent }
        func close() {}
    }

    @Test(arguments: [0, ICYMetadata.intervalBytes])
    func aProtectedSendAllocatesNothing(metadataInterval: Int) throws {
        scripted_swallow_from(Self.firstDescriptor)
        defer { scripted_swallow_from(0) }
        let rig = try FanoutRig()
        rig.feed.titles.replace(with: (0..<20).map { StreamTitle(position: $0 * 50_000, text: "title \($0)") })
        let channels = (0..<Self.listeners).map { SwallowingChannel(fd: Self.firstDescriptor + Int32($0)) }
        for channel in channels {
            rig.fanout.join(
                NewListener(
                    fd: channel.fd, kind: .listener, from: rig.fanout.joinPosition, metadataInterval: metadataInterval,
                    channel: channel),
                now: rig.now.monotonicNanoseconds)
        }
        rig.run(milliseconds: 3_000)
        let recordsBefore = channels.reduce(0) { $0 + $1.records }
        var allocations: UInt64 = 0
        for _ in 0..<50 {
            rig.now.monotonicNanoseconds += 50_000_000
            rig.now.wallMilliseconds += 50
            rig.fill()
            allocations +=
                countingWork {
                    rig.feed.advance(to: rig.now)
                    while let due = rig.fanout.nextStepNanoseconds, due <= rig.now.monotonicNanoseconds {
                        rig.fanout.step(now: rig.now.monotonicNanoseconds)
                    }
                }.allocations
        }
        #expect(allocations == 0)
        // A second's sound, with its title blocks too, is one record.
        let records = channels.reduce(0) { $0 + $1.records } - recordsBefore
        #expect(records >= 2 * Self.listeners && records <= 3 * Self.listeners)
    }

    /// Turns of a whole service: timers, clock, pulse and steps. Fewer allocations than steps, with a thousand listeners
    /// in each second: none of them is a listener's, nor a step's.
    @Test(arguments: [10, Self.listeners]) func aTurnAllocatesForNoListener(listeners: Int) throws {
        scripted_swallow_from(Self.firstDescriptor)
        defer { scripted_swallow_from(0) }
        let seconds = 20
        let world = try TestWorld()
        let root = try TestRoot(world)
        _ = world.run(seconds: 2)
        let client = TestClient(world, port: root.port, get: "/all.mp3")
        _ = world.run(seconds: 2) { client.body.count > 0 }
        let fanout = try #require(root.service.fanout)
        for index in 0..<listeners {
            fanout.join(
                NewListener(fd: Self.firstDescriptor + Int32(index), kind: .listener, from: fanout.joinPosition))
        }
        _ = world.run(seconds: 10)
        let sendsBefore = scripted_swallowed_sends()
        var allocations = 0
        world.makeTurn = { loop in
            allocations += Int(countingWork { loop.turn(sleepMillisecondsMax: 0) }.allocations)
        }
        _ = world.run(seconds: seconds)
        root.service.stop()
        root.server.stop()
        #expect(scripted_swallowed_sends() - sendsBefore >= UInt64(listeners * (seconds - 1)))
        #expect(allocations <= Self.allocationsPerSecondMax * seconds)
    }

    @Test func theCountersCount() {
        let counts = countingWork {
            for number in 0..<10 { Self.keep = Kept(number) }
        }
        #expect(counts.allocations >= 10 && counts.deallocations >= 9 && counts.releases >= 9)
    }

    private final class Kept {
        let number: Int
        init(_ number: Int) { self.number = number }
    }
    private nonisolated(unsafe) static var keep: Kept?
}
