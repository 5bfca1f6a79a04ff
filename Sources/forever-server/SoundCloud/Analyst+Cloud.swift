import ForeverCatalogue
import ForeverCodec
import ForeverMix
import Foundation

extension Analyst {
    /// The analysis of sound that is in memory; kept only where the operator wants that.
    ///
    /// **Errors:** why nobody can play it; `CancellationError`.
    func analysis(
        ofBytes bytes: [UInt8], named name: String, contentKey: String, keeps: Bool, isCancelled: () -> Bool
    ) throws -> TrackAnalysis {
        if keeps, let kept = kept(contentKey: contentKey) { return kept }
        let source = try AudioFile(bytes: bytes, name: name)
        let made = try withoutActuallyEscaping(isCancelled) { isCancelled in
            try TrackAnalyzer().analyze(source, progress: nil, isCancelled: isCancelled)
        }
        if keeps {
            try? catalogue?.storeAnalysis(
                try JSONEncoder().encode(made), forContent: contentKey, version: made.analysisVersion)
        }
        return made
    }
}
