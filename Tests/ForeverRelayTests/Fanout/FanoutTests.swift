import ForeverRelay
import ForeverTestKit
import Testing

private let named = "00000000-0000-0000-0000-0000000000aa"

@Suite struct FanoutTests {
    @Test func everyListenerGetsOnePieceOfTheStream() throws {
        let rig = try FanoutRig()
        var listeners: [TestListener] = []
        for _ in 0..<12 {
            listeners.append(rig.join())
            rig.run(milliseconds: 350) { for listener in listeners { listener.read() } }
        }
        rig.run(milliseconds: 60_000) { for listener in listeners { listener.read() } }
        for listener in listeners {
            #expect(listener.start % rig.feed.format.frameBytes == 0)
            let end = listener.start + Int64(listener.received.count)
            #expect(listener.received == rig.stream.bytes(listener.start, end))
            #expect(rig.feed.live - end <= rig.feed.format.byteRate + rig.feed.format.byteRate / 10)
        }
        #expect(rig.fanout.statistics.skips == 0)
    }

    @Test func whoComesBeforeTheFirstSoundHearsItFromTheStart() throws {
        let rig = try FanoutRig(isDry: true)
        let listener = rig.join()
        rig.run(milliseconds: 3_000) { listener.read() }
        #expect(listener.received.isEmpty && !listener.isEnded)
        rig.isDry = false
        rig.run(milliseconds: 3_000) { listener.read() }
        #expect(listener.received.count >= 96_000)
        #expect(listener.received == rig.stream.bytes(0, Int64(listener.received.count)))
    }

    @Test func burstComesAtOnceThenOneSendAPeriod() throws {
        let rig = try FanoutRig()
        rig.run(milliseconds: 10_000)
        var listeners: [TestListener] = []
        for _ in 0..<40 { listeners.append(rig.join()) }
        listeners[0].read()
        #expect(Int64(listeners[0].received.count) >= rig.feed.format.bytes(seconds: 6))
        let joined = rig.fanout.statistics.sends
        #expect(joined == 40)
        rig.run(milliseconds: 10_000) { for listener in listeners { listener.read() } }
        #expect(abs(rig.fanout.statistics.sends - joined - 400) <= 40)
    }

    @Test func countsThoseWhoStayed() throws {
        let rig = try FanoutRig()
        let listener = rig.join()
        let trial = rig.join()
        rig.run(milliseconds: 2_000) { listener.read() }
        trial.hangUp()
        rig.run(milliseconds: 2_000) { listener.read() }
        #expect(rig.fanout.statistics.listeners == 0)
        #expect(rig.fanout.statistics.connections == 1, "who hung up is gone after a period or two")
        rig.run(milliseconds: 2_500) { listener.read() }
        #expect(rig.fanout.statistics.listeners == 1)
        listener.hangUp()
        rig.run(milliseconds: 2_500)
        #expect(rig.fanout.statistics.listeners == 0 && rig.fanout.statistics.listenersPeak == 1)
        #expect(rig.fanout.nextStepNanoseconds == nil, "nobody is here, nothing is to do")
    }

    @Test func slowOnesSkipFromFrameToFrame() throws {
        let rig = try FanoutRig()
        let listener = rig.join(name: named)
        // Takes half of what it should: falls behind for ever.
        rig.run(milliseconds: 120_000) { listener.read(400) }
        rig.run(milliseconds: 3_000) { listener.read() }
        #expect(rig.fanout.statistics.skips >= 2)
        #expect(rig.fanout.statistics.connections == 1)
        let segments = rig.segments(named)
        #expect(segments.first == PositionSegment(sent: 0, position: listener.start, epoch: TestStream.epoch))
        #expect(segments.count == Int(rig.fanout.statistics.skips) + 1)
        var lost: Int64 = 0
        for (index, segment) in segments.enumerated() {
            #expect(segment.position % rig.feed.format.frameBytes == 0)
            let end = index + 1 < segments.count ? segments[index + 1].sent : Int64(listener.received.count)
            let piece = Array(listener.received[Int(segment.sent)..<Int(end)])
            let last = segment.position + end - segment.sent
            #expect(piece == rig.stream.bytes(segment.position, last))
            if index + 1 < segments.count {
                #expect(last % rig.feed.format.frameBytes == 0, "no half frame before a skip")
                lost += segments[index + 1].position - last
            }
        }
        #expect(lost == rig.fanout.statistics.skippedBytes)
    }

    @Test func stalledOnesAreDroppedAfterFifteenSeconds() throws {
        let rig = try FanoutRig()
        let stalled = rig.join()
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
        stalled.read()
        #expect(stalled.isEnded)
        #expect(stalled.received == rig.stream.bytes(stalled.start, stalled.start + Int64(stalled.received.count)))
    }

    @Test func aPauseOfTheStreamIsNoStall() throws {
        let rig = try FanoutRig()
        let listener = rig.join()
        rig.run(milliseconds: 3_000) { listener.read() }
        rig.isDry = true
        rig.run(milliseconds: 60_000) { listener.read() }
        #expect(rig.fanout.statistics.connections == 1 && rig.feed.clock.isStarved)
        rig.isDry = false
        rig.run(milliseconds: 5_000) { listener.read() }
        #expect(listener.received == rig.stream.bytes(listener.start, listener.start + Int64(listener.received.count)))
        #expect(rig.fanout.statistics.skips == 0)
    }

    @Test func relaysReadUpToTheMixingEdge() throws {
        let rig = try FanoutRig()
        rig.run(milliseconds: 5_000)
        let relay = rig.join(kind: .relay)
        rig.run(milliseconds: 5_000) { relay.read() }
        let end = relay.start + Int64(relay.received.count)
        #expect(relay.received == rig.stream.bytes(relay.start, end))
        #expect(rig.feed.edge - end <= 2 * rig.feed.format.byteRate)
        #expect(end > rig.feed.live + 15 * rig.feed.format.byteRate)
        #expect(rig.fanout.statistics.relays == 1 && rig.fanout.statistics.listeners == 0)
    }

    @Test func relaysAreKeptWhileListenersAreLetGo() throws {
        let rig = try FanoutRig()
        let relay = rig.join(kind: .relay)
        let listeners = (0..<3).map { _ in rig.join() }
        rig.run(milliseconds: 2_000) { (listeners + [relay]).forEach { $0.read() } }
        rig.fanout.letGo(4)
        rig.run(milliseconds: 2_000) { (listeners + [relay]).forEach { $0.read() } }
        #expect(listeners.allSatisfy(\.isEnded) && !relay.isEnded)
        #expect(rig.fanout.statistics.relays == 1 && rig.fanout.statistics.letGo == 3)
    }

    @Test func aGapIsASkipToAFrame() throws {
        let rig = try FanoutRig()
        let listener = rig.join(name: named)
        rig.run(milliseconds: 3_000) { listener.read() }
        let edge = rig.feed.edge
        try rig.leap(to: 5_000_000) { listener.read() }
        rig.run(milliseconds: 4_000) { listener.read() }
        let segments = rig.segments(named)
        #expect(segments.count == 2)
        let second = try #require(segments.last)
        #expect(listener.start + second.sent == edge, "what was there was played out")
        #expect(second.position >= 5_000_000 - 384 && second.position % 384 == 0)
        let after = Array(listener.received[Int(second.sent)...])
        #expect(!after.isEmpty && after == rig.stream.bytes(second.position, second.position + Int64(after.count)))
    }

    @Test func aNewEpochBeginsWhenTheOldOneIsPlayedOut() throws {
        let rig = try FanoutRig()
        let listener = rig.join(name: named)
        rig.run(milliseconds: 3_000) { listener.read() }
        rig.isDry = true
        let oldEdge = rig.feed.edge
        rig.run(milliseconds: 25_000) { listener.read() }
        #expect(rig.feed.clock.isStarved)

        let format = StreamFormat(bitrateKbps: 192)!
        let stream = TestStream(format: format, salt: 99)
        let ring = try StreamRing(
            path: rig.folder("next"), epoch: Epoch(bits: 7), format: format, capacityBytes: 2_000_000,
            startingAt: 1_152_000)
        ring.append(stream.bytes(1_152_000, 2_304_000))
        let next = StreamFeed(ring: ring, settings: .init(startPosition: 1_296_000, resumeBytes: 24_000), now: rig.now)
        next.advance(to: rig.now)
        rig.play(next)
        rig.run(milliseconds: 10_000) { listener.read() }

        let segments = rig.segments(named)
        #expect(segments.map(\.epoch) == [TestStream.epoch, Epoch(bits: 7)])
        let sent = try #require(segments.last).sent
        let position = try #require(segments.last).position
        #expect(Array(listener.received[..<Int(sent)]) == rig.stream.bytes(listener.start, oldEdge))
        let after = Array(listener.received[Int(sent)...])
        #expect(position % format.frameBytes == 0)
        #expect(after.count > 100_000 && after == stream.bytes(position, position + Int64(after.count)))
    }
}

@Suite struct FanoutTitlesTests {
    @Test(arguments: [Int.max, 700, 1_111])
    func titlesComeWhereTheyBelong(readBytes: Int) throws {
        let rig = try FanoutRig()
        let texts = ["Ä - é", "B';B", "日本語"]
        let places: [StreamPosition] = [0, 300_000, 555_555]
        rig.feed.titles.replace(with: zip(places, texts).map { StreamTitle(position: $0, text: $1) })
        let listener = rig.join(titles: true)
        rig.run(milliseconds: 50_000) { listener.read(readBytes) }
        let (sound, titles) = listener.separated()
        #expect(rig.fanout.statistics.skips == 0)
        #expect(sound == rig.stream.bytes(listener.start, listener.start + Int64(sound.count)))
        #expect(titles.map(\.title) == ["Ä - é", "B\u{2019};B", "日本語"])
        // Each block stands at the first place for one at or after the title's position.
        let interval = Int64(ICYMetadata.intervalBytes)
        for (title, place) in zip(titles, places) {
            let before = max(0, place - listener.start)
            #expect(Int64(title.at) == max(interval, (before + interval - 1) / interval * interval))
        }
    }

    @Test func titlesStayInPlaceAcrossSkips() throws {
        let rig = try FanoutRig()
        rig.feed.titles.replace(with: (0..<40).map { StreamTitle(position: $0 * 80_000, text: "title \($0)") })
        let listener = rig.join(titles: true, name: named)
        rig.run(milliseconds: 90_000) { listener.read(500) }
        rig.run(milliseconds: 2_000) { listener.read() }
        #expect(rig.fanout.statistics.skips >= 1)
        let (sound, titles) = listener.separated()
        let segments = rig.segments(named)
        func position(ofSent sent: Int) -> StreamPosition {
            let segment = segments.last { $0.sent <= Int64(sent) }!
            return segment.position + Int64(sent) - segment.sent
        }
        for index in stride(from: 0, to: sound.count, by: 97) {
            #expect(sound[index] == rig.stream.byte(at: position(ofSent: index)))
        }
        for title in titles where !segments.contains(where: { $0.sent == Int64(title.at) }) {
            #expect(title.title == "title \(position(ofSent: title.at) / 80_000)")
        }
        #expect(titles.count >= 5)
    }
}
