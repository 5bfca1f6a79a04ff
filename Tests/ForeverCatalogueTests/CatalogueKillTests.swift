import Foundation
import Synchronization
import Testing

import ForeverCatalogue

/// Writes decisions until it is killed in the middle of it, and acknowledges each that was said to be durable.
///
/// An acknowledgement is 8 bytes written at the end of a file: what a process has written with `write` outlives it.
enum DecisionWriter {
    static let epoch = "feedc0ffee000001"

    /// What decision `sequence` says: of a length that depends on it, from bytes to several pages.
    static func json(_ sequence: Int64) -> Data {
        let filler = String(repeating: "x", count: Int(sequence * 997 % 9_000))
        return Data("{\"sequence\":\(sequence),\"filler\":\"\(filler)\"}".utf8)
    }

    /// Decisions that this process has acknowledged.
    private static let acknowledgedCount = Atomic(0)

    /// Never returns: a second thread kills the process with SIGKILL `killMicroseconds` after its `killCount`th
    /// acknowledgement; after none, from the start.
    static func writeUntilKilled(_ folder: String, killCount: Int, killMicroseconds: UInt32) throws -> Never {
        Thread.detachNewThread {
            while acknowledgedCount.load(ordering: .acquiring) < killCount { usleep(20) }
            usleep(killMicroseconds)
            kill(getpid(), SIGKILL)
        }
        let catalogue = try Catalogue(path: folder + "/data/catalogue.sqlite")
        if try catalogue.currentEpoch() == nil {
            try catalogue.beginEpoch(
                EpochRecord(epoch: epoch, bitrateKbps: 128, createdAtMilliseconds: 0, settings: Data()))
        }
        let acknowledgements = open(folder + "/acknowledged", O_CREAT | O_WRONLY | O_APPEND, 0o600)
        var sequence = try catalogue.lastDecisions(epoch: epoch, count: 1).last.map { $0.sequence + 1 } ?? 0
        while true {
            try catalogue.appendDecision(
                epoch: epoch, sequence: sequence, effectivePosition: sequence * 384, json: json(sequence))
            withUnsafeBytes(of: sequence) { _ = write(acknowledgements, $0.baseAddress, $0.count) }
            acknowledgedCount.add(1, ordering: .releasing)
            // Other writes between, as in the station.
            try catalogue.storeAnalysis(Data(repeating: 1, count: 20_000), forContent: "\(sequence % 7)", version: 1)
            sequence += 1
        }
    }
}

@Suite(.serialized) struct CatalogueKillTests {
    @Test func noAcknowledgedDecisionIsLostAtAHundredKills() async throws {
        let place = TemporaryCatalogue()
        try FileManager.default.createDirectory(atPath: place.folder, withIntermediateDirectories: true)
        var generator = SystemRandomNumberGenerator()
        var acknowledgedBefore = 0
        for round in 0..<100 {
            if round % 20 == 0 {
                // A new file now and then, so that kills also hit its making.
                try? FileManager.default.removeItem(atPath: place.folder + "/data")
                try? FileManager.default.removeItem(atPath: place.folder + "/acknowledged")
                acknowledgedBefore = 0
            }
            let folder = place.folder
            // Most kills fall among the writes, some into the opening or making of the file.
            let count = round % 4 == 0 ? 0 : Int.random(in: 1...6, using: &generator)
            let moment = UInt32.random(in: 0...(count == 0 ? 10_000 : 2_000), using: &generator)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [folder = folder as String, count = count as Int, moment = moment as UInt32] in
                try DecisionWriter.writeUntilKilled(folder, killCount: count, killMicroseconds: moment)
            }
            let catalogue = try Catalogue(path: place.path)
            #expect(catalogue.recovery == nil, "killed after \(moment) us")
            let acknowledged = acknowledgements(place.folder)
            #expect(acknowledged.count >= acknowledgedBefore)
            acknowledgedBefore = acknowledged.count
            let written = try catalogue.decisions(epoch: DecisionWriter.epoch)
            // Every acknowledged one is there; at most one more a round was written and its word not given.
            #expect(written.map(\.sequence) == Array(0..<Int64(written.count)))
            #expect(Set(acknowledged).isSubset(of: Set(written.map(\.sequence))), "killed after \(moment) us")
            #expect(written.count - Set(acknowledged).count <= round % 20 + 1)
            for decision in written.suffix(50) {
                #expect(decision.json == DecisionWriter.json(decision.sequence))
                #expect(decision.effectivePosition == decision.sequence * 384)
            }
        }
        #expect(acknowledgedBefore > 0)
    }

    private func acknowledgements(_ folder: String) -> [Int64] {
        let bytes = (try? Data(contentsOf: URL(fileURLWithPath: folder + "/acknowledged"))) ?? Data()
        return bytes.withUnsafeBytes { raw in
            (0..<raw.count / 8).map { raw.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self) }
        }
    }
}
