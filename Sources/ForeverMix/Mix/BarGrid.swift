/// A track's beats and bars as the planner counts them. **Units:** seconds of the track.
struct BarGrid: Sendable {
    /// Ascending; the last one is extrapolated, so that the bar of the last beat has an end.
    let beats: [Double]
    /// Indexes into `beats` of the beats that begin a bar, ascending.
    let bars: [Int]
    let beatsPerBar: Int
    /// Beats counted here for each of the analysis: 2 after doubling.
    var beatsPerAnalysed = 1

    /// The fewest beats and bars that are worth matching.
    static let beatsMin = 16
    static let barsMin = 4

    /// nil where beats or bars are not trusted, or too few: bars that are only counted off lie on another track's once
    /// in four times.
    init?(_ analysis: TrackAnalysis) {
        guard analysis.trusted.beats, analysis.trusted.downbeats, analysis.beats.count >= BarGrid.beatsMin else {
            return nil
        }
        var beats = analysis.beats
        beats.append(2 * beats[beats.count - 1] - beats[beats.count - 2])
        let perBar = max(1, analysis.beatsPerBar)
        var bars: [Int] = []
        var next = 0
        for downbeat in analysis.downbeats {
            while next < beats.count && beats[next] < downbeat - 0.03 { next += 1 }
            if next < beats.count && beats[next] <= downbeat + 0.03 { bars.append(next) }
        }
        guard bars.count >= BarGrid.barsMin else { return nil }
        // The bar line after the last downbeat, where the extrapolated beat makes that bar whole.
        if bars[bars.count - 1] + perBar < beats.count { bars.append(bars[bars.count - 1] + perBar) }
        self.init(beats: beats, bars: bars, beatsPerBar: perBar)
    }

    private init(beats: [Double], bars: [Int], beatsPerBar: Int) {
        self.beats = beats
        self.bars = bars
        self.beatsPerBar = beatsPerBar
    }

    /// Median time between beats.
    var period: Double {
        let gaps = zip(beats.dropFirst(), beats).map { $0 - $1 }.sorted()
        return gaps[gaps.count / 2]
    }

    var pulse: Pulse { Pulse(period: period, beatsPerBar: beatsPerBar) }

    /// The same music counted twice as fast: a beat between every two.
    var doubled: BarGrid {
        var finer: [Double] = []
        finer.reserveCapacity(beats.count * 2)
        for (beat, next) in zip(beats, beats.dropFirst()) {
            finer.append(beat)
            finer.append((beat + next) / 2)
        }
        finer.append(beats[beats.count - 1])
        var doubled = BarGrid(beats: finer, bars: bars.map { $0 * 2 }, beatsPerBar: beatsPerBar * 2)
        doubled.beatsPerAnalysed = 2
        return doubled
    }
}
