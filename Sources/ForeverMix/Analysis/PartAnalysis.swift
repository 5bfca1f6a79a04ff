/// The analysis of a track or of a stretch of it, and what its structure is made from.
struct PartAnalysis {
    var analysis: TrackAnalysis
    /// Bars, or stretches of time where there are no bars to speak of.
    var bars: [BarFeatures]
    var hasBars: Bool
    var tuning: TuningEstimator
    /// What the beat tracker listened to.
    var strength: [Float] = []

    /// Phrases are trusted from this confidence on, where bars are.
    private static let trustedPhrases = 0.7

    /// Finds the structure of all bars.
    mutating func addStructure() {
        let edges = (start: analysis.soundStart, end: analysis.soundEnd)
        let found = StructureEstimator().structure(bars, edges: edges, hasBars: hasBars)
        analysis.structure = found.structure
        analysis.confidence.phrases = min(analysis.confidence.downbeats, found.confidence)
        analysis.trusted.phrases =
            analysis.trusted.downbeats && found.confidence >= PartAnalysis.trustedPhrases
    }
}
