import ForeverCatalogue
import ForeverMix
import ForeverTestKit
import Foundation
import Testing
import forever_server

/// The mixing half of a station, on files that a test takes away.
@Suite(.serialized) struct StationMixerTests {
    /// Levels of a sound by hundredths of a second. **Units:** dB.
    private func levels(_ sound: [Float], from seconds: Double, to end: Double) -> [Double] {
        stride(from: Int(seconds * 48_000), to: min(Int(end * 48_000), sound.count - 480), by: 480).map { start in
            let power = sound[start..<start + 480].reduce(0.0) { $0 + Double($1) * Double($1) } / 480
            return 10 * log10(power + 1e-12)
        }
    }

    /// The longest time below -45 dB. **Units:** s.
    private func longestSilence(_ levels: [Double]) -> Double {
        var longest = 0
        var run = 0
        for level in levels {
            run = level < -45 ? run + 1 : 0
            longest = max(longest, run)
        }
        return Double(longest) / 100
    }

    private func mean(_ levels: some Collection<Double>) -> Double {
        10 * log10(levels.reduce(0) { $0 + pow(10, $1 / 10) } / Double(levels.count))
    }

    /// Nothing longer than the renderer looks ahead is lost, and what comes is at its level.
    private func expectHardlyAGap(_ station: FileStation, at seconds: Double) throws {
        let sound = try station.sound()
        let before = levels(sound, from: seconds - 4, to: seconds - 0.5)
        let after = levels(sound, from: seconds - 0.5, to: seconds + 5)
        let gap = longestSilence(after)
        #expect(gap < 0.5, "\(gap) s of silence")
        let last = after.lastIndex { $0 < -45 } ?? 0
        let risen = after[min(last + 15, after.count - 101)...].prefix(100)
        #expect(abs(mean(risen) - mean(before)) < 1.5, "\(mean(before)), then \(mean(risen)) dB")
    }

    @Test func aFileThatBreaksOffIsFollowedAtOnceByWhatWasDecided() throws {
        let home = try FileStation.Home(tracks: 3, seconds: 60)
        let station = try FileStation(home)
        try station.make(until: 12)
        let decided = station.timeline
        try #require(decided.entries.count == 2)
        let at = station.madeSeconds
        try home.cutOff(decided.entries[0].trackID)
        try station.make(until: at + 8)
        station.stop()
        let timeline = station.timeline
        #expect(timeline.entries.prefix(2).map(\.trackID) == decided.entries.map(\.trackID))
        #expect(timeline.transitions[1].startFrame < decided.transitions[1].startFrame)
        try expectHardlyAGap(station, at: at)
    }

    /// Also where the next track went with it.
    @Test func bothFilesGoneAreFollowedByAThird() throws {
        let home = try FileStation.Home(tracks: 3, seconds: 60)
        let station = try FileStation(home)
        try station.make(until: 12)
        let decided = station.timeline.entries.map(\.trackID)
        try #require(decided.count == 2)
        let at = station.madeSeconds
        try FileManager.default.removeItem(atPath: home.path(decided[1]))
        try home.cutOff(decided[0])
        try station.make(until: at + 8)
        station.stop()
        #expect(station.timeline.entries.count >= 2 && !decided.contains(station.timeline.entries[1].trackID))
        try expectHardlyAGap(station, at: at)
    }

    @Test func aFileThatBreaksOffBeforeAnythingIsDecided() throws {
        let home = try FileStation.Home(tracks: 2, seconds: 60)
        let station = try FileStation(home, analysed: 1)
        try station.make(until: 12)
        try #require(station.timeline.entries.count == 1)
        let at = station.madeSeconds
        try home.cutOff(station.timeline.entries[0].trackID)
        try station.make(until: at + 8)
        station.stop()
        #expect(station.timeline.entries.count == 2)
        try expectHardlyAGap(station, at: at)
    }

    /// In the overlap: what comes in does not rise slowly over nothing.
    @Test func aFileThatBreaksOffInItsOverlap() throws {
        let home = try FileStation.Home(tracks: 2, seconds: 60)
        let station = try FileStation(home)
        try station.make(until: 12)
        let transition = try #require(station.timeline.transitions.last)
        let (start, end) = (AudioFormat.seconds(transition.startFrame), AudioFormat.seconds(transition.endFrame))
        try #require(end - start > 6)
        try station.make(until: start + (end - start) / 4)
        let at = station.madeSeconds
        try home.cutOff(station.timeline.entries[0].trackID)
        try station.make(until: at + 8)
        station.stop()
        #expect(station.timeline.entries.count == 2)
        try expectHardlyAGap(station, at: at)
    }

    /// The incoming file is gone when its time comes: a third takes over, and what plays is not cut off before.
    @Test func aFileThatIsGoneWhenItsTimeComes() throws {
        let home = try FileStation.Home(tracks: 3, seconds: 60)
        let station = try FileStation(home)
        try station.make(until: 12)
        let transition = try #require(station.timeline.transitions.last)
        let gone = try #require(station.timeline.entries.last)
        try FileManager.default.removeItem(atPath: home.path(gone.trackID))
        let title = AudioFormat.seconds(gone.titleFrame)
        try station.make(until: AudioFormat.seconds(transition.endFrame) + 5)
        station.stop()
        #expect(station.timeline.entries.contains { $0.index == 2 && abs($0.titleFrame - gone.titleFrame) < 9_600 })
        let silence = longestSilence(levels(try station.sound(), from: title - 10, to: title + 10))
        #expect(silence < 0.1, "\(silence) s of silence")
    }

    /// Nothing is left to play: what has been played is not forgotten while something is looked for.
    @Test func aSearchThatFindsNothingLeavesTheHistory() throws {
        let home = try FileStation.Home(tracks: 3, seconds: 60)
        let station = try FileStation(home)
        try station.make(until: 12)
        let decided = station.timeline.entries.map(\.trackID)
        try #require(decided.count == 2)
        let plays = try station.catalogue.recentHistory(count: 99).map(\.trackID)
        #expect(plays == decided)
        for id in home.ids where id != decided[0] { try FileManager.default.removeItem(atPath: home.path(id)) }
        try home.cutOff(decided[0])
        try station.make(until: station.madeSeconds + 6)
        station.stop()
        #expect(station.timeline.entries.map(\.trackID) == decided)
        #expect(try station.catalogue.recentHistory(count: 99).map(\.trackID) == plays)
    }

    /// A lead of an hour does not push what listeners hear off the timeline.
    @Test func thePastIsThatOfTheListeners() {
        let hour = AudioFormat.frames(3_600)
        #expect(JournalRecord.pastFrame(mixedFrames: 2 * hour, liveFrame: hour) == hour - AudioFormat.frames(900))
        #expect(JournalRecord.pastFrame(mixedFrames: hour, liveFrame: 2 * hour) == hour - AudioFormat.frames(900))
    }

    /// A transition that was decided before a restart and heard after it is kept like any other.
    @Test func aReportSurvivesARestart() throws {
        let home = try FileStation.Home(tracks: 3, seconds: 60)
        let (number, end) = try {
            let station = try FileStation(home)
            try station.make(until: 12)
            station.stop()
            #expect(try station.catalogue.transitionReports(epoch: station.epoch, count: 9).isEmpty)
            let decisions = try station.catalogue.decisions(epoch: station.epoch)
            let transition = try #require(station.timeline.transitions.last)
            #expect(transition.fromIndex == 0)
            return (try #require(decisions.last).sequence, AudioFormat.seconds(transition.endFrame))
        }()
        let station = try FileStation(home)
        try station.make(until: end + 14)
        station.stop()
        #expect(station.counts.styles.values.reduce(0, +) == 1)
        let kept = try station.catalogue.transitionReports(epoch: station.epoch, count: 9)
        #expect(kept.map(\.sequence) == [number])
        let report = try JSONDecoder().decode(TransitionReport.self, from: try #require(kept.first).json)
        #expect(report.toIndex == 1)
    }
}
