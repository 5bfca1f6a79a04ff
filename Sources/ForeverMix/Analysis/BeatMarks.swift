import Foundation

/// Moves beats onto the attacks near them, known to half a millisecond.
package enum BeatMarks {
    /// How much stronger than one before it an attack must be to be taken.
    private static let laterAdvantage: Float = 1.25

    /// **Shape:** one mark a beat, ascending; where no attack is near, the beat itself with weight 0.
    /// **Units:** `beats` and `reachSeconds` s; an attack counts less the farther it is.
    package static func refine(_ beats: [Double], frames: OnsetFrames, reachSeconds: Double) -> [BeatGrid.Mark] {
        let scale = max(OnsetStrength.percentile(frames.attack, 0.97), 1e-9)
        let reachHops = Int((reachSeconds * AnalysisLimits.hopsPerSecond).rounded(.up))
        return beats.map { beat in
            var best: (score: Float, seconds: Double, strength: Float) = (0, beat, 0)
            let centre = Int(beat * AnalysisLimits.hopsPerSecond)
            let first = max(0, centre - reachHops)
            let last = min(frames.count - 1, centre + reachHops)
            guard first <= last else { return BeatGrid.Mark(seconds: beat, weight: 0) }
            for hop in first...last {
                let seconds = Double(hop) / 100 + Double(frames.attackOffset[hop]) * OnsetFrames.attackStepSeconds
                let distance = (seconds - beat) / (0.75 * reachSeconds)
                let score = frames.attack[hop] * Float(exp(-distance * distance))
                // A later attack must be clearly the stronger one: what is heard is where the sound begins.
                if score > best.score * (best.score > 0 ? laterAdvantage : 1) {
                    best = (score, seconds, frames.attack[hop])
                }
            }
            return BeatGrid.Mark(seconds: best.seconds, weight: Double(min(1, best.strength / scale)))
        }
    }
}
