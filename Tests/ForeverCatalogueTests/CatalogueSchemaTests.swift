import Foundation
import Testing

import ForeverCatalogue

/// Files as earlier versions wrote them: what they hold stays, and everything newer works in them.
@Suite struct CatalogueSchemaTests {
    private let rows = """
        INSERT INTO analysis (content, version, json) VALUES ('5-0123456789abcdef', 1, x'0102');
        INSERT INTO file (path, bytes, modified_ns, content, tags) VALUES ('/m/a.mp3', 5, 6, '5-0123456789abcdef', x'7b7d');
        INSERT INTO history (track, artist, position, wall_ms) VALUES ('t', 'x', 1, 2);
        INSERT INTO epoch (name, bitrate_kbps, created_ms, settings) VALUES ('e', 128, 1, x'7b7d');
        INSERT INTO decision (epoch, sequence, position, json) VALUES (1, 0, 0, x'7b7d');
        INSERT INTO anchor (epoch, position, monotonic_ns, wall_ms) VALUES (1, 2, 3, 4);

        """

    private func check(_ catalogue: Catalogue) throws {
        #expect(catalogue.recovery == nil)
        #expect(try catalogue.analysis(forContent: "5-0123456789abcdef", version: 1) == Data([1, 2]))
        let file = FileRecord(
            path: "/m/a.mp3", byteCount: 5, modifiedNanoseconds: 6, contentKey: "5-0123456789abcdef",
            tags: Data("{}".utf8))
        #expect(try catalogue.file("/m/a.mp3") == file)
        #expect(try catalogue.drawnFiles(from: "0000000000000000", count: 9) == [file])
        #expect(
            try catalogue.recentHistory(count: 9)
                == [HistoryRecord(trackID: "t", artist: "x", position: 1, wallMilliseconds: 2)])
        #expect(try catalogue.currentEpoch()?.epoch == "e")
        #expect(try catalogue.decisions(epoch: "e").map(\.sequence) == [0])
        #expect(try catalogue.lastAnchor(epoch: "e")?.position == 2)

        try catalogue.storeFile(
            FileRecord(path: "/m/a.mp3", byteCount: 5, modifiedNanoseconds: 6, sidecarNanoseconds: 7))
        #expect(try catalogue.file("/m/a.mp3")?.sidecarNanoseconds == 7)
        let play = HistoryRecord(
            trackID: "u", artist: nil, title: "T", source: "file", link: "l", position: 3, wallMilliseconds: 4)
        try catalogue.appendHistory(play)
        #expect(try catalogue.recentHistory(count: 1) == [play])
        try catalogue.storeTransitionReport(Data("{}".utf8), epoch: "e", sequence: 0)
        #expect(try catalogue.transitionReports(epoch: "e", count: 5).map(\.sequence) == [0])
        try catalogue.storeFingerprint(Data([9]), forContent: "c", version: 2)
        #expect(try catalogue.fingerprint(forContent: "c", version: 2) == Data([9]))
        #expect(try catalogue.fingerprint(forContent: "c", version: 1) == nil)
        try catalogue.storeCorrection(
            CorrectionRecord(content: "c", source: "s", json: Data(), changedMilliseconds: 1))
        #expect(try catalogue.addWish(WishRecord(kind: "next", trackID: "w", askedMilliseconds: 1)) != nil)
        try catalogue.addTraffic([])
        let content = "5-0123456789abcdef"
        #expect(try catalogue.summary(forContent: content, version: 1) == nil)
        try catalogue.storeSummary(Data([3]), forContent: content, version: 1)
        #expect(try catalogue.summary(forContent: content, version: 1) == Data([3]))
        try catalogue.storeAnalysis(Data([4]), forContent: content, version: 1)
        #expect(try catalogue.summary(forContent: content, version: 1) == nil, "of another analysis")
    }

    @Test func aFileOfTheFirstSchemaIsBroughtUpToDate() throws {
        let place = TemporaryCatalogue()
        try FirstSchema.write(place.path, rows)
        try check(try Catalogue(path: place.path))
        #expect(try Catalogue(path: place.path).recovery == nil)
    }

    @Test func aFileOfTheSecondSchemaIsBroughtUpToDate() throws {
        let place = TemporaryCatalogue()
        let traffic = "INSERT INTO traffic VALUES ('root', 7, 1, 2, 3, 4);"
        try SecondSchema.write(place.path, rows + traffic)
        let catalogue = try Catalogue(path: place.path)
        try check(catalogue)
        #expect(try catalogue.traffic(from: 0).map(\.hour) == [7])
    }

    @Test func aFileOfTheThirdSchemaIsBroughtUpToDate() throws {
        let place = TemporaryCatalogue()
        try ThirdSchema.write(place.path, rows + "INSERT INTO fingerprint VALUES ('f', 2, x'07');")
        let catalogue = try Catalogue(path: place.path)
        try check(catalogue)
        #expect(try catalogue.fingerprint(forContent: "f", version: 2) == Data([7]))
        #expect(try catalogue.sameSound(asContent: "f", version: 2) == nil)
        try catalogue.storeFingerprint(Data([7]), forContent: "f", version: 2, sameAs: "g")
        #expect(try catalogue.sameSound(asContent: "f", version: 2) == "g")
    }

    @Test func aFileOfTheFourthSchemaIsBroughtUpToDate() throws {
        let place = TemporaryCatalogue()
        try FourthSchema.write(place.path, rows + "INSERT INTO fingerprint VALUES ('f', 2, x'07', 'g');")
        let catalogue = try Catalogue(path: place.path)
        try check(catalogue)
        #expect(try catalogue.sameSound(asContent: "f", version: 2) == "g")
    }

    /// Whoever adds a step writes the form before it down, as `FourthSchema` is, and tests the way from there.
    @Test func everyEarlierSchemaIsTested() { #expect(CatalogueSchema.version == 5) }
}
