import ForeverCatalogue
import ForeverCore
import ForeverMix
import Foundation

/// Knows what tracks sound like: from the catalogue where it was found out before, else by analysing. **Thread:** any.
struct Analyst: Sendable {
    let opener: SoundOpener
    /// nil where nothing is to be kept.
    let catalogue: Catalogue?

    /// The analysis that is kept, or nil.
    func stored(contentKey: String) -> TrackAnalysis? {
        guard let catalogue,
            let data = try? catalogue.analysis(forContent: contentKey, version: TrackAnalysis.currentVersion)
        else { return nil }
        return try? JSONDecoder().decode(TrackAnalysis.self, from: data)
    }

    /// The analysis, made now where none is kept, and kept then.
    ///
    /// **Errors:** why the sound cannot be read; `CancellationError`.
    func analysis(
        of track: Track, contentKey: String, progress: ((Double) -> Void)? = nil, isCancelled: (() -> Bool)? = nil
    ) throws -> TrackAnalysis {
        if let kept = stored(contentKey: contentKey) { return kept }
        let made = try TrackAnalyzer().analyze(
            try opener.open(track), progress: progress, isCancelled: isCancelled)
        try catalogue?.storeAnalysis(
            try JSONEncoder().encode(made), forContent: contentKey, version: made.analysisVersion)
        return made
    }

    /// What is known of a track, or else a quick look that is enough to decide on it: its level, and where its sound
    /// begins and ends.
    ///
    /// The sound is opened in either case: a file that has vanished is noticed before the track is promised.
    func quickLook(at track: Track, contentKey: String) throws -> TrackAnalysis {
        let source = try opener.open(track)
        return try stored(contentKey: contentKey) ?? LoudnessProbe().probe(source)
    }
}
