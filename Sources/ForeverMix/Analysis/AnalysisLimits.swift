/// The fixed sizes and bounds of the analysis.
package enum AnalysisLimits {
    /// Frames read from the source at a time: 0.2 s.
    package static let blockFrames = 9_600
    /// Samples in one frame of the onset spectrum: 43 ms.
    package static let onsetWindowFrames = 2_048
    /// Samples between two onset frames: 10 ms.
    package static let hopFrames = 480
    /// Onset frames a second.
    package static let hopsPerSecond = 100.0
    /// Onset frames that one run of the beat tracker looks at; longer tracks are tracked piece by piece. One hour.
    package static let trackerFramesMax = 360_000
    /// Chroma frames a second.
    package static let chromaFramesPerSecond = 10
    /// Shortest sound in which beats are looked for.
    package static let beatSecondsMin = 8.0
    /// Shortest sound in which a key is looked for.
    package static let keySecondsMin = 5.0
    /// Slowest and fastest beat that is reported.
    package static let tempoMin = 52.0
    package static let tempoMax = 210.0
    /// Attacks kept as anchors for stretching, a second on average.
    package static let onsetsPerSecondMax = 16.0
}
