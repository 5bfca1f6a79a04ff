import ForeverCatalogue
import ForeverCore
import ForeverMix
import ForeverRelay
import ForeverTLS
import Foundation

/// What a station brings from before: its epoch, its ring and its journal; or new ones.
package struct StationMemory {
    package let catalogue: Catalogue
    package let ring: StreamRing
    package let seed: UInt64
    /// The last decision and all that it stands on; nil in a new epoch.
    package let journal: JournalRecord?
    /// Number of the next decision.
    package let sequence: Int64
    package let history: [PlayedTrack]
    /// The epoch as the catalogue keeps it.
    package let epochRecord: EpochRecord

    /// What is kept with an epoch.
    private struct EpochSettings: Codable {
        var seed: UInt64
    }

    /// Goes on with the epoch in `files` when its ring and its journal are whole and the format is the same.
    ///
    /// **Errors:** a folder or file that cannot be written; another station that runs in the folder.
    package init(
        files: DataFiles, format: StreamFormat, ringSeconds: Double, seed: UInt64?, wallMilliseconds: Int64,
        retention: CatalogueRetention = CatalogueRetention(), say: @escaping @Sendable (String) -> Void
    ) throws {
        catalogue = try Catalogue(path: files.catalogue, retention: retention)
        if let recovery = catalogue.recovery { say("\(recovery)") }
        history = try catalogue.recentHistory(count: StationMixer.historyMax).map {
            PlayedTrack(trackID: $0.trackID, artist: $0.artist)
        }
        let capacity = Int(format.bytes(seconds: ringSeconds)) + Int(StreamRing.guardBytes)
        if let past = try StationMemory.past(catalogue, files: files, format: format) {
            let ring = try StreamRing(path: files.ring, epoch: past.epoch, format: format, capacityBytes: capacity)
            if ring.isRestored {
                self.ring = ring
                journal = past.journal
                sequence = past.sequence
                self.seed = seed ?? past.seed
                epochRecord = past.record
                beginAgainAfterDamage(say)
                return
            }
            say("the ring's size has changed: a new epoch begins")
        }
        var random = SecureRandom()
        let epoch = Epoch(using: &random)
        // Small enough to be written down in JSON and typed again.
        self.seed = seed ?? random.next() >> 32
        epochRecord = EpochRecord(
            epoch: epoch.description, bitrateKbps: format.bitrateKbps, createdAtMilliseconds: wallMilliseconds,
            settings: try JSONEncoder().encode(EpochSettings(seed: self.seed)))
        try catalogue.beginEpoch(epochRecord)
        ring = try StreamRing(path: files.ring, epoch: epoch, format: format, capacityBytes: capacity)
        journal = nil
        sequence = 0
        beginAgainAfterDamage(say)
    }

    /// A catalogue that is renewed while the station runs gets its epoch back: the next decision stands in it, and a
    /// restart goes on from there. The stream never stops for it.
    private func beginAgainAfterDamage(_ say: @escaping @Sendable (String) -> Void) {
        catalogue.onRenewal { [weak catalogue, epochRecord] recovery in
            say("\(recovery)")
            do {
                try catalogue?.beginEpoch(epochRecord)
            } catch {
                say("the new catalogue cannot be written: \(error)")
            }
        }
    }

    private struct Past {
        var record: EpochRecord
        var epoch: Epoch
        var seed: UInt64
        var journal: JournalRecord
        var sequence: Int64
    }

    private static func past(_ catalogue: Catalogue, files: DataFiles, format: StreamFormat) throws -> Past? {
        guard let record = try catalogue.currentEpoch(), let epoch = Epoch(record.epoch),
            record.bitrateKbps == format.bitrateKbps, let found = StreamRing.describe(path: files.ring),
            found.epoch == epoch, found.format == format,
            let last = try catalogue.lastDecisions(epoch: record.epoch, count: 1).last,
            let journal = try? JSONDecoder().decode(JournalRecord.self, from: last.json)
        else { return nil }
        let settings = try? JSONDecoder().decode(EpochSettings.self, from: record.settings)
        return Past(
            record: record, epoch: epoch, seed: settings?.seed ?? 0, journal: journal, sequence: last.sequence + 1)
    }
}
