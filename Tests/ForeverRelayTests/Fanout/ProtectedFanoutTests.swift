import ForeverHTTP
import ForeverRelay
import ForeverTestKit
import Testing

/// Listeners behind TLS: what they get is the same stream, by the same rules.
@Suite struct ProtectedFanoutTests {
    private let protection: TestProtection

    init() throws { protection = try TestProtection() }

    private static func name(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }

    /// Whether what a listener got is what its map says; what was skipped in it.
    private func check(_ sound: [UInt8], _ segments: [PositionSegment], of rig: FanoutRig) -> Int64 {
        var skipped: Int64 = 0
        for (index, segment) in segments.enumerated() {
            let end = index + 1 < segments.count ? segments[index + 1].sent : Int64(sound.count)
            guard segment.sent <= end, Int(end) <= sound.count else {
                // Of the last segment not everything may have arrived.
                #expect(segment == segments.last)
                break
            }
            let last = segment.position + end - segment.sent
            let isRight = Array(sound[Int(segment.sent)..<Int(end)]) == rig.stream.bytes(segment.position, last)
            #expect(isRight, "segment \(index) from \(segment.position)")
            #expect(segment.position % rig.feed.format.frameBytes == 0)
            guard index + 1 < segments.count else { break }
            #expect(last % rig.feed.format.frameBytes == 0, "no half frame before a skip")
            skipped += segments[index + 1].position - last
        }
        return skipped
    }

    @Test func twentyListenersOfAllMannersGetTheStreamAndTheirRecordedSkips() throws {
        let rig = try FanoutRig()
        rig.feed.titles.replace(with: (0..<40).map { StreamTitle(position: $0 * 50_000, text: "title \($0)") })
        rig.run(milliseconds: 5_000)
        let listeners = (0..<20).map { rig.join(titles: $0 % 2 == 1, name: Self.name($0), protectedBy: protection) }
        // Bytes each one reads every 50 ms; the stream brings 800.
        let paces = (0..<20).map { [Int.max, 1_000, 400, 90, 0][$0 / 4] }
        rig.run(milliseconds: 90_000) { for (listener, pace) in zip(listeners, paces) { listener.read(pace) } }
        rig.run(milliseconds: 3_000) {
            for (listener, pace) in zip(listeners, paces) where pace > 0 { listener.read() }
        }
        var skipped: Int64 = 0
        for (index, listener) in listeners.enumerated() {
            let sound = index % 2 == 1 ? listener.separated().sound : listener.received
            let segments = rig.segments(Self.name(index))
            #expect(segments.first?.position == listener.start)
            let own = check(sound, segments, of: rig)
            skipped += own
            switch paces[index] {
            case 0:
                listener.read()
                #expect(listener.isEnded, "the stalled \(index) is kept")
            case 1_000...:
                #expect(own == 0)
                let end = listener.start + Int64(sound.count)
                #expect(rig.feed.live - end <= rig.feed.format.byteRate * 6 / 5 + Int64(ICYMetadata.intervalBytes))
            default: #expect(own > 0, "the slow \(index) never skipped")
            }
        }
        #expect(rig.fanout.statistics.droppedStalled == 4)
        #expect(rig.fanout.statistics.skippedBytes == skipped)
        #expect(rig.fanout.statistics.connections == 16)
    }

    @Test(arguments: [false, true]) func headAndBurstComeAtOnce(titles: Bool) throws {
        let rig = try FanoutRig()
        rig.run(milliseconds: 10_000)
        let head = "HTTP/1.1 200 OK\r\n" + String(repeating: "x: y\r\n", count: 400) + "\r\n"
        let listener = rig.join(titles: titles, head: head, protectedBy: protection)
        listener.read()
        #expect(listener.received.starts(with: head.utf8))
        listener.dropFirst(head.utf8.count)
        #expect(listener.received.count >= Int(rig.feed.format.bytes(seconds: 6)))
        rig.run(milliseconds: 5_000) { listener.read() }
        let sound = titles ? listener.separated().sound : listener.received
        let isRight = sound == rig.stream.bytes(listener.start, listener.start + Int64(sound.count))
        #expect(isRight)
    }

    @Test func titlesComeWhereTheyBelong() throws {
        let rig = try FanoutRig()
        rig.feed.titles.replace(with: [
            StreamTitle(position: 0, text: "first"), StreamTitle(position: 250_000, text: "second"),
        ])
        rig.run(milliseconds: 5_000)
        let plain = rig.join(titles: true)
        let listener = rig.join(titles: true, protectedBy: protection)
        rig.run(milliseconds: 20_000) {
            plain.read()
            listener.read()
        }
        let common = min(listener.received.count, plain.received.count)
        #expect(common > 20 * 16_000)
        let isSame = listener.received.prefix(common).elementsEqual(plain.received.prefix(common))
        #expect(isSame)
        #expect(listener.separated().titles.compactMap(\.title) == ["first", "second"])
    }

    @Test func relaysReadAhead() throws {
        let rig = try FanoutRig()
        rig.run(milliseconds: 5_000)
        let relay = rig.join(kind: .relay, protectedBy: protection)
        rig.run(milliseconds: 5_000) { relay.read() }
        let end = relay.start + Int64(relay.received.count)
        let isRight = relay.received == rig.stream.bytes(relay.start, end)
        #expect(isRight)
        #expect(rig.feed.edge - end <= 2 * rig.feed.format.byteRate)
    }

    @Test func theStalledAreDroppedAsPlainOnesAre() throws {
        let rig = try FanoutRig()
        let stalled = rig.join(protectedBy: protection)
        var sent: Int64 = 0
        var lastProgress: Int64 = 0
        var dropped: Int64 = 0
        rig.run(milliseconds: 90_000) {
            if rig.fanout.statistics.bytesSent != sent {
                sent = rig.fanout.statistics.bytesSent
                lastProgress = rig.now.wallMilliseconds
            }
            if rig.fanout.statistics.connections == 0, dropped == 0 { dropped = rig.now.wallMilliseconds }
        }
        #expect((15_000...16_100).contains(dropped - lastProgress))
        #expect(rig.fanout.statistics.droppedStalled == 1)
        withExtendedLifetime(stalled) {}
    }

    @Test func whatIsPendingLeavesThoughTheStreamPauses() throws {
        let rig = try FanoutRig()
        let listener = rig.join(name: Self.name(1), protectedBy: protection)
        // Its kernel is full with a record half sent when the stream stops.
        rig.run(milliseconds: 9_000)
        rig.isDry = true
        rig.run(milliseconds: 30_000) { listener.read(2_000) }
        rig.run(milliseconds: 2_000) { listener.read() }
        #expect(rig.fanout.statistics.connections == 1)
        let sound = listener.received
        #expect(check(sound, rig.segments(Self.name(1)), of: rig) == rig.fanout.statistics.skippedBytes)
        #expect(listener.start + Int64(sound.count) + rig.fanout.statistics.skippedBytes >= rig.feed.live - 384)
    }

    @Test func whoIsLetGoHasWholeFramesAndIsToldGoodbye() throws {
        let rig = try FanoutRig()
        let listeners = (0..<6).map { _ in rig.join(protectedBy: protection) }
        rig.run(milliseconds: 3_000) { for listener in listeners { listener.read() } }
        rig.fanout.letGo(6)
        rig.run(milliseconds: 3_000) { for listener in listeners { listener.read() } }
        #expect(rig.fanout.statistics.letGo == 6 && rig.fanout.connectionCount == 0)
        for listener in listeners {
            #expect(listener.isEnded && listener.wasToldGoodbye)
            #expect(listener.received.count % Int(rig.feed.format.frameBytes) == 0)
        }
    }

    @Test func goesOnToANewEpoch() throws {
        let rig = try FanoutRig()
        let listener = rig.join(name: Self.name(2), protectedBy: protection)
        rig.run(milliseconds: 3_000) { listener.read() }
        try rig.leap(to: 5_000_000) { listener.read() }
        rig.run(milliseconds: 5_000) { listener.read() }
        let segments = rig.segments(Self.name(2))
        #expect(segments.count == 2)
        _ = check(listener.received, segments, of: rig)
    }

    @Test func whoHangsUpIsForgotten() throws {
        let rig = try FanoutRig()
        let listener = rig.join(protectedBy: protection)
        rig.run(milliseconds: 2_000) { listener.read() }
        listener.hangUp()
        rig.run(milliseconds: 3_000)
        #expect(rig.fanout.statistics.left == 1 && rig.fanout.connectionCount == 0)
    }
}
