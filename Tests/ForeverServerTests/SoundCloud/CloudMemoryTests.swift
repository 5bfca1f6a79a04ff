import ForeverCatalogue
import ForeverCore
import ForeverMix
import ForeverRelay
import ForeverTestKit
import Foundation
import Testing
import forever_server

/// What a station keeps of SoundCloud, and what it forgets.
@Suite struct CloudMemoryTests {
    private func settings(_ more: String = "") throws -> CloudSettings {
        try CloudSettings(
            file: Array(#"{"clientID":"a","clientSecret":"b","from":["genre: x"]\#(more)}"#.utf8), environment: [:])
    }

    private func open(
        _ folder: TemporaryFolder, cloud: CloudSettings?, bitrateKbps: Int = 128
    ) throws -> StationMemory {
        try StationMemory(
            files: DataFiles(folder: folder.path), format: StreamFormat(bitrateKbps: bitrateKbps)!, ringSeconds: 60,
            seed: 7,
            wallMilliseconds: 1, cloud: cloud, say: { _ in })
    }

    /// A life that has played something from SoundCloud.
    private func live(_ folder: TemporaryFolder, _ cloud: CloudSettings) throws -> String {
        let memory = try open(folder, cloud: cloud)
        var timeline = MixTimeline(settings: MixSettings())
        let decision = timeline.decide(
            trackID: "soundcloud:tracks:1", analysis: Samples.analysis(), previous: nil, notBefore: 0)
        timeline.apply(decision)
        let record = JournalRecord(decision: decision, timeline: timeline, cast: [:])
        try memory.catalogue.appendDecision(
            epoch: memory.ring.epoch.description, sequence: memory.sequence, effectivePosition: 0,
            json: JSONEncoder().encode(record))
        try memory.catalogue.storeTransitionReport(
            Data("{}".utf8), epoch: memory.ring.epoch.description, sequence: memory.sequence)
        memory.ring.append([UInt8](repeating: 1, count: 3_840))
        try memory.catalogue.storeAnalysis(Data("{}".utf8), forContent: "soundcloud:tracks:1:99", version: 1)
        try memory.catalogue.storeAnalysis(Data("{}".utf8), forContent: "of a file", version: 1)
        for source in ["soundcloud", "file"] {
            try memory.catalogue.appendHistory(
                HistoryRecord(
                    trackID: source, artist: "A", title: "T", source: source, link: "https://soundcloud.com/x",
                    position: 0, wallMilliseconds: 1))
        }
        try folder.write(Array("{}".utf8), to: "soundcloud-token")
        return memory.ring.epoch.description
    }

    @Test func aRestartGoesOnAndForgetsWhatItNeedNotKnow() throws {
        let folder = try TemporaryFolder()
        let epoch = try live(folder, settings())
        let memory = try open(folder, cloud: settings())
        #expect(memory.ring.epoch.description == epoch && memory.journal != nil)
        #expect(try !memory.catalogue.hasAnalysis(forContent: "soundcloud:tracks:1:99", version: 1))
        #expect(try memory.catalogue.hasAnalysis(forContent: "of a file", version: 1))
        let history = try memory.catalogue.recentHistory(count: 9)
        #expect(history.map(\.artist) == [nil, "A"] && history[0].title == nil && history[0].link == nil)
    }

    /// A new epoch begins, by another bit rate: nothing needs the one before any more.
    @Test func whatEarlierEpochsHaveLeftGoes() throws {
        let folder = try TemporaryFolder()
        let epoch = try live(folder, settings())
        let memory = try open(folder, cloud: settings(), bitrateKbps: 192)
        #expect(memory.ring.epoch.description != epoch)
        #expect(try memory.catalogue.epochs().map(\.epoch) == [epoch, memory.ring.epoch.description])
        #expect(try memory.catalogue.decisions(epoch: epoch).isEmpty)
        #expect(try memory.catalogue.transitionReports(epoch: epoch, count: 9).isEmpty)
    }

    @Test func whoeverMayKeepKeeps() throws {
        let folder = try TemporaryFolder()
        let keeping = try settings(#","keepData":true"#)
        _ = try live(folder, keeping)
        let memory = try open(folder, cloud: keeping)
        #expect(try memory.catalogue.hasAnalysis(forContent: "soundcloud:tracks:1:99", version: 1))
        #expect(try memory.catalogue.recentHistory(count: 9).allSatisfy { $0.title == "T" })
    }

    @Test func withTheSourceOffEverythingOfItGoes() throws {
        let folder = try TemporaryFolder()
        let epoch = try live(folder, settings(#","keepData":true"#))
        let memory = try open(folder, cloud: nil)
        #expect(memory.ring.epoch.description != epoch, "a local station does not go on where SoundCloud stopped")
        #expect(memory.journal == nil)
        #expect(try memory.catalogue.decisions(epoch: epoch).isEmpty)
        #expect(try !memory.catalogue.hasAnalysis(forContent: "soundcloud:tracks:1:99", version: 1))
        #expect(try memory.catalogue.recentHistory(count: 9).map(\.trackID) == ["file"])
        #expect(!FileManager.default.fileExists(atPath: folder("soundcloud-token")))
    }

    @Test func pagesAreToldUploaderAndSource() throws {
        var track = CloudTrack(
            id: CloudURN(.tracks, "1")!, title: "Ferry Twins - Ebb [FREE DL]",
            uploader: CloudUser(name: "Quiet Harbour", link: "https://soundcloud.com/quiet-harbour"),
            durationSeconds: 200,
            licence: .by, link: "https://soundcloud.com/quiet-harbour/ebb")
        track.performer = nil
        let member = CastMember(track: Track(track), contentKey: "x", analysis: Samples.analysis())
        let news = StationNews(timeline: Samples.timeline(), cast: ["a": member])
        let json = TimelineJSON(
            epoch: Epoch(bits: 1), format: StreamFormat(bitrateKbps: 128)!, stationName: "Test", news: news
        ).value(live: 0, edge: 1, wallMilliseconds: 1)
        let shown = try #require(json["tracks"]?.array?.first)
        #expect(shown["artist"] == "Ferry Twins" && shown["title"] == "Ebb")
        #expect(shown["uploader"] == "Quiet Harbour" && shown["source"] == "SoundCloud")
        #expect(shown["link"] == "https://soundcloud.com/quiet-harbour/ebb")
        #expect(shown["uploaderLink"] == "https://soundcloud.com/quiet-harbour")
    }
}
