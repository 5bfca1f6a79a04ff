import Foundation
import Glibc
import Synchronization
import Testing

import ForeverCatalogue

@Suite struct CatalogueFileTests {
    private func fill(_ path: String, analyses: Int = 200) throws {
        let catalogue = try Catalogue(path: path)
        try catalogue.beginEpoch(
            EpochRecord(epoch: "e", bitrateKbps: 128, createdAtMilliseconds: 0, settings: Data("{}".utf8)))
        for number in 0..<analyses {
            try catalogue.storeAnalysis(Data(repeating: 1, count: 3_000), forContent: "\(number)", version: 1)
        }
    }

    @Test func aFileThatIsNoDatabaseIsSetAside() throws {
        let place = TemporaryCatalogue()
        try FileManager.default.createDirectory(
            atPath: place.folder + "/data", withIntermediateDirectories: true)
        let junk = Data("this is no database at all, ".utf8) + Data(repeating: 9, count: 9_000)
        try junk.write(to: URL(fileURLWithPath: place.path))
        let catalogue = try Catalogue(path: place.path)
        let aside = try #require(catalogue.recovery?.setAsidePath)
        #expect(aside == place.path + ".damaged-1")
        #expect(try Data(contentsOf: URL(fileURLWithPath: aside)) == junk)
        #expect(try catalogue.currentEpoch() == nil)
    }

    @Test(arguments: [
        (0, 16),  // the magic string
        (4_096, 4_096),  // the first table
        (100, 200),  // the schema
        (60_000, 200_000),  // many pages of one table
    ])
    func aDamagedFileIsSetAsideAndANewOneBegun(offset: Int, count: Int) throws {
        let place = TemporaryCatalogue()
        try fill(place.path)
        try place.damage(at: offset, count: count)
        let catalogue = try Catalogue(path: place.path)
        let recovery = try #require(catalogue.recovery)
        #expect(recovery.setAsidePath == place.path + ".damaged-1")
        #expect(place.files.contains("catalogue.sqlite.damaged-1"))
        #expect(try catalogue.analysis(forContent: "1", version: 1) == nil)
        try catalogue.storeAnalysis(Data([1]), forContent: "1", version: 1)
        #expect(try catalogue.analysis(forContent: "1", version: 1) == Data([1]))
        #expect("\(recovery)".contains("damaged"))
    }

    @Test func eachDamagedFileGetsItsOwnName() throws {
        let place = TemporaryCatalogue()
        for number in 1...3 {
            try fill(place.path, analyses: 3)
            try place.damage(at: 0, count: 4_096)
            #expect(try Catalogue(path: place.path).recovery?.setAsidePath == place.path + ".damaged-\(number)")
        }
    }

    @Test func damageMetWhileRunningBringsANewFileAtOnce() throws {
        let place = TemporaryCatalogue()
        try fill(place.path, analyses: 3_000)
        let catalogue = try Catalogue(path: place.path)
        let renewals = Mutex<[Catalogue.Recovery]>([])
        catalogue.onRenewal { [unowned catalogue] recovery in
            renewals.withLock { $0.append(recovery) }
            // The handler may use the catalogue: the station begins its epoch again here.
            try? catalogue.beginEpoch(
                EpochRecord(epoch: "e", bitrateKbps: 128, createdAtMilliseconds: 1, settings: Data("{}".utf8)))
        }
        // Nearly every page, and more of them than the connection holds in memory.
        try place.damage(at: 40_960, count: 8_000_000)
        var met: CatalogueError?
        for number in 0..<3_000 where met == nil {
            do { _ = try catalogue.analysis(forContent: "\(number)", version: 1) } catch { met = error }
        }
        #expect(met?.isDamage == true)
        #expect(renewals.withLock { $0.map(\.setAsidePath) } == [place.path + ".damaged-1"])
        #expect(!place.files.contains("catalogue.sqlite.suspect"))
        #expect(try catalogue.analysis(forContent: "1", version: 1) == nil)
        try catalogue.appendDecision(epoch: "e", sequence: 17, effectivePosition: 9, json: Data("{}".utf8))
        let next = try Catalogue(path: place.path)
        #expect(next.recovery == nil)
        #expect(try next.decisions(epoch: "e").map(\.sequence) == [17])
    }

    /// Whoever meets the damage second is not to set the new file aside.
    @Test func damageThatManyMeetIsSetAsideOnce() throws {
        let place = TemporaryCatalogue()
        try fill(place.path, analyses: 3_000)
        let catalogue = try Catalogue(path: place.path)
        let renewals = Mutex(0)
        catalogue.onRenewal { _ in renewals.withLock { $0 += 1 } }
        try place.damage(at: 40_960, count: 8_000_000)
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for number in 0..<3_000 { _ = try? catalogue.analysis(forContent: "\(number)", version: 1) }
            if thread == 0 { catalogue.checkWhole() }
        }
        #expect(renewals.withLock { $0 } == 1)
        #expect(!place.files.contains { $0.contains("damaged-2") })
    }

    @Test func aLargeFileIsReadThroughInTheBackground() throws {
        let place = TemporaryCatalogue()
        let catalogue = try Catalogue(path: place.path)
        let analysis = Data(repeating: 7, count: 400_000)
        for number in 0..<100 { try catalogue.storeAnalysis(analysis, forContent: "\(number)", version: 1) }
        catalogue.checkWhole()
        #expect(try catalogue.hasAnalysis(forContent: "99", version: 1))
        try place.damage(at: 4_096 * 8, count: 20_000_000)
        catalogue.checkWhole()
        #expect(place.files.contains("catalogue.sqlite.damaged-1"))
        #expect(try !catalogue.hasAnalysis(forContent: "99", version: 1))
    }

    @Test func whatPeopleDidIsSavedFromADamagedFile() throws {
        let place = TemporaryCatalogue()
        do {
            let catalogue = try Catalogue(path: place.path)
            for number in 0..<2_000 {
                try catalogue.appendHistory(
                    HistoryRecord(
                        trackID: "track \(number)", artist: "somebody", title: "a title", position: Int64(number),
                        wallMilliseconds: Int64(number)))
            }
            try catalogue.storeCorrection(
                CorrectionRecord(content: "c", source: "operator", json: Data("{}".utf8), changedMilliseconds: 5))
            _ = try catalogue.addWish(WishRecord(kind: "next", trackID: "w", askedMilliseconds: 6))
        }
        // A few pages in the middle of the plays, which is most of the file.
        try place.damage(at: 4_096 * 30, count: 4_096 * 3)
        let catalogue = try Catalogue(path: place.path)
        let recovery = try #require(catalogue.recovery)
        let plays = try catalogue.recentHistory(count: 10_000)
        #expect(recovery.savedCount >= plays.count)
        #expect((1_000..<2_000).contains(plays.count))
        #expect(plays.last?.trackID == "track 1999")
        #expect(plays.first?.trackID == "track 0")
        #expect(try catalogue.corrections().map(\.content) == ["c"])
        #expect(try catalogue.wishes().map(\.trackID) == ["w"])
    }

    @Test func aNewerSchemaIsRefusedAndLeftAlone() throws {
        let place = TemporaryCatalogue()
        try fill(place.path, analyses: 1)
        try place.write([0, 0, 0x03, 0xE7], at: userVersionOffset)
        #expect(throws: CatalogueError.newerSchema(found: 999, known: CatalogueSchema.version)) {
            try Catalogue(path: place.path)
        }
        #expect(!place.files.contains { $0.contains("damaged") })
        try place.write([0, 0, 0, UInt8(CatalogueSchema.version)], at: userVersionOffset)
        #expect(try Catalogue(path: place.path).hasAnalysis(forContent: "0", version: 1))
    }

    @Test func aTornLogLosesNothingThatIsInTheFile() throws {
        let place = TemporaryCatalogue()
        try fill(place.path, analyses: 5)
        try Data(repeating: 0xEE, count: 3_000).write(to: URL(fileURLWithPath: place.path + "-wal"))
        let catalogue = try Catalogue(path: place.path)
        #expect(catalogue.recovery == nil)
        #expect(try catalogue.hasAnalysis(forContent: "4", version: 1))
    }

    @Test func saysWhatIsWrongWithItsPlace() throws {
        #expect(throws: CatalogueError.self) { try Catalogue(path: "/dev/null/catalogue.sqlite") }
        let place = TemporaryCatalogue()
        try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: true)
        #expect { try Catalogue(path: place.path) } throws: { ($0 as? CatalogueError)?.primaryCode == 14 }
    }

    @Test func theSecondOpeningOfAThousandFilesReadsLittle() throws {
        // 1000 analyses of 60 kB: above the size that is read through at every start.
        let place = TemporaryCatalogue()
        do {
            let catalogue = try Catalogue(path: place.path)
            let analysis = Data(repeating: 7, count: 60_000)
            for number in 0..<1_000 { try catalogue.storeAnalysis(analysis, forContent: "\(number)", version: 1) }
        }
        let before = processorSeconds()
        let catalogue = try Catalogue(path: place.path)
        #expect(try catalogue.hasAnalysis(forContent: "999", version: 1))
        // Processor time, not wall time: 60 MB read through would take ten times this.
        #expect(processorSeconds() - before < 0.1)
    }

    private func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Where SQLite's file format keeps the user version: four bytes, the highest first.
    private let userVersionOffset = 60
}
