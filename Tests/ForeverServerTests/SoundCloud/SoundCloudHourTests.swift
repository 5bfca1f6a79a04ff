import ForeverCatalogue
import ForeverCodec
import ForeverCore
import ForeverMix
import ForeverTestKit
import Foundation
import Testing

/// An hour of a station's life on SoundCloud, with everything going wrong that does.
///
/// In the ordinary run it is six minutes with the same troubles in a tenth of the time; the whole hour is
/// `SOAK_PARTS=soundcloud make soak`.
@Suite struct SoundCloudHourTests {
    private static let isWhole = ProcessInfo.processInfo.environment["FOREVER_SOUNDCLOUD_HOUR"] != nil

    /// Every third as AAC over HLS, where there is a program to make it with; the others as MP3.
    private static func tracks(_ count: Int, seconds: Double, in folder: TemporaryFolder) throws -> [FakeTrack] {
        let hasAAC = Programs.tool("ffmpeg") != nil
        return try CloudSounds.tracks(count, seconds: seconds, in: folder) { hasAAC && $0 % 3 == 0 }
    }

    @Test func theMusicNeverStops() throws {
        let hour = Self.isWhole ? 3_600.0 : 360.0
        let unit = hour / 3_600
        let folder = try TemporaryFolder()
        let tracks = try Self.tracks(Self.isWhole ? 20 : 12, seconds: Self.isWhole ? 110 : 45, in: folder)
        // Tokens end every quarter of the hour, signed addresses within half a minute of the whole one.
        let station = try CloudStation(tokenSeconds: 900 * unit, signatureSeconds: max(30 * unit, 6))
        let fake = station.fake
        fake.put(tracks, playlist: 7)

        var done: Set<String> = []
        func once(_ name: String, after seconds: Double, _ now: Double, _ body: () -> Void) {
            guard now >= seconds * unit, done.insert(name).inserted else { return }
            body()
        }
        try station.live(seconds: hour, realSecondsMax: Self.isWhole ? 1_800 : 300) { now in
            once("tokens forgotten", after: 300, now) { fake.forgetTokens() }
            once("refresh tokens used by another", after: 600, now) {
                fake.useUpRefreshTokens()
                fake.forgetTokens()
            }
            once("outage", after: 900, now) { fake.change { $0.isDead = true } }
            once("outage over", after: 1_500, now) { fake.change { $0.isDead = false } }
            once("quota", after: 1_700, now) {
                fake.change { $0.playQuotaUntil = station.clock.wallSeconds + 500 * unit }
            }
            once("a third vanishes", after: 2_300, now) {
                for number in stride(from: 1, through: tracks.count, by: 3) { fake.remove(number) }
            }
            once("front", after: 2_500, now) { fake.change { $0.apiReply = FakeAnswers.front(403) } }
            once("front over", after: 2_600, now) { fake.change { $0.apiReply = nil } }
            once("slow and broken", after: 2_800, now) {
                fake.change {
                    $0.segmentDelaySeconds = 0.05
                    $0.cutSegments = [1: 2, 3: 2]
                    $0.missingSegments = [2: 2]
                    $0.staleRedirects = 2
                }
            }
            once("well again", after: 3_100, now) { fake.change { $0.segmentDelaySeconds = 0 } }
            once("too fast", after: 3_200, now) {
                fake.change { $0.nextAPIReplies = [FakeAnswers.tooFast, FakeAnswers.error(404), FakeReply(500)] }
            }
        }
        #expect(done.count == 11)
        let counts = fake.counts
        let entries = station.timeline
        let words = station.lines.joined(separator: "\n")
        print(
            "hour: \(entries.count) entries, \(Set(entries.map(\.trackID)).count) tracks, \(counts), peak \(station.shelfPeak >> 20) MB"
        )

        // The music never stopped: live never waited, one track reaches into the next, and it is heard.
        #expect(station.starvedCount == 0)
        for (one, next) in zip(entries, entries.dropFirst()) {
            #expect(next.startFrame <= one.endFrame, "a hole before entry \(next.index)")
        }
        let sound = try AudioFile(bytes: station.heard, name: "heard")
        #expect(abs(AudioFormat.seconds(sound.frameCount) - hour) < 5)
        #expect(try Self.silentSeconds(of: sound) == [])
        #expect(!words.contains("FAILED"))

        // What went wrong did go wrong, and was answered as it should.
        #expect(counts.tokensAtCDN == 0)
        #expect(counts.reusedRefreshTokens >= 1 && counts.grants <= 3 && counts.refreshes >= 2)
        #expect(counts.unauthorized >= 1)
        #expect(words.contains("does not answer") && words.contains("plays of this SoundCloud application are used up"))
        #expect(words.contains("answers again"))
        #expect(!words.contains("Token") && !words.contains(FakeCloud.clientSecret))
        #expect(Set(entries.map(\.trackID)).count >= 6)
        #expect(counts.plays < 400)

        #expect(counts.initialParts > 0 || Programs.tool("ffmpeg") == nil, "AAC was among it")

        // Sound is held for what is to come, not for what was; and nothing is written of what was.
        #expect(station.shelfPeak < 40 << 20)
        #expect(try station.catalogue.lastDecisions(epoch: station.epoch, count: 100).count == 1)
        let history = try station.catalogue.recentHistory(count: 100)
        #expect(history.count > 3 && history.allSatisfy { $0.artist == nil && $0.title == nil && $0.link == nil })
    }

    /// The clock goes on whoever waits: `starvedCount` above is not 0 by construction.
    @Test func musicThatStopsIsNoticed() throws {
        let folder = try TemporaryFolder()
        let station = try CloudStation(tokenSeconds: 900, signatureSeconds: 30)
        station.fake.put(try CloudSounds.tracks(2, seconds: 45, in: folder), playlist: 7)
        var isStopped = false
        try station.live(seconds: 40, realSecondsMax: 120) { now in
            guard now >= 5, !isStopped else { return }
            isStopped = true
            station.stopMixing()
        }
        #expect(station.starvedCount > 0)
    }

    /// Whole seconds without any sound.
    private static func silentSeconds(of sound: AudioFile) throws -> [Int] {
        var silent: [Int] = []
        var block = StereoBuffer(frameCount: 48_000)
        for second in 1..<Int(AudioFormat.seconds(sound.frameCount)) {
            try sound.read(from: Int64(second) * 48_000, count: 48_000, into: &block, at: 0)
            let loudest = block.left.reduce(0) { max($0, abs($1)) }
            if loudest < 0.001 { silent.append(second) }
        }
        return silent
    }
}
