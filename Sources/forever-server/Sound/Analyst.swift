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

    /// The analysis of a track that is kept, put right by hand, with what its tags mark; or nil.
    package func stored(of track: Track, contentKey: String) -> TrackAnalysis? {
        kept(contentKey: contentKey)?.hinted(by: track.hints)
    }

    /// The analysis that is kept, put right, or nil.
    package func kept(contentKey: String) -> TrackAnalysis? {
        if let atHand = opener.cloud?.analysis(contentKey: contentKey) { return putRight(atHand, contentKey) }
        guard let catalogue,
            let data = try? catalogue.analysis(forContent: contentKey, version: TrackAnalysis.currentVersion)
        else { return nil }
        return (try? JSONDecoder().decode(TrackAnalysis.self, from: data)).map { putRight($0, contentKey) }
    }

    /// What is kept of the track's sound in short, made of its analysis where there is only that, or nil.
    package func summary(contentKey: String) -> SoundSummary? {
        // What a hand put right is in no summary that is kept.
        let isPutRight = corrections[contentKey].map { !$0.isEmpty } ?? false
        let version = TrackAnalysis.currentVersion
        if !isPutRight, let data = try? catalogue?.summary(forContent: contentKey, version: version),
            let kept = try? JSONDecoder().decode(SoundSummary.self, from: data), kept.isCurrent
        {
            return kept
        }
        guard let made = kept(contentKey: contentKey).map(SoundSummary.init) else { return nil }
        if !isPutRight, opener.cloud?.analysis(contentKey: contentKey) == nil { keep(made, contentKey) }
        return made
    }

    private func keep(_ summary: SoundSummary, _ contentKey: String) {
        guard let data = try? JSONEncoder().encode(summary) else { return }
        try? catalogue?.storeSummary(data, forContent: contentKey, version: TrackAnalysis.currentVersion)
    }

    /// The content whose sound this one was found to be.
    func sameSound(asContent key: String) -> String? {
        (try? catalogue?.sameSound(asContent: key, version: TrackAnalysis.currentVersion)) ?? nil
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
        if let kept = stored(of: track, contentKey: contentKey) { return kept }
        let made = try TrackAnalyzer().analyze(
            try opener.open(track), progress: progress, isCancelled: isCancelled)
        try catalogue?.storeAnalysis(
            try JSONEncoder().encode(made), forContent: contentKey, version: made.analysisVersion)
        keep(SoundSummary(made), contentKey)
        return putRight(made, contentKey).hinted(by: track.hints)
    }

    /// What is known of a track, or else a quick look that is enough to decide on it: its level, and where its sound
    /// begins and ends.
    ///
    /// The sound is opened in either case: a file that has vanished is noticed before the track is promised.
    func quickLook(at track: Track, contentKey: String) throws -> TrackAnalysis {
        let source = try opener.open(track)
        return try stored(of: track, contentKey: contentKey) ?? LoudnessProbe().probe(source)
    }
}
