import ForeverCatalogue
import ForeverMix
import ForeverRelay
import ForeverTestKit
import Foundation
import Testing
import forever_server

/// What the operator is shown of transitions.
@Suite struct KeptTransitionsTests {
    private let folder: TemporaryFolder
    private let catalogue: Catalogue
    private let format = StreamFormat(bitrateKbps: 128)!
    private let timeline = Samples.timeline()

    init() throws {
        folder = try TemporaryFolder()
        catalogue = try Catalogue(path: folder("catalogue.sqlite"))
    }

    private func begin(_ epoch: String, decisions: Int) throws {
        try catalogue.beginEpoch(
            EpochRecord(epoch: epoch, bitrateKbps: 128, createdAtMilliseconds: 0, settings: Data("{}".utf8)))
        let transition = timeline.transitions[1]
        let decision = MixDecision(transition: transition, entry: timeline.entries[1], previous: nil)
        let cast = ["a", "b"].map { id in
            (id, CastMember(track: Samples.track(id), contentKey: id, analysis: Samples.analysis()))
        }
        let record = JournalRecord(
            decision: decision, timeline: timeline, cast: Dictionary(uniqueKeysWithValues: cast))
        for number in 0..<decisions {
            try catalogue.appendDecision(
                epoch: epoch, sequence: Int64(number), effectivePosition: 0, json: JSONEncoder().encode(record))
        }
    }

    private func store(_ epoch: String, _ number: Int64, step: Double, beats: Bool = true) throws {
        let report = TransitionReport(
            fromIndex: 0, toIndex: 1, style: beats ? .longBlend : .fade, levelStep: step, bassOverlapSeconds: 0.25)
        try catalogue.storeTransitionReport(JSONEncoder().encode(report), epoch: epoch, sequence: number)
    }

    private func list(onlyMissed: Bool = false) throws -> [JSONValue] {
        try #require(try KeptTransitions(catalogue: catalogue).value(onlyMissed: onlyMissed)["transitions"]?.array)
    }

    @Test func theNewestComesFirstWithItsTracksAndItsTime() throws {
        try begin("first", decisions: 3)
        for number in 0..<3 { try store("first", Int64(number), step: 0.1) }
        try begin("second", decisions: 1)
        try store("second", 0, step: -2.5)
        let start = format.position(ofSample: timeline.transitions[1].startFrame)
        for (position, wall) in [(start - 32_000, 50_000), (start - 16_000, 100_000), (start + 16_000, 900_000)] {
            try catalogue.appendAnchor(
                epoch: "second", position: position, monotonicNanoseconds: 0, wallMilliseconds: Int64(wall))
        }
        let all = try list()
        #expect(all.map { $0["epoch"]?.string } == ["second", "first", "first", "first"])
        #expect(all.map { $0["number"]?.integer } == [0, 2, 1, 0])
        let newest = all[0]
        #expect(newest["from"]?["title"] == "Title a" && newest["to"]?["artist"] == "Artist")
        #expect(newest["startPosition"]?.integer == start)
        #expect(newest["heardAtMilliseconds"]?.integer == 101_000)
        #expect(newest["reason"]?.string == timeline.transitions[1].reason)
        #expect(newest["report"]?["levelStepLoudnessUnits"]?.number == -2.5)
        #expect(newest["report"]?["misses"]?.array == ["levelStep"])
        #expect(newest["report"]?["unheard"] == true)
        #expect(newest["expected"]?["bassOverlapSeconds"]?.number != nil)
        #expect(all[1]["heardAtMilliseconds"] == .null)
        #expect(try list(onlyMissed: true).map { $0["epoch"]?.string } == ["second"])
    }

    @Test func itIsBoundedAndTheMissesOfLongAgoAreFound() throws {
        let count = 3 * KeptTransitions.shownMax
        try begin("e", decisions: count)
        for number in 0..<count { try store("e", Int64(number), step: number == 4 ? 3 : 0, beats: false) }
        #expect(try list().count == KeptTransitions.shownMax)
        #expect(try list(onlyMissed: true).map { $0["number"]?.integer } == [4])
        let bars = try KeptTransitions(catalogue: catalogue).value(onlyMissed: true)["bars"]?.array
        #expect(bars?.count == TransitionReport.Bar.allCases.count)
    }

    /// A report whose decision is not kept any more has no names; one that cannot be read is left out.
    @Test func whatTheJournalDoesNotTellIsNull() throws {
        try begin("e", decisions: 2)
        for number in [0, 1, 7] { try store("e", Int64(number), step: 0) }
        try catalogue.storeTransitionReport(Data("{}".utf8), epoch: "e", sequence: 1)
        let all = try list()
        #expect(all.map { $0["number"]?.integer } == [7, 0])
        let last = try #require(all.first)
        #expect(last["from"] == .null && last["to"] == .null && last["startPosition"] == .null)
        #expect(last["report"]?["levelStepLoudnessUnits"]?.number == 0)
        #expect(all.last?["from"]?["id"] == "a")
    }
}
