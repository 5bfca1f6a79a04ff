/// What the stages saw on the way to an analysis, for plots.
public struct AnalysisTrace: Sendable {
    /// What the beat tracker listens to, a hundred values a second, about 0 ... 1. Empty for tracks of ten minutes and
    /// more, which are analysed in stretches.
    public var onsetStrength: [Float]
    /// Computed when it is asked for.
    public var tempogram: Tempogram { Tempogram(strength: onsetStrength) }

    package init(onsetStrength: [Float] = []) { self.onsetStrength = onsetStrength }
}
