import ForeverRelay
import Testing

@Suite struct PositionMapsTests {
    @Test func namesAre128Bits() {
        let plain = ListenerName("0123456789abcdef0123456789ABCDEF")
        #expect(plain != nil && plain == ListenerName("01234567-89ab-cdef-0123-456789abcdef"))
        for text in ["", "1", "0123456789abcdef0123456789abcdeg", "0123456789abcdef-0123-456789abcdef0123456789a"] {
            #expect(ListenerName(text) == nil)
        }
    }

    @Test func areKeptForSomeMinutesAndBounded() throws {
        let maps = PositionMaps()
        let second: Int64 = 1_000_000_000
        let first = try #require(ListenerName(String(repeating: "0", count: 32)))
        maps.redirect(first, to: "http://relay:1", now: 0)
        #expect(maps.answer(first, now: 179 * second) == .at("http://relay:1"))
        #expect(maps.answer(first, now: 181 * second) == nil)
        var generator = SeededGenerator(4)
        for _ in 0..<40_000 {
            let text = Epoch(using: &generator).description + Epoch(using: &generator).description
            maps.redirect(ListenerName(text)!, to: "http://relay:1", now: 200 * second)
        }
        #expect(maps.count <= PositionMaps.mapsMax)
    }

    @Test func listenersThatSkipForEverCostNothingMore() throws {
        let rig = try FanoutRig()
        let name = "000000000000000000000000000000bb"
        let listener = rig.join(name: name)
        for jump in 1...60 {
            try rig.leap(to: Int64(jump) * 5_000_000) { listener.read() }
            rig.run(milliseconds: 2_500) { listener.read() }
        }
        let segments = rig.segments(name)
        #expect(segments.count == PositionMaps.segmentsMax)
        #expect(segments.last!.position / 5_000_000 == 60)
        #expect(segments.map(\.sent) == segments.map(\.sent).sorted())
    }
}
