import Foundation

/// Clear note and drum attacks, to the half millisecond: where a time-stretcher may set its anchors.
package enum OnsetPicker {
    /// Peaks of the onset strength that stand out of their surroundings, each moved to its attack.
    package static func pick(strength: [Float], frames: OnsetFrames, from: Double, until: Double) -> [Double] {
        let count = strength.count
        guard count > 10 else { return [] }
        let floor = max(OnsetStrength.percentile(frames.attack, 0.97) * 0.04, 1e-5)
        var result: [Double] = []
        var last = -1.0
        let most = Int(AnalysisLimits.onsetsPerSecondMax * Double(count) / AnalysisLimits.hopsPerSecond)
        for k in 0..<count {
            let value = strength[k]
            guard value > 0.12 else { continue }
            var isPeak = true
            var sum: Float = 0
            let range = max(0, k - 8)...min(count - 1, k + 8)
            for j in range {
                sum += strength[j]
                if abs(j - k) <= 3, strength[j] > value || (strength[j] == value && j < k) { isPeak = false }
            }
            guard isPeak, value > 1.8 * sum / Float(range.count) else { continue }
            var best: (rise: Float, seconds: Double) = (0, 0)
            for hop in max(0, k - 3)...min(count - 1, k + 2) where frames.attack[hop] > best.rise {
                best = (
                    frames.attack[hop],
                    Double(hop) / 100 + Double(frames.attackOffset[hop]) * OnsetFrames.attackStepSeconds
                )
            }
            guard best.rise > floor, best.seconds > last + 0.03, best.seconds >= from, best.seconds <= until else {
                continue
            }
            result.append(best.seconds)
            last = best.seconds
            if result.count >= most { break }
        }
        return result
    }
}
