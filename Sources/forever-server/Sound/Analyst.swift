import ForeverCatalogue
import ForeverCore
import ForeverMix
import Foundation

/// Knows what tracks sound like: from the catalogue where it was found out before, else by analysing. **Thread:** any.
package struct Analyst: Sendable {
    package let opener: SoundOpener
    /// nil where nothing is to be kept.
    let catalogue: Catalogue?
    /// What was put right by hand; it stands apart from what is kept, so that analysing again does not touch it.
    package let corrections: Corrections

    package init(opener: SoundOpener, catalogue: Catalogue?) {
        self.opener = opener
        self.catalogue = catalogue
        corrections = Corrections(catalogue: catalogue)
    }

    /// For a command that works offline: what is said beside the tracks holds too, and is not kept.
    init(opener: SoundOpener, catalogue: Catalogue?, sidecars: [String: Correction]) {
        self.opener = opener
        self.catalogue = catalogue
        corrections = Corrections(catalogue: catalogue, sidecars: sidecars)
    }

    /// The analysis that is kept, put right, or nil.
    package func stored(contentKey: String) -> TrackAnalysis? {
        if let atHand = opener.cloud?.analysis(contentKey: contentKey) { return putRight(atHand, contentKey) }
        guard let catalogue,
            let data = try? catalogue.analysis(forContent: contentKey, version: TrackAnalysis.currentVersion)
        else { return nil }
        return (try? JSONDecoder().decode(TrackAnalysis.self, from: data)).map { putRight($0, contentKey) }
    }

    private func putRight(_ analysis: TrackAnalysis, _ contentKey: String) -> TrackAnalysis {
        corrections[contentKey].map { analysis.corrected(by: $0) } ?? analysis
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
        return putRight(made, contentKey)
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
