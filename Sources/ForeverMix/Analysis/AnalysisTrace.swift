/// What the stages saw on the way to an analysis, for plots.
public struct AnalysisTrace: Sendable {
    /// What the beat tracker listens to, about 0 ... 1: `valuesPerSecond` values a second, each the strongest of its time.
    public var onsetStrength: [Float]
    /// A hundred for tracks of less than ten minutes; fewer for longer ones, which the beat tracker hears in stretches.
    public let valuesPerSecond: Double
    /// Computed when it is asked for, of a long track on the way.
    public var tempogram: Tempogram { kept ?? Tempogram(strength: onsetStrength) }
    private let kept: Tempogram?

    package init(onsetStrength: [Float] = []) {
        self.onsetStrength = onsetStrength
        valuesPerSecond = AnalysisLimits.hopsPerSecond
        kept = nil
    }

    init(onsetStrength: [Float], valuesPerSecond: Double, tempogram: Tempogram) {
        self.onsetStrength = onsetStrength
        self.valuesPerSecond = valuesPerSecond
        kept = tempogram
    }
}
