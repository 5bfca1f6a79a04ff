import Foundation
import Glibc
import Synchronization
import Testing

import ForeverCatalogue

@Suite struct CatalogueBackupTests {
    private let settings = Data("{}".utf8)

    private func epoch(_ name: String) -> EpochRecord {
        EpochRecord(epoch: name, bitrateKbps: 128, createdAtMilliseconds: 1, settings: settings)
    }

    private func play(_ name: String) -> HistoryRecord {
        HistoryRecord(trackID: name, artist: nil, position: 0, wallMilliseconds: 0)
    }

    @Test func aBackupIsWholeWhileOthersWrite() async throws {
        let place = TemporaryCatalogue()
        let catalogue = try Catalogue(path: place.path)
        try catalogue.beginEpoch(epoch("e"))
        for number in 0..<400 {
            try catalogue.storeAnalysis(Data(repeating: 3, count: 20_000), forContent: "\(number)", version: 1)
        }
        let isOver = Atomic<Bool>(false)
        let out = place.folder + "/backup.sqlite"
        async let written = Task.detached {
            var sequence: Int64 = 0
            while !isOver.load(ordering: .relaxed) {
                try catalogue.appendDecision(
                    epoch: "e", sequence: sequence, effectivePosition: sequence, json: Data("{}".utf8))
                sequence += 1
            }
            return sequence
        }.value
        for _ in 0..<3 { try CatalogueBackup.write(place.path, to: out) }
        isOver.store(true, ordering: .relaxed)
        let count = try await written
        let copy = try Catalogue(path: out)
        #expect(copy.recovery == nil)
        #expect(try copy.hasAnalysis(forContent: "399", version: 1))
        #expect(try copy.decisions(epoch: "e").count <= count)
        #expect(access(out + ".new", F_OK) != 0)
    }

    @Test func aRestoredStationGoesOnWithItsStream() throws {
        let place = TemporaryCatalogue()
        let out = place.folder + "/backup.sqlite"
        let catalogue = try Catalogue(path: place.path)
        try catalogue.beginEpoch(epoch("old"))
        try catalogue.beginEpoch(epoch("now"))
        for sequence in Int64(0)..<3 {
            try catalogue.appendDecision(epoch: "now", sequence: sequence, effectivePosition: sequence, json: settings)
        }
        try catalogue.appendHistory(play("before"))
        try catalogue.storeCorrection(
            CorrectionRecord(content: "c", source: "operator", json: settings, changedMilliseconds: 1))
        try CatalogueBackup.write(place.path, to: out)

        for sequence in Int64(3)..<6 {
            try catalogue.appendDecision(epoch: "now", sequence: sequence, effectivePosition: sequence, json: settings)
        }
        try catalogue.appendAnchor(epoch: "now", position: 7, monotonicNanoseconds: 8, wallMilliseconds: 9)
        try catalogue.appendHistory(play("after"))
        try catalogue.removeCorrection(ofContent: "c", source: "operator")
        #expect(try !catalogue.takeForeignChange())
        try CatalogueBackup.restore(out, to: place.path)

        #expect(try catalogue.takeForeignChange())
        #expect(try !catalogue.takeForeignChange())
        #expect(try catalogue.recentHistory(count: 9).map(\.trackID) == ["before"])
        #expect(try catalogue.corrections().count == 1)
        #expect(try catalogue.currentEpoch()?.epoch == "now")
        #expect(try catalogue.epoch("old") != nil)
        #expect(try catalogue.decisions(epoch: "now").map(\.sequence) == Array(0..<6))
        #expect(try catalogue.lastAnchor(epoch: "now")?.position == 7)
        try catalogue.appendDecision(epoch: "now", sequence: 6, effectivePosition: 6, json: settings)
        #expect(try Catalogue(path: place.path).recovery == nil)
    }

    @Test func aBackupGoesIntoAStationOfAnotherEpoch() throws {
        let place = TemporaryCatalogue()
        let out = place.folder + "/backup.sqlite"
        do {
            let catalogue = try Catalogue(path: place.path)
            try catalogue.beginEpoch(epoch("a"))
            try catalogue.appendDecision(epoch: "a", sequence: 4, effectivePosition: 1, json: settings)
            try catalogue.appendHistory(play("p"))
            try CatalogueBackup.write(place.path, to: out)
        }
        let other = TemporaryCatalogue()
        let catalogue = try Catalogue(path: other.path)
        try catalogue.beginEpoch(epoch("b"))
        try catalogue.appendDecision(epoch: "b", sequence: 0, effectivePosition: 1, json: settings)
        try CatalogueBackup.restore(out, to: other.path)
        #expect(try catalogue.currentEpoch()?.epoch == "b")
        #expect(try catalogue.decisions(epoch: "a").map(\.sequence) == [4])
        #expect(try catalogue.decisions(epoch: "b").map(\.sequence) == [0])
        #expect(try catalogue.recentHistory(count: 9).map(\.trackID) == ["p"])
    }

    @Test func anEarlierSchemaIsRestoredToo() throws {
        let place = TemporaryCatalogue()
        let old = TemporaryCatalogue()
        try FirstSchema.write(
            old.path, "INSERT INTO history (track, position, wall_ms) VALUES ('t', 1, 2);")
        let before = try Data(contentsOf: URL(fileURLWithPath: old.path))
        try CatalogueBackup.restore(old.path, to: place.path)
        #expect(try Catalogue(path: place.path).recentHistory(count: 9).map(\.trackID) == ["t"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: old.path)) == before)
    }

    @Test func aDamagedBackupChangesNothing() throws {
        let place = TemporaryCatalogue()
        let out = place.folder + "/backup.sqlite"
        let catalogue = try Catalogue(path: place.path)
        for number in 0..<50 {
            try catalogue.storeAnalysis(Data(repeating: 3, count: 20_000), forContent: "\(number)", version: 1)
        }
        try catalogue.appendHistory(play("p"))
        try CatalogueBackup.write(place.path, to: out)
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: out))
        try file.seek(toOffset: 4_096)
        try file.write(contentsOf: Data(repeating: 0xA5, count: 300_000))
        try file.close()
        #expect { try CatalogueBackup.restore(out, to: place.path) } throws: {
            ($0 as? CatalogueError)?.isDamage == true
        }
        #expect(try catalogue.recentHistory(count: 9).map(\.trackID) == ["p"])
        #expect(place.files.filter { $0.contains("restoring") || $0.contains("damaged") }.isEmpty)
        #expect(throws: CatalogueError.self) { try CatalogueBackup.restore(place.folder + "/none", to: place.path) }
        #expect(throws: CatalogueError.self) { try CatalogueBackup.write(place.folder + "/none", to: out) }
    }
}
