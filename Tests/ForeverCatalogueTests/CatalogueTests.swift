import Foundation
import Testing

import ForeverCatalogue

@Suite struct CatalogueTests {
    private func json(_ text: String) -> Data { Data("{\"value\":\"\(text)\"}".utf8) }

    private func epoch(_ name: String) -> EpochRecord {
        EpochRecord(epoch: name, bitrateKbps: 128, createdAtMilliseconds: 1_000, settings: json("settings"))
    }

    @Test func keepsEverythingAcrossOpenings() throws {
        let place = TemporaryCatalogue()
        let file = FileRecord(
            path: "/m/ü 'quoted'.mp3", byteCount: 5, modifiedNanoseconds: 1_600_000_000_123_456_789,
            contentKey: "5-00", tags: json("tags"))
        let play = HistoryRecord(
            trackID: "a", artist: nil, epoch: "0123456789abcdef", position: 384, wallMilliseconds: 9)
        do {
            let catalogue = try Catalogue(path: place.path)
            #expect(catalogue.recovery == nil)
            try catalogue.storeAnalysis(json("analysis"), forContent: "5-00", version: 1)
            try catalogue.storeFile(file)
            try catalogue.beginEpoch(epoch("0123456789abcdef"))
            try catalogue.appendAnchor(
                epoch: "0123456789abcdef", position: 1, monotonicNanoseconds: 2, wallMilliseconds: 3)
            try catalogue.appendDecision(
                epoch: "0123456789abcdef", sequence: 0, effectivePosition: 0, json: json("first"))
            try catalogue.appendHistory(play)
        }
        let catalogue = try Catalogue(path: place.path)
        #expect(catalogue.recovery == nil)
        #expect(try catalogue.analysis(forContent: "5-00", version: 1) == json("analysis"))
        #expect(try catalogue.file(file.path) == file)
        #expect(try catalogue.currentEpoch() == epoch("0123456789abcdef"))
        #expect(
            try catalogue.lastAnchor(epoch: "0123456789abcdef")
                == AnchorRecord(position: 1, monotonicNanoseconds: 2, wallMilliseconds: 3))
        #expect(
            try catalogue.decisions(epoch: "0123456789abcdef")
                == [DecisionRecord(sequence: 0, effectivePosition: 0, json: json("first"))])
        #expect(try catalogue.recentHistory(count: 5) == [play])
    }

    @Test func analysesAreByContentAndVersion() throws {
        let catalogue = try Catalogue(path: ":memory:")
        try catalogue.storeAnalysis(json("old"), forContent: "a", version: 1)
        try catalogue.storeAnalysis(json("new"), forContent: "a", version: 2)
        try catalogue.storeAnalysis(json("newer"), forContent: "a", version: 2)
        try catalogue.storeAnalysis(Data(), forContent: "empty", version: 2)
        #expect(try catalogue.analysis(forContent: "a", version: 1) == json("old"))
        #expect(try catalogue.analysis(forContent: "a", version: 2) == json("newer"))
        #expect(try catalogue.analysis(forContent: "empty", version: 2) == Data())
        #expect(try catalogue.analysis(forContent: "b", version: 2) == nil)
        #expect(try catalogue.hasAnalysis(forContent: "a", version: 2))
        #expect(try catalogue.removeAnalyses(olderThan: 2) == 1)
        #expect(try !catalogue.hasAnalysis(forContent: "a", version: 1))
    }

    @Test func filesAreReplacedListedAndForgotten() throws {
        let catalogue = try Catalogue(path: ":memory:")
        var records = (0..<25).map {
            FileRecord(path: "/m/\(100 + $0)", byteCount: Int64($0), modifiedNanoseconds: 1, contentKey: "k\($0 % 2)")
        }
        try catalogue.storeFiles(records)
        records[3].problem = "not audio"
        records[3].contentKey = nil
        try catalogue.storeFile(records[3])
        #expect(try catalogue.file("/m/103") == records[3])
        var listed: [FileRecord] = []
        while true {
            let page = try catalogue.files(after: listed.last?.path ?? "", count: 10)
            if page.isEmpty { break }
            listed += page
        }
        #expect(listed == records)
        #expect(try catalogue.files(withContent: "k1").count == 11)
        try catalogue.removeFile("/m/103")
        #expect(try catalogue.file("/m/103") == nil)
    }

    @Test func decisionsComeInOrderOnly() throws {
        let catalogue = try Catalogue(path: ":memory:")
        #expect(throws: CatalogueError.unknownEpoch("e")) {
            try catalogue.appendDecision(epoch: "e", sequence: 0, effectivePosition: 0, json: json("x"))
        }
        try catalogue.beginEpoch(epoch("e"))
        try catalogue.appendDecision(epoch: "e", sequence: 0, effectivePosition: 0, json: json("0"))
        for wrong in [0, 2] as [Int64] {
            #expect(throws: CatalogueError.outOfOrder(sequence: wrong, expected: 1)) {
                try catalogue.appendDecision(epoch: "e", sequence: wrong, effectivePosition: 0, json: json("x"))
            }
        }
        try catalogue.appendDecision(epoch: "e", sequence: 1, effectivePosition: 0, json: json("1"))
        #expect(try catalogue.decisions(epoch: "e").map(\.sequence) == [0, 1])
        #expect(try catalogue.decisions(epoch: "e", from: 1).map(\.sequence) == [1])
        #expect(try catalogue.lastDecisions(epoch: "e", count: 1).map(\.sequence) == [1])
        #expect(try catalogue.decisions(epoch: "other").isEmpty)
    }

    @Test(
        arguments: [
            (0..<1, 0, [0]), (0..<100, 0, [0]), (0..<101, 0, [0, 1]), (100..<101, 0, [1]), (150..<160, 0, [1]),
            (150..<160, 1, [0, 1]), (250..<350, 0, [2, 3]), (250..<350, 1, [1, 2, 3]), (5_000..<5_001, 1, [8, 9]),
            (0..<10_000, 0, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ] as [(Range<Int64>, Int, [Int64])])
    func coversAStretchOfTheStream(positions: Range<Int64>, before: Int, sequences: [Int64]) throws {
        let catalogue = try Catalogue(path: ":memory:")
        try catalogue.beginEpoch(epoch("e"))
        for number in 0..<10 as Range<Int64> {
            try catalogue.appendDecision(
                epoch: "e", sequence: number, effectivePosition: number * 100, json: json("\(number)"))
        }
        let found = try catalogue.decisions(epoch: "e", covering: positions, before: before)
        #expect(found.map(\.sequence) == sequences)
    }

    /// A decision that takes effect after the stretch may have replaced one that would have within it.
    @Test func decisionsThatReplacedOthersAreFound() throws {
        let catalogue = try Catalogue(path: ":memory:")
        try catalogue.beginEpoch(epoch("e"))
        for (number, position) in [0, 100, 400, 300, 500, 600].enumerated() {
            try catalogue.appendDecision(
                epoch: "e", sequence: Int64(number), effectivePosition: Int64(position), json: json("\(number)"))
        }
        func found(_ positions: Range<Int64>, after: Int) throws -> [Int64] {
            try catalogue.decisions(epoch: "e", covering: positions, before: 0, after: after).map(\.sequence)
        }
        #expect(try found(150..<200, after: 0) == [1])
        #expect(try found(150..<200, after: 2) == [1, 2, 3])
        #expect(try found(350..<360, after: 0) == [3])
        #expect(try found(150..<350, after: 0) == [1, 2, 3])
        #expect(try found(550..<560, after: 9) == [4, 5])
    }

    @Test func theOldestEpochIsForgottenWithAllThatHangsOnIt() throws {
        let catalogue = try Catalogue(path: ":memory:")
        let count = CatalogueRetention().epochsMax + 2
        for number in 0..<count {
            try catalogue.beginEpoch(epoch("e\(number)"))
            try catalogue.appendDecision(epoch: "e\(number)", sequence: 7, effectivePosition: 0, json: json("x"))
            try catalogue.appendAnchor(
                epoch: "e\(number)", position: 0, monotonicNanoseconds: 0, wallMilliseconds: 0)
        }
        #expect(try catalogue.currentEpoch()?.epoch == "e\(count - 1)")
        #expect(try catalogue.epoch("e1") == nil)
        #expect(try catalogue.decisions(epoch: "e1").isEmpty)
        #expect(try catalogue.epoch("e2") != nil)
        #expect(try catalogue.decisions(epoch: "e2").count == 1)
        #expect(try catalogue.anchors(epoch: "e2").count == 1)
        // The same epoch twice is a mistake, and is said to be one with SQLite's own code.
        #expect { try catalogue.beginEpoch(epoch("e5")) } throws: { ($0 as? CatalogueError)?.primaryCode == 19 }
        #expect(try catalogue.currentEpoch()?.epoch == "e\(count - 1)")
    }

    @Test func historyComesOldestFirst() throws {
        let catalogue = try Catalogue(path: ":memory:")
        for number in 0..<600 {
            try catalogue.appendHistory(
                HistoryRecord(
                    trackID: "t\(number)", artist: "a", position: Int64(number), wallMilliseconds: 0))
        }
        #expect(try catalogue.recentHistory(count: 3).map(\.trackID) == ["t597", "t598", "t599"])
        #expect(try catalogue.recentHistory(count: 10_000).count == 600)
        #expect(try catalogue.recentHistory(count: 0).isEmpty)
    }

    @Test func theOldestGoesFirstWhenThereIsTooMuch() throws {
        var retention = CatalogueRetention()
        retention.decisionsPerEpochMax = 100
        retention.historyMax = 50
        retention.anchorsPerEpochMax = 10
        let catalogue = try Catalogue(path: ":memory:", retention: retention)
        try catalogue.beginEpoch(epoch("e"))
        // Looked at every `additionsPerTrim` additions of any sort: an odd number of sorts, so that each has its turn.
        for number in 0..<1_000 as Range<Int64> {
            try catalogue.appendDecision(
                epoch: "e", sequence: number, effectivePosition: number, json: json("\(number)"))
            try catalogue.appendAnchor(
                epoch: "e", position: number, monotonicNanoseconds: 0, wallMilliseconds: 0)
            try catalogue.appendHistory(
                HistoryRecord(trackID: "\(number)", artist: nil, position: number, wallMilliseconds: 0))
        }
        let slack = 3 * CatalogueLimits.additionsPerTrim
        let decisions = try catalogue.decisions(epoch: "e").map(\.sequence)
        #expect((100...100 + slack).contains(decisions.count))
        #expect(decisions == Array(1_000 - Int64(decisions.count)..<1_000))
        let anchors = try catalogue.anchors(epoch: "e").map(\.position)
        #expect((10...10 + slack).contains(anchors.count))
        #expect(anchors.last == 999)
        let history = try catalogue.recentHistory(count: 1_000)
        #expect((50...50 + slack).contains(history.count))
        #expect(history.last?.trackID == "999")
    }

    @Test func manyThreadsShareOneCatalogue() async throws {
        let place = TemporaryCatalogue()
        let catalogue = try Catalogue(path: place.path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for number in 0..<40 {
                        let key = "\(worker)-\(number)"
                        try catalogue.storeAnalysis(Data(key.utf8), forContent: key, version: 1)
                        let back = try catalogue.analysis(forContent: key, version: 1)
                        #expect(back == Data(key.utf8))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func twoProcessesWorthOfConnectionsWaitForEachOther() async throws {
        let place = TemporaryCatalogue()
        let one = try Catalogue(path: place.path)
        let other = try Catalogue(path: place.path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, catalogue) in [one, other].enumerated() {
                group.addTask {
                    for key in 0..<50 {
                        try catalogue.storeAnalysis(Data([1]), forContent: "\(number)-\(key)", version: 1)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try one.hasAnalysis(forContent: "1-49", version: 1))
        #expect(try other.hasAnalysis(forContent: "0-49", version: 1))
    }
}
