import ForeverRelay
import Testing

private let second: Int64 = 1_000_000_000

private func at(_ milliseconds: Int64) -> Instant {
    Instant(monotonicNanoseconds: milliseconds * 1_000_000 + 77, wallMilliseconds: 1_700_000_000_000 + milliseconds)
}

/// 128 kbit/s: 16 bytes a millisecond, a start with 6 s of burst, going on with 1 s in hand.
private func clock() -> LiveClock {
    LiveClock(format: TestStream.format, settings: .init(startPosition: 96_000, resumeBytes: 16_000))
}

@Suite struct LiveClockTests {
    @Test func startsWhenEnoughIsThere() {
        var clock = clock()
        #expect(clock.advance(to: at(0), oldest: 0, edge: 0) == nil)
        #expect(clock.live == 96_000 && clock.isStarved)
        #expect(clock.advance(to: at(10), oldest: 0, edge: 111_999) == nil)
        let anchor = clock.advance(to: at(20), oldest: 0, edge: 112_000)
        #expect(anchor == clock.anchor && anchor?.position == 96_000)
        #expect(anchor?.wallMilliseconds == 1_700_000_000_020)
        #expect(!clock.isStarved)
    }

    @Test func followsTheClockWithoutDrift() {
        var clock = clock()
        clock.advance(to: at(0), oldest: 0, edge: 200_000)
        for step in 1...1_000 {
            let time = Int64(step) * 3_607  // an odd step: rounding must not add up
            #expect(clock.advance(to: at(time), oldest: 0, edge: .max / 2) == nil)
            #expect(clock.live == 96_000 + time * 16)
        }
    }

    @Test func pausesAtTheEdgeAndGoesOnFromThere() {
        var clock = clock()
        clock.advance(to: at(0), oldest: 0, edge: 160_000)
        clock.advance(to: at(3_000), oldest: 0, edge: 160_000)
        #expect(clock.live == 144_000)
        #expect(clock.advance(to: at(9_000), oldest: 0, edge: 160_000) == nil)
        #expect(clock.live == 160_000 && clock.isStarved && clock.starvedCount == 1)
        #expect(clock.advance(to: at(60_000), oldest: 0, edge: 160_384) == nil, "too little to go on with")
        #expect(clock.live == 160_000)
        let anchor = clock.advance(to: at(61_000), oldest: 0, edge: 500_000)
        #expect(anchor?.position == 160_000)
        clock.advance(to: at(62_000), oldest: 0, edge: 500_000)
        #expect(clock.live == 176_000, "not one byte is skipped for the time that was lost")
    }

    @Test func joinsALiveEdgeElsewhere() {
        var clock = clock()
        clock.restart(at: 200_000, joining: at(0))
        clock.advance(to: at(500), oldest: 0, edge: 200_000)
        #expect(clock.isStarved)
        clock.advance(to: at(700), oldest: 0, edge: 600_000)
        #expect(clock.live == 200_000 + 700 * 16, "the root went on for 0.7 s meanwhile")
        var short = clock
        short.restart(at: 200_000, joining: at(0))
        short.advance(to: at(5_000), oldest: 0, edge: 217_000)
        #expect(short.live == 201_000, "no further than a second before the end of what is there")
    }

    @Test func neverGoesBack() {
        var clock = clock()
        clock.advance(to: at(0), oldest: 0, edge: 900_000)
        clock.advance(to: at(5_000), oldest: 0, edge: 900_000)
        let live = clock.live
        clock.advance(to: at(4_000), oldest: 0, edge: 900_000)
        #expect(clock.live == live)
    }

    struct Restart: CustomTestStringConvertible {
        var name: String
        var monotonicShift: Int64
        var awayMilliseconds: Int64
        var edge: StreamPosition
        var live: StreamPosition
        var isStarved: Bool
        var testDescription: String { name }
    }

    @Test(arguments: [
        Restart(
            name: "same boot, within the lead", monotonicShift: 0, awayMilliseconds: 2_000, edge: 416_000,
            live: 128_000, isStarved: false),
        Restart(
            name: "another boot, by the wall", monotonicShift: -900, awayMilliseconds: 2_000, edge: 416_000,
            live: 128_000, isStarved: false),
        Restart(
            name: "longer than the lead", monotonicShift: 0, awayMilliseconds: 600_000, edge: 416_000, live: 416_000,
            isStarved: true),
        Restart(
            name: "wall clock set back", monotonicShift: -900, awayMilliseconds: -5_000, edge: 416_000, live: 96_000,
            isStarved: false),
    ])
    func takesUpAnAnchor(restart: Restart) {
        let saved = LiveAnchor(
            position: 96_000, monotonicNanoseconds: 1_000 * second, wallMilliseconds: 1_700_000_000_000)
        var clock = clock()
        let now = Instant(
            monotonicNanoseconds: (1_000 + restart.monotonicShift) * second + restart.awayMilliseconds * 1_000_000,
            wallMilliseconds: 1_700_000_000_000 + restart.awayMilliseconds)
        clock.restore(saved, now: now, oldest: 0, edge: restart.edge)
        #expect(clock.live == restart.live)
        #expect(clock.isStarved == restart.isStarved)
        var later = now
        later.monotonicNanoseconds += second
        later.wallMilliseconds += 1_000
        clock.advance(to: later, oldest: 0, edge: restart.edge)
        #expect(clock.live == (restart.isStarved ? restart.live : restart.live + 16_000))
    }

    @Test(arguments: [Int64(-64_000), -1_600, 1_600, 64_000])
    func steersByOneMillisecondASecondAtMost(error: Int64) {
        var clock = clock()
        clock.advance(to: at(0), oldest: 0, edge: .max / 2)
        var previous = clock.live
        for second in 1...200 {
            let now = at(Int64(second) * 1_000)
            clock.advance(to: now, oldest: 0, edge: .max / 2)
            let speed = clock.live - previous
            #expect((15_983...16_017).contains(speed), "live ran \(speed) bytes in a second")
            previous = clock.live
            if second % 3 == 0 { clock.steer(towards: 96_000 + Int64(second) * 16_000 + error, now: now) }
        }
        let reached = clock.live - (96_000 + 200 * 16_000)
        if abs(error) <= 1_600 {
            #expect(abs(reached - error) <= 48, "an error of a tenth of a second is gone after 200 s")
        } else {
            #expect(abs(reached) >= 3_000 && reached.signum() == error.signum(), "a large one is on its way")
        }
    }

    @Test func leavesWhatTheRingNoLongerHas() {
        var clock = clock()
        clock.advance(to: at(0), oldest: 0, edge: 900_000)
        let anchor = clock.advance(to: at(1_000), oldest: 500_000, edge: 900_000)
        #expect(anchor?.position == 500_000 && clock.live == 500_000)
    }
}
