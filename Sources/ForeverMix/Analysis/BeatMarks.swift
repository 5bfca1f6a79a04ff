import Foundation

/// Moves tracked beats, known to a hop, onto the attacks near them, known to half a millisecond.
package enum BeatMarks {
    /// How far from its hop a beat's attack is looked for. **Units:** hops of 10 ms.
    private static let reachHops = 4

    /// **Shape:** one mark a beat, ascending.
    package static func refine(_ beats: [Int], frames: OnsetFrames) -> [BeatGrid.Mark] {
        let scale = max(OnsetStrength.percentile(frames.attack, 0.97), 1e-9)
        return beats.map { beat in
            var best: (score: Float, seconds: Double, strength: Float) = (0, Double(beat) / 100, 0)
            for hop in max(0, beat - reachHops)...max(0, min(frames.count - 1, beat + reachHops)) {
                let seconds = Double(hop) / 100 + Double(frames.attackOffset[hop]) * OnsetFrames.attackStepSeconds
                let distance = (seconds - Double(beat) / 100) / 0.030
                let score = frames.attack[hop] * Float(exp(-distance * distance))
                if score > best.score { best = (score, seconds, frames.attack[hop]) }
            }
            return BeatGrid.Mark(seconds: best.seconds, weight: Double(min(1, best.strength / scale)))
        }
    }
}
