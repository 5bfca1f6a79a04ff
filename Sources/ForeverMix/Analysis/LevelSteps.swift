import Foundation

/// Where a level changes for longer: sections begin on beats.
struct LevelSteps {
    private var times: [Double] = []
    private var weights: [Double] = []

    /// A second each side is compared; one step in that time.
    private static let reach = 100
    /// Natural logarithms of the level; a larger step says no more.
    private static let stepMax = 2.0
    /// Steps nearer than this to the first and last beat are the track's own ends. **Units:** s.
    private static let endSeconds = 0.2

    /// **Shape:** one level a frame.
    init(_ levels: [Float]) {
        let count = levels.count
        let reach = LevelSteps.reach
        guard count >= 3 * reach else { return }
        var sums = [0.0]
        sums.reserveCapacity(count + 1)
        for level in levels { sums.append(sums[sums.count - 1] + log(1e-3 + Double(level))) }
        let steps = (reach..<(count - reach)).map { k in
            abs(sums[k + reach] - 2 * sums[k] + sums[k - reach]) / Double(reach)
        }
        var at = 0
        while at < steps.count {
            // The place of the largest step in half a second on each side, if that is here.
            let from = max(0, at - reach / 2)
            let until = min(steps.count - 1, at + reach / 2)
            var top = at
            for k in from...until where steps[k] > steps[top] { top = k }
            if top == at, steps[at] > 0 {
                times.append(Double(at + reach) / AnalysisLimits.hopsPerSecond)
                weights.append(min(LevelSteps.stepMax, steps[at]) * min(LevelSteps.stepMax, steps[at]))
            }
            at = max(at + 1, top > at ? top : at + 1)
        }
    }

    /// How much the steps lie on the beats, on halves of them, and on every other one. **Units:** `beats` s.
    func features(_ beats: [Double]) -> [Double] {
        guard !times.isEmpty, beats.count > 1 else { return [0, 0, 0] }
        var (all, on, half, real, imaginary) = (0.05, 0.0, 0.0, 0.0, 0.0)
        var beat = 0
        for (time, weight) in zip(times, weights) {
            guard time > beats[0] + LevelSteps.endSeconds, time < beats[beats.count - 1] - LevelSteps.endSeconds else {
                continue
            }
            while beats[beat + 1] < time { beat += 1 }
            let phase = Double(beat) + (time - beats[beat]) / (beats[beat + 1] - beats[beat])
            all += weight
            on += weight * cos(2 * Double.pi * phase)
            half += weight * cos(4 * Double.pi * phase)
            real += weight * cos(Double.pi * phase)
            imaginary += weight * sin(Double.pi * phase)
        }
        return [on / all, half / all, (real * real + imaginary * imaginary) / (all * all)]
    }
}
