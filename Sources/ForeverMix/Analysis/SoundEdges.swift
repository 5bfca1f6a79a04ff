import Foundation

/// Where the sound of a track begins and ends.
package enum SoundEdges {
    /// First and last time at which the level of 10 ms reaches a threshold that follows the track's loudness: a quiet
    /// piano's first note counts, the hiss before a loud one does not. **Units:** s. (0, 0) where nothing sounds.
    package static func find(hopEnergies: [Float], loudness: Double, duration: Double) -> (start: Double, end: Double) {
        let threshold = Float(pow(10, max(-70, min(-50, loudness - 40)) / 10))
        guard let first = hopEnergies.firstIndex(where: { $0 > threshold }),
            let last = hopEnergies.lastIndex(where: { $0 > threshold })
        else { return (0, 0) }
        return (
            Double(first) / AnalysisLimits.hopsPerSecond, min(duration, Double(last + 1) / AnalysisLimits.hopsPerSecond)
        )
    }
}
