/// A track's beats and bars as the planner counts them. **Units:** seconds of the track.
struct BarGrid: Sendable {
    /// Ascending; the last one is extrapolated, so that the bar of the last beat has an end.
    let beats: [Double]
    /// Indexes into `beats` of the beats that begin a bar, ascending.
    let bars: [Int]
    let beatsPerBar: Int
    /// Whether `bars` are heard downbeats and not merely counted off.
    let hasDownbeats: Bool
    /// Beats counted here for each of the analysis: 2 after doubling.
    var beatsPerAnalysed = 1

    /// The fewest beats that are worth matching.
    static let beatsMin = 16

    /// nil where the beats are not trusted or too few.
    init?(_ analysis: TrackAnalysis) {
        guard analysis.trusted.beats, analysis.beats.count >= BarGrid.beatsMin else { return nil }
        var beats = analysis.beats
        beats.append(2 * beats[beats.count - 1] - beats[beats.count - 2])
        let perBar = max(1, analysis.beatsPerBar)
        var bars: [Int] = []
        if analysis.trusted.downbeats {
            var next = 0
            for downbeat in analysis.downbeats {
                while next < beats.count && beats[next] < downbeat - 0.03 { next += 1 }
                if next < beats.count && beats[next] <= downbeat + 0.03 { bars.append(next) }
            }
        }
        let isHeard = bars.count >= 4
        if isHeard {
            // The bar line after the last downbeat, where the extrapolated beat makes that bar whole.
            if bars[bars.count - 1] + perBar < beats.count { bars.append(bars[bars.count - 1] + perBar) }
        } else {
            bars = Array(stride(from: 0, to: beats.count, by: perBar))
        }
        self.init(beats: beats, bars: bars, beatsPerBar: perBar, hasDownbeats: isHeard)
    }

    private init(beats: [Double], bars: [Int], beatsPerBar: Int, hasDownbeats: Bool) {
        self.beats = beats
        self.bars = bars
        self.beatsPerBar = beatsPerBar
        self.hasDownbeats = hasDownbeats
    }

    /// Median time between beats.
    var period: Double {
        let gaps = zip(beats.dropFirst(), beats).map { $0 - $1 }.sorted()
        return gaps[gaps.count / 2]
    }

    var pulse: Pulse { Pulse(period: period, beatsPerBar: beatsPerBar, hasDownbeats: hasDownbeats) }

    /// The same music counted twice as fast: a beat between every two.
    var doubled: BarGrid {
        var finer: [Double] = []
        finer.reserveCapacity(beats.count * 2)
        for (beat, next) in zip(beats, beats.dropFirst()) {
            finer.append(beat)
            finer.append((beat + next) / 2)
        }
        finer.append(beats[beats.count - 1])
        var doubled = BarGrid(
            beats: finer, bars: bars.map { $0 * 2 }, beatsPerBar: beatsPerBar * 2, hasDownbeats: hasDownbeats)
        doubled.beatsPerAnalysed = 2
        return doubled
    }
}
