import Foundation
import Testing

import ForeverCatalogue

/// Plays, corrections and wishes: what decides about the next hours outlives a restart.
@Suite struct CatalogueMemoryTests {
    @Test func playsAreForgottenByAge() throws {
        var retention = CatalogueRetention()
        retention.historyDaysMax = 2
        let catalogue = try Catalogue(path: ":memory:", retention: retention)
        for day in Int64(0)..<10 {
            try catalogue.appendHistory(
                HistoryRecord(trackID: "\(day)", artist: nil, position: 0, wallMilliseconds: day * 86_400_000))
        }
        #expect(try catalogue.recentHistory(count: 99).map(\.trackID) == ["7", "8", "9"])
    }

    @Test func correctionsAreByContentAndSource() throws {
        let place = TemporaryCatalogue()
        func record(_ content: String, _ source: String, _ value: UInt8) -> CorrectionRecord {
            CorrectionRecord(content: content, source: source, json: Data([value]), changedMilliseconds: 1)
        }
        do {
            let catalogue = try Catalogue(path: place.path)
            for (value, source) in ["sidecar", "operator", "sidecar"].enumerated() {
                try catalogue.storeCorrection(record("a", source, UInt8(value)))
            }
            try catalogue.storeCorrection(record("b", "sidecar", 9))
            // Analysing again does not touch them.
            try catalogue.storeAnalysis(Data([1]), forContent: "a", version: 1)
            try catalogue.removeAnalyses(olderThan: 99)
        }
        let catalogue = try Catalogue(path: place.path)
        #expect(
            try catalogue.corrections()
                == [record("a", "operator", 1), record("a", "sidecar", 2), record("b", "sidecar", 9)])
        #expect(try catalogue.corrections(ofContent: "b").count == 1)
        #expect(try catalogue.removeCorrection(ofContent: "a", source: "sidecar"))
        #expect(try !catalogue.removeCorrection(ofContent: "a", source: "sidecar"))
        #expect(try catalogue.corrections(ofContent: "a") == [record("a", "operator", 1)])
    }

    @Test func wishesWaitInOrderAndAreLimited() throws {
        let place = TemporaryCatalogue()
        var ids: [Int64] = []
        do {
            let catalogue = try Catalogue(path: place.path)
            for name in ["a", "b", "a"] {
                ids.append(
                    try #require(
                        try catalogue.addWish(WishRecord(kind: "next", trackID: name, askedMilliseconds: 3))))
            }
            #expect(try catalogue.removeWish(ids[0]))
            #expect(try !catalogue.removeWish(ids[0]))
        }
        let catalogue = try Catalogue(path: place.path)
        #expect(try catalogue.wishes().map(\.trackID) == ["b", "a"])
        #expect(try catalogue.wishes().map(\.id) == Array(ids.dropFirst()))
        var last: Int64? = 0
        var count = 2
        while last != nil, count < 10_000 {
            last = try catalogue.addWish(WishRecord(kind: "next", trackID: "x", askedMilliseconds: 0))
            count += 1
        }
        #expect(count == CatalogueLimits.wishesMax + 1)
    }

    @Test func filesAreDrawnByTheirContent() throws {
        let catalogue = try Catalogue(path: ":memory:")
        let keys = (0..<40).map { "5-0123456789abcdef" + String(repeating: String($0 % 10), count: 15) + "\($0 / 10)" }
        try catalogue.storeFiles(
            keys.enumerated().map {
                FileRecord(path: "/\($0.offset)", byteCount: 5, modifiedNanoseconds: 0, contentKey: $0.element)
            })
        try catalogue.storeFile(
            FileRecord(path: "/bad", byteCount: 5, modifiedNanoseconds: 0, contentKey: keys[0], problem: "silent"))
        #expect(try catalogue.playableFileCount() == 40)
        let drawn = try catalogue.drawnFiles(from: "5000000000000000", count: 10)
        #expect(drawn.compactMap(\.contentKey) == Array(keys.sorted { $0.suffix(16) < $1.suffix(16) }[20..<30]))
        #expect(try catalogue.drawnFiles(from: "ffffffffffffffff", count: 10).isEmpty)
        #expect(try catalogue.files(below: "/", count: 99).count == 41)
        try catalogue.removeFiles(["/0", "/1"])
        #expect(try catalogue.playableFileCount() == 38)
    }

    @Test func filesBelowAFolderComeInPages() throws {
        let catalogue = try Catalogue(path: ":memory:")
        let paths = ["/m", "/m-x/a", "/m/a", "/m/b/c", "/m/b/d", "/m0/a", "/ma"]
        try catalogue.storeFiles(paths.map { FileRecord(path: $0, byteCount: 1, modifiedNanoseconds: 0) })
        #expect(try catalogue.files(below: "/m").map(\.path) == ["/m/a", "/m/b/c", "/m/b/d"])
        #expect(try catalogue.files(below: "/m/b/", after: "/m/b/c").map(\.path) == ["/m/b/d"])
        #expect(try catalogue.files(below: "/m", after: "/m/b/c", count: 9).map(\.path) == ["/m/b/d"])
    }
}
