import Foundation

/// Levels beat by beat, and where they change for longer: sections begin on bars.
struct BeatLevels {
    /// How much the level of the four beats after a beat differs from that of the four before, either way.
    let changes: [Double]
    /// How much more bass there is in a beat than in the one before.
    let lowRises: [Double]

    init(frames: OnsetFrames, beats: [Double]) {
        var low: [Double] = []
        var all: [Double] = []
        for at in beats.indices {
            let end = at + 1 < beats.count ? beats[at + 1] : beats[at] + 0.5
            let from = max(0, min(frames.count - 1, Int(beats[at] * AnalysisLimits.hopsPerSecond)))
            let until = max(from + 1, min(frames.count, Int(end * AnalysisLimits.hopsPerSecond)))
            var lowSum: Float = 0
            var allSum: Float = 0
            for k in from..<until {
                lowSum += frames.lowLevel[k]
                allSum += frames.level[k]
            }
            low.append(log(1e-3 + Double(lowSum) / Double(until - from)))
            all.append(log(1e-3 + Double(allSum) / Double(until - from)))
        }
        changes = beats.indices.map { at in
            guard at >= 4, at + 4 <= beats.count else { return 0 }
            return min(2, BeatLevels.step(low, at) + BeatLevels.step(all, at))
        }
        lowRises = beats.indices.map { at in at > 0 ? max(-2, min(2, low[at] - low[at - 1])) : 0 }
    }

    private static func step(_ levels: [Double], _ at: Int) -> Double {
        var difference = 0.0
        for k in 0..<4 { difference += levels[at + k] - levels[at - 1 - k] }
        return abs(difference) / 4
    }
}
