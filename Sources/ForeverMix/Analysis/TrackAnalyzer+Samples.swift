extension TrackAnalyzer {
    /// Analyses samples that are in memory.
    ///
    /// **Shape:** the whole track, at `AudioFormat.sampleRate`; a mono track is the same samples in both channels.
    /// A sample that is no number counts as silence. The result's `analysisVersion` says which analysis made it.
    /// **Errors:** `CancellationError` when `isCancelled` says so.
    public func analyze(
        _ samples: StereoBuffer, progress: ((Double) -> Void)? = nil, isCancelled: (() -> Bool)? = nil
    ) throws -> TrackAnalysis {
        try analyze(HeldSamples(samples), progress: progress, isCancelled: isCancelled)
    }

    /// Samples in memory as a source.
    private final class HeldSamples: SampleSource {
        private let samples: StereoBuffer
        var frameCount: Int64 { Int64(samples.frameCount) }

        init(_ samples: StereoBuffer) { self.samples = samples }

        func read(from start: Int64, count: Int, into buffer: inout StereoBuffer, at offset: Int) {
            for k in 0..<count {
                let frame = Int(start) + k
                let isInside = frame >= 0 && frame < samples.frameCount
                buffer.left[offset + k] = isInside ? samples.left[frame] : 0
                buffer.right[offset + k] = isInside ? samples.right[frame] : 0
            }
        }
    }
}
