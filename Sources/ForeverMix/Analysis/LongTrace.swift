/// The trace of a track that is analysed in stretches, gathered in memory that does not grow with the track.
struct LongTrace {
    /// The last time is not over yet.
    private var peaks: [Float] = []
    private let hopsPerPeak: Int
    private var hops = 0
    private let columnSeconds: Double
    private var seconds: [Double] = []
    private var values: [Float] = []

    /// Values of onset strength that are kept: more than a drawing has columns.
    private static let peaksMax = 6_000

    init(seconds: Double) {
        hopsPerPeak = max(1, Int((seconds * AnalysisLimits.hopsPerSecond / Double(LongTrace.peaksMax)).rounded(.up)))
        columnSeconds = max(1, seconds / Double(Tempogram.columnsMax))
    }

    /// Adds the onset strength of the stretch that comes next and has so many seconds of sound of its own.
    mutating func add(_ strength: [Float], seconds length: Double) {
        let start = Double(hops) / AnalysisLimits.hopsPerSecond
        let window = Tempogram.windowHops
        while let room = strength.count >= window ? strength.count - window : nil {
            let centre = columnSeconds * (Double(seconds.count) + 0.5)
            guard centre < start + length else { break }
            // A window that would lie over a seam is moved to one side of it.
            let first = Int((centre - start) * AnalysisLimits.hopsPerSecond) - window / 2
            let place = max(0, min(room, first))
            values += Tempogram.column(strength[place..<(place + window)])
            seconds.append(centre)
        }
        for value in strength.prefix(Int((length * AnalysisLimits.hopsPerSecond).rounded())) {
            if hops % hopsPerPeak == 0 {
                peaks.append(value)
            } else {
                peaks[peaks.count - 1] = max(peaks[peaks.count - 1], value)
            }
            hops += 1
        }
    }

    var trace: AnalysisTrace {
        AnalysisTrace(
            onsetStrength: peaks, valuesPerSecond: AnalysisLimits.hopsPerSecond / Double(hopsPerPeak),
            tempogram: Tempogram(seconds: seconds, values: values))
    }
}
