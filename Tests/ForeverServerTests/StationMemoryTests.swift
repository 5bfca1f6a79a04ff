import ForeverCatalogue
import ForeverMix
import ForeverRelay
import ForeverTestKit
import Foundation
import Testing
import forever_server

@Suite struct StationMemoryTests {
    private let format = StreamFormat(bitrateKbps: 128)!

    private func open(_ folder: TemporaryFolder, kbps: Int = 128, ringSeconds: Double = 60) throws -> StationMemory {
        try StationMemory(
            files: DataFiles(folder: folder.path), format: StreamFormat(bitrateKbps: kbps)!,
            ringSeconds: ringSeconds, seed: 7, wallMilliseconds: 1, say: { _ in })
    }

    /// Plays something and writes one decision down.
    private func play(_ memory: StationMemory) throws {
        var timeline = MixTimeline(settings: MixSettings())
        let decision = timeline.decide(trackID: "a", analysis: Samples.analysis(), previous: nil, notBefore: 0)
        timeline.apply(decision)
        let record = JournalRecord(decision: decision, timeline: timeline, cast: [:])
        try memory.catalogue.appendDecision(
            epoch: memory.ring.epoch.description, sequence: memory.sequence, effectivePosition: 0,
            json: JSONEncoder().encode(record))
        memory.ring.append([UInt8](repeating: 1, count: 384 * 10))
    }

    @Test func aRestartGoesOnWithTheNextFrameOfTheSameEpoch() throws {
        let folder = try TemporaryFolder()
        let epoch = try {
            let memory = try open(folder)
            #expect(memory.journal == nil)
            try play(memory)
            return memory.ring.epoch
        }()
        let memory = try open(folder)
        #expect(memory.ring.epoch == epoch)
        #expect(memory.ring.edge == 3840)
        #expect(memory.sequence == 1)
        #expect(memory.journal?.timeline.entries.map(\.trackID) == ["a"])
    }

    @Test func anotherFormatBeginsANewEpoch() throws {
        let folder = try TemporaryFolder()
        let epoch = try {
            let memory = try open(folder)
            try play(memory)
            return memory.ring.epoch
        }()
        let memory = try open(folder, kbps: 192)
        #expect(memory.ring.epoch != epoch)
        #expect(memory.ring.edge == 0)
        #expect(memory.journal == nil)
    }

    @Test func aLostRingBeginsANewEpoch() throws {
        let folder = try TemporaryFolder()
        let epoch = try {
            let memory = try open(folder)
            try play(memory)
            return memory.ring.epoch
        }()
        try FileManager.default.removeItem(atPath: DataFiles(folder: folder.path).ring)
        #expect(try open(folder).ring.epoch != epoch)
    }

    @Test func anotherRingSizeBeginsANewEpoch() throws {
        let folder = try TemporaryFolder()
        let epoch = try {
            let memory = try open(folder)
            try play(memory)
            return memory.ring.epoch
        }()
        let memory = try open(folder, ringSeconds: 120)
        #expect(memory.ring.epoch != epoch)
        #expect(memory.sequence == 0)
    }

    @Test func twoStationsCannotShareAFolder() throws {
        let folder = try TemporaryFolder()
        let memory = try open(folder)
        try play(memory)
        #expect(throws: RingError.self) { try open(folder) }
        withExtendedLifetime(memory) {}
    }

    /// Damage that shows while the station runs: the next decision stands in a new file, in the same epoch.
    @Test func aDamagedCatalogueIsRenewedUnderTheMusic() throws {
        let folder = try TemporaryFolder()
        let memory = try open(folder)
        try play(memory)
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: DataFiles(folder: folder.path).catalogue))
        for number in 0..<400 {
            try memory.catalogue.storeAnalysis(Data(repeating: 5, count: 30_000), forContent: "\(number)", version: 1)
        }
        try file.seek(toOffset: 4_096)
        try file.write(contentsOf: Data(repeating: 0xA5, count: 16_000_000))
        var met: CatalogueError?
        for number in 0..<400 where met == nil {
            do throws(CatalogueError) {
                _ = try memory.catalogue.analysis(forContent: "\(number)", version: 1)
            } catch { met = error }
        }
        #expect(met?.isDamage == true)
        let epoch = memory.ring.epoch.description
        #expect(try memory.catalogue.currentEpoch()?.epoch == epoch)
        try memory.catalogue.appendDecision(epoch: epoch, sequence: 5, effectivePosition: 1, json: Data("{}".utf8))
        #expect(try memory.catalogue.decisions(epoch: epoch).map(\.sequence) == [5])
    }
}
