import Foundation

/// What speaks for and against a list of beats: numbers about how drums, level and chords lie on it.
package struct BeatEvidence: Sendable {
    /// Low, middle, high and linear flux, each the largest of the frames around.
    private let bands: [[Float]]
    private let bandMeans: [Double]
    private let chords: ChordChanges
    private let basses: ChordChanges
    private let steps: [LevelSteps]

    package init(frames: OnsetFrames, chromagram: Chromagram) {
        bands = OnsetStrength.bands(frames).map { BeatEvidence.spread($0) }
        bandMeans = bands.map { band in
            band.isEmpty ? 1 : max(1e-3, band.reduce(0) { $0 + Double($1) } / Double(band.count))
        }
        chords = ChordChanges(chromagram.chroma)
        basses = ChordChanges(chromagram.bass)
        steps = [LevelSteps(frames.level), LevelSteps(frames.lowLevel)]
    }

    /// The largest of two frames on each side, and not more than three times the 98th percentile.
    private static func spread(_ band: [Float]) -> [Float] {
        band.indices.map { k in
            var top: Float = 0
            for j in max(0, k - 2)...min(band.count - 1, k + 2) { top = max(top, band[j]) }
            return min(3, top)
        }
    }

    /// **Units:** `beats` s, `tempo` beats a minute. **Shape:** `BeatLevelModel.featureCount`.
    package func features(beats: [Double], tempo: Double) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(BeatLevelModel.featureCount)
        for centre in [55.0, 65, 77, 92, 110, 130, 155, 185, 215] {
            let octaves = log2(tempo / centre) / 0.18
            result.append(exp(-0.5 * octaves * octaves))
        }
        let pattern = BeatPattern(beats: beats, bands: bands, bandMeans: bandMeans)
        result += pattern.features()
        result += chords.features(beats) + basses.features(beats)
        result += [chords.lead(beats), basses.lead(beats)]
        for step in steps { result += step.features(beats) }
        let steadiness = pattern.steadiness()
        result += [steadiness.turned, steadiness.alike]
        return result
    }

    /// How much more happens on the beats than anywhere: 1 where they mean nothing. The largest of four bands' ratios
    /// weighs half, their mean the other half.
    package func contrast(beats: [Double]) -> Double {
        let ratios = bands.indices.map { band -> Double in
            let values = BeatPattern.sample(bands[band], beats, 0)
            let mean = values.reduce(0) { $0 + Double($1) } / Double(max(1, values.count))
            return (mean + 0.02) / (bandMeans[band] + 0.02)
        }
        return 0.5 * (ratios.max() ?? 1) + 0.5 * ratios.reduce(0, +) / Double(ratios.count)
    }

    /// Share of the beats on which anything begins in any band.
    package func occupied(beats: [Double]) -> Double {
        let values = bands.map { BeatPattern.sample($0, beats, 0) }
        guard let count = values.first?.count, count > 0 else { return 0 }
        let taken = (0..<count).filter { at in values.contains { $0[at] >= BeatEvidence.onsetMin } }.count
        return Double(taken) / Double(count)
    }

    /// Against the track's 98th percentile.
    private static let onsetMin: Float = 0.25
}
