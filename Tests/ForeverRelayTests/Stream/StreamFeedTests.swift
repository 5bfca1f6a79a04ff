import ForeverRelay
import ForeverTestKit
import Testing

@Suite struct StreamFeedTests {
    @Test func liveIsNeverBeyondWhatIsMixed() throws {
        let folder = try TemporaryFolder()
        let format = StreamFormat(bitrateKbps: 128)!
        let ring = try StreamRing(
            path: folder("ring"), epoch: Epoch(bits: 1), format: format, capacityBytes: 1_000_000)
        let feed = StreamFeed(
            ring: ring, settings: LiveClock.Settings(startPosition: 96_000, resumeBytes: 16_000),
            now: Instant(monotonicNanoseconds: 0, wallMilliseconds: 0))
        #expect(feed.live == 0, "live begins a burst after the first byte, and nothing is there yet")
        ring.append([UInt8](repeating: 7, count: 384 * 100))
        feed.advance(to: Instant(monotonicNanoseconds: 1, wallMilliseconds: 0))
        #expect(feed.live == 38_400)
        ring.append([UInt8](repeating: 7, count: 384 * 300))
        feed.advance(to: Instant(monotonicNanoseconds: 2, wallMilliseconds: 0))
        #expect(feed.live == 96_000)
    }
}
