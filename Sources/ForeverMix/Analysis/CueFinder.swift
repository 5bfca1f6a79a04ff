/// Where a track is best entered and left: phrase starts near its ends with drums to hold on to and nobody singing, those
/// of sections and of longer phrases before others.
struct CueFinder {
    private(set) var entries: [TrackStructure.CuePoint] = []
    private(set) var exits: [TrackStructure.CuePoint] = []

    /// Kept of each.
    private static let countMax = 6
    /// Share of the track at each end in which cue points are looked for.
    private static let reach = 0.45
    /// Bars that a transition needs.
    private static let transitionBars = 8

    /// **Shape:** `phrases` and `cuts` are indices into `bars`.
    init(bars: [TrackStructure.Bar], phrases: [Int], cuts: [Int], levels: [TrackStructure.PhraseLevel]) {
        let need = CueFinder.transitionBars
        guard bars.count >= 2 * need else { return }
        let span = Double(bars.count - need)
        /// How sure it is that a phrase of so many bars begins there.
        func sure(_ length: Int, _ start: Double) -> Double {
            levels.first { $0.bars == length && $0.starts.contains(start) }?.confidence ?? 0
        }
        for phrase in phrases where phrase + need <= bars.count {
            let place = Double(phrase) / span
            let ahead = bars[phrase..<(phrase + need)]
            let drums = ahead.reduce(0) { $0 + $1.drums } / Double(need)
            let voice = ahead.reduce(0) { $0 + $1.voice } / Double(need)
            let isCut = cuts.contains(phrase)
            func cue(_ nearness: Double) -> TrackStructure.CuePoint {
                let rank =
                    (isCut ? 0.12 : 0) + 0.05 * sure(16, bars[phrase].start) + 0.03 * sure(32, bars[phrase].start)
                let score = 0.35 * nearness + 0.25 * drums + 0.2 * (1 - voice) + rank
                return TrackStructure.CuePoint(seconds: bars[phrase].start, score: (score * 100).rounded() / 100)
            }
            if place <= CueFinder.reach { entries.append(cue(1 - place / CueFinder.reach)) }
            if 1 - place <= CueFinder.reach { exits.append(cue(1 - (1 - place) / CueFinder.reach)) }
        }
        entries = CueFinder.best(entries)
        exits = CueFinder.best(exits)
    }

    private static func best(_ cues: [TrackStructure.CuePoint]) -> [TrackStructure.CuePoint] {
        Array(cues.sorted { ($1.score, $0.seconds) < ($0.score, $1.seconds) }.prefix(countMax))
    }
}
