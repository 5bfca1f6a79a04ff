import ForeverCatalogue
import ForeverCore
import ForeverMix
import Foundation

/// Finds out which newly analysed tracks sound as another does, whatever their tags say. **Thread:** the analysis's.
package struct SoundTwins: Sendable {
    let crate: Crate
    let catalogue: Catalogue

    package init(crate: Crate, catalogue: Catalogue) {
        self.crate = crate
        self.catalogue = catalogue
    }

    /// Lengths of one recording on two records. **Units:** s.
    static let secondsApartMax = 20.0
    /// Tempi of one recording, both found with an error of their own; as a ratio.
    static let tempoRatioMax = 1.01
    /// Tracks compared with at most: a second of work.
    static let comparisonsMax = 2_000
    /// Different words of a fingerprint that tells anything: a pulse on one note has a handful, and is like any other.
    static let wordsMin = 48
    /// The same as a share of its words.
    static let wordShareMin = 0.25

    /// Keeps the track's fingerprint and what it is the same as, and gives the track with that.
    ///
    /// Only files are kept: of what comes from a service nothing may stay.
    package func settle(_ entry: CrateTrack, _ analysis: TrackAnalysis) -> CrateTrack {
        guard case .file = entry.track.origin else { return entry }
        guard SoundTwins.tellsAnything(analysis.fingerprint) else { return entry }
        var entry = entry
        entry.sameSoundAs = original(of: entry, analysis)
        try? catalogue.storeFingerprint(
            Data(analysis.fingerprint.packed.bytes), forContent: entry.contentKey,
            version: analysis.analysisVersion, sameAs: entry.sameSoundAs)
        return entry
    }

    /// Whether both are one recording; for sounds of which nothing may be kept.
    static func areTheSame(_ one: TrackAnalysis, _ other: TrackAnalysis) -> Bool {
        func tempo(_ analysis: TrackAnalysis) -> Double? { analysis.trusted.beats ? analysis.tempo : nil }
        return abs(one.duration - other.duration) <= secondsApartMax && areNear(tempo(one), tempo(other))
            && tellsAnything(one.fingerprint)
            && one.fingerprint.similarity(to: other.fingerprint) >= AcousticFingerprint.sameFrom
    }

    private static func tellsAnything(_ fingerprint: AcousticFingerprint) -> Bool {
        let words = fingerprint.words
        let distinct = Set(words).count
        return distinct >= wordsMin && Double(distinct) >= wordShareMin * Double(words.count)
    }

    private func original(of entry: CrateTrack, _ analysis: TrackAnalysis) -> String? {
        let alike = crate.analysed { facts in
            guard let seconds = facts.duration else { return false }
            return abs(seconds - analysis.duration) <= SoundTwins.secondsApartMax
                && SoundTwins.areNear(facts.tempo, analysis.trusted.beats ? analysis.tempo : nil)
        }
        for other in alike.prefix(SoundTwins.comparisonsMax) where other.contentKey != entry.contentKey {
            // One that is itself the same as another leads to that one; nothing is the same as this one yet.
            guard other.sameSoundAs == nil,
                let words = try? catalogue.fingerprint(
                    forContent: other.contentKey, version: analysis.analysisVersion)
            else { continue }
            let likeness = analysis.fingerprint.similarity(
                to: AcousticFingerprint(packed: PackedBytes([UInt8](words))))
            if likeness >= AcousticFingerprint.sameFrom { return other.track.id }
        }
        return nil
    }

    /// What one of the two has no tempo of may be the same all the same.
    private static func areNear(_ one: Double?, _ other: Double?) -> Bool {
        guard let one, let other, one > 0, other > 0 else { return true }
        return max(one, other) / min(one, other) <= tempoRatioMax
    }
}
