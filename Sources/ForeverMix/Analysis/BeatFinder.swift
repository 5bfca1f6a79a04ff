import Foundation

/// From onset frames to the beats of a track: pulses, level and phase, grid, confidence.
package struct BeatFinder: Sendable {
    /// Slowest and fastest tempo that is reported. **Units:** beats a minute.
    package var tempi: ClosedRange<Double>

    package init(tempi: ClosedRange<Double>) { self.tempi = tempi }

    package struct Found: Sendable {
        package var grid: BeatGrid
        /// **Units:** s.
        package var beats: [Double]
        package var tempo: Double
        package var confidence: Double
        /// How much more happens on the beats than elsewhere.
        package var contrast: Double
        package var hypotheses: [BeatLevel.Hypothesis]
        /// The grids before level and phase were decided.
        package var pulses: [BeatGrid]
    }

    /// nil where the sound is too short or nothing in it repeats.
    package func find(
        _ frames: OnsetFrames, _ chromagram: Chromagram, edges: (start: Double, end: Double)
    ) -> Found? {
        guard edges.end - edges.start >= AnalysisLimits.beatSecondsMin else { return nil }
        // Two ears: one hears everything, one the loud drums alone and is not led astray by off-beat hats.
        let pulses = [OnsetStrength.Weights.all, .drums].flatMap { weights in
            trace(frames, OnsetStrength.combined(frames, weights), edges)
        }
        let from = edges.start - 0.03
        let evidence = BeatEvidence(frames: frames, chromagram: chromagram)
        let hypotheses = BeatLevel().hypotheses(
            pulses, evidence: evidence, from: from, until: edges.end, tempi: tempi)
        guard let best = hypotheses.first else { return nil }
        let pulse = pulses[best.pulse]
        // Fit once more to the attacks of the chosen beats alone.
        let chosen = pulse.times(step: best.step, phase: best.phase, from: from, until: edges.end)
        let fine = BeatMarks.refine(chosen, frames: frames, reachSeconds: 0.025)
        guard let grid = pulse.isConstant ? BeatGrid.fit(fine, parts: [1]) : BeatGrid.map(fine) else { return nil }
        let beats = grid.times(step: 1, phase: 0, from: from, until: edges.end)
        let contrast = evidence.contrast(beats: beats)
        return Found(
            grid: grid, beats: beats, tempo: 60 / grid.period,
            confidence: BeatFinder.confidence(
                grid: grid, contrast: contrast, occupied: evidence.occupied(beats: beats), level: best.probability),
            contrast: contrast, hypotheses: hypotheses, pulses: pulses)
    }

    /// Tracks a pulse and fits a grid to it. Where that is no line, tracks halves of the beat as well, with a tempo that
    /// stays near what was found: where drums are missing, or louder off the beat, beats may be pulled over by a half,
    /// and halves stay what they are.
    private func trace(_ frames: OnsetFrames, _ strength: [Float], _ edges: (start: Double, end: Double)) -> [BeatGrid]
    {
        func tracked(_ tracker: BeatTracker, _ strength: [Float], rate: Double) -> [Double] {
            tracker.track(strength).beats.map { Double($0) / rate }
                .filter { $0 >= edges.start - 0.05 && $0 <= edges.end }
        }
        func marks(_ beats: [Double]) -> [BeatGrid.Mark] {
            BeatMarks.refine(beats, frames: frames, reachSeconds: 0.04)
        }
        let rate = AnalysisLimits.hopsPerSecond
        let beats = tracked(BeatTracker(fastest: tempi.upperBound, slowest: tempi.lowerBound), strength, rate: rate)
        guard let free = BeatGrid.fit(marks(beats), parts: [2, 3]) else { return [] }
        if free.isConstant { return [free] }
        let intervals = zip(beats.dropFirst(), beats).map { $0 - $1 }.sorted()
        let edge = intervals.count / 6
        let near = BeatTracker(
            fastest: min(tempi.upperBound, 60 / (BeatFinder.nearness * intervals[edge])),
            slowest: max(tempi.lowerBound, BeatFinder.nearness * 60 / intervals[intervals.count - 1 - edge]))
        // Heard at half the speed, a half of a beat is as long as a beat.
        let halves = tracked(near, BeatFinder.slowed(strength), rate: 2 * rate)
        guard let fixed = BeatGrid.fit(marks(halves), parts: [1]) else { return [free] }
        return fixed.isConstant ? [fixed] : [fixed, free]
    }

    /// How far beyond the middle two thirds of its intervals a pulse may go when its halves are tracked.
    private static let nearness = 0.98

    private static func slowed(_ strength: [Float]) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(2 * strength.count)
        for at in strength.indices {
            result.append(strength[at])
            result.append((strength[at] + strength[min(at + 1, strength.count - 1)]) / 2)
        }
        return result
    }

    /// The share of belief that level and phase have, which is calibrated, less where attacks do not lie on the grid,
    /// where no more happens on the beats than beside them, or seldom anything.
    static func confidence(grid: BeatGrid, contrast: Double, occupied: Double, level: Double) -> Double {
        func rise(_ value: Double, from: Double, to: Double) -> Double {
            max(0, min(1, (value - from) / (to - from)))
        }
        let fit = rise(0.02 - grid.residualSeconds, from: 0, to: 0.01) * rise(grid.inlierShare, from: 0.5, to: 0.8)
        // One attack and nothing else lies on any grid, and stands out of the silence beside it.
        return level * fit * rise(contrast, from: 1.15, to: 1.65) * min(1, occupied / 0.2)
    }
}
