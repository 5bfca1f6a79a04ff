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
        /// "soundcloud", or nil for what is played from here.
        var source: String?
    }

    /// Goes on with the epoch in `files` when its ring and its journal are whole and the format is the same.
    ///
    /// **Errors:** a folder or file that cannot be written; another station that runs in the folder.
    package init(
        files: DataFiles, format: StreamFormat, ringSeconds: Double, seed: UInt64?, wallMilliseconds: Int64,
        retention: CatalogueRetention = CatalogueRetention(), cloud: CloudSettings? = nil,
        say: @escaping @Sendable (String) -> Void
    ) throws {
        catalogue = try Catalogue(path: files.catalogue, retention: retention)
        if let recovery = catalogue.recovery { say("\(recovery)") }
        let source = cloud == nil ? nil : "soundcloud"
        if cloud == nil {
            TokenFile.remove(path: files.cloudToken)
            if let epoch = try catalogue.currentEpoch(), StationMemory.isFromCloud(epoch) {
                say("SoundCloud is off: a new epoch begins, and what was kept of its tracks is removed")
            }
        }
        try StationMemory.forgetCloud(catalogue, cloud: cloud)
        history = try catalogue.recentHistory(count: StationMixer.historyMax).map {
            PlayedTrack(trackID: $0.trackID, artist: $0.artist)
        }
        let capacity = Int(format.bytes(seconds: ringSeconds)) + Int(StreamRing.guardBytes)
        if let past = try StationMemory.past(catalogue, files: files, format: format, source: source) {
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
            settings: try JSONEncoder().encode(EpochSettings(seed: self.seed, source: source)))
        try catalogue.beginEpoch(epochRecord)
        // What the epoch before has left of SoundCloud was for going on from there.
        try StationMemory.forgetCloud(catalogue, cloud: cloud)
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

    /// SoundCloud's content ends with its use: what an earlier life has left is removed, all of it where the source is
    /// off now. The last decision of the current epoch stays while it is on: a restart goes on from there. A backup that
    /// is put back may bring some of it again.
    package static func forgetCloud(_ catalogue: Catalogue, cloud: CloudSettings?) throws {
        let current = try catalogue.currentEpoch()?.epoch
        for epoch in try catalogue.epochs() where isFromCloud(epoch) {
            if cloud != nil, epoch.epoch == current { continue }
            try catalogue.forgetDecisions(epoch: epoch.epoch, before: .max)
        }
        if cloud?.keepsData != true {
            try catalogue.forgetAnalyses(ofContentsFrom: CloudShelf.contentPrefix)
            try catalogue.forgetHistory(source: "soundcloud", keepsPlays: cloud != nil)
        }
    }

    /// Whether the epoch's tracks come from SoundCloud: it cannot be played again.
    static func isFromCloud(_ record: EpochRecord) -> Bool {
        (try? JSONDecoder().decode(EpochSettings.self, from: record.settings))?.source != nil
    }

    private struct Past {
        var record: EpochRecord
        var epoch: Epoch
        var seed: UInt64
        var journal: JournalRecord
        var sequence: Int64
    }

    private static func past(
        _ catalogue: Catalogue, files: DataFiles, format: StreamFormat, source: String?
    ) throws -> Past? {
        guard let record = try catalogue.currentEpoch(), let epoch = Epoch(record.epoch),
            record.bitrateKbps == format.bitrateKbps, let found = StreamRing.describe(path: files.ring),
            found.epoch == epoch, found.format == format,
            let last = try catalogue.lastDecisions(epoch: record.epoch, count: 1).last,
            let journal = try? JSONDecoder().decode(JournalRecord.self, from: last.json)
        else { return nil }
        let settings = try? JSONDecoder().decode(EpochSettings.self, from: record.settings)
        // A station is either SoundCloud or local: one does not go on where the other stopped.
        guard settings?.source == source else { return nil }
        return Past(
            record: record, epoch: epoch, seed: settings?.seed ?? 0, journal: journal, sequence: last.sequence + 1)
    }
}
