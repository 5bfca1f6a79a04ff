extension BeatMatch {
    /// The bar of the overlap at which the basses change hands: where the incoming track's sets in, or the outgoing
    /// one's ends, if that is near the middle; else the middle.
    func swapBar(bars: Int, outgoingBeat: Int, incomingBeat: Int) -> Int {
        let middle = bars / 2
        let near = max(1, bars / 4)...max(1, bars - max(1, bars / 4))
        func bass(_ shape: TrackShape, _ grid: BarGrid, _ beat: Int, _ bar: Int) -> Double? {
            shape.activity(\.bass, at: grid.beats[beat + bar * barBeats])
        }
        func turns(_ shape: TrackShape, _ grid: BarGrid, _ beat: Int, rises: Bool) -> Int? {
            near.filter { bar in
                guard let before = bass(shape, grid, beat, bar - 1), let after = bass(shape, grid, beat, bar) else {
                    return false
                }
                return (rises ? after - before : before - after) > BeatMatch.bassTurnMin
            }.min { abs($0 - middle) < abs($1 - middle) }
        }
        return turns(shapes.in, incoming, incomingBeat, rises: true)
            ?? turns(shapes.out, outgoing, outgoingBeat, rises: false) ?? middle
    }

    /// How far basses are turned down: the less, the more of a hole that would leave.
    static let bassTrimGains = [0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95]
    /// The deepest hole that turning them down may be expected to leave, and what a blend of the highs leaves by itself.
    /// **Units:** LU.
    static let trimmedDipMax = 2.3
    static let drumBlendDip = 1.2

    /// A narrower limit where spectra say how much of the loudness is bass; the wider one holds where the bass would stand
    /// out by `bassBumpMax` (dB).
    static let heardDipMax = 1.7
    static let bassBumpMax = 1.0

    /// Basses turned down, and what is foreseen of the overlap then.
    struct Trimmed {
        let gain: Double
        let forecast: OverlapForecast
        let spectrum: SpectrumForecast?
    }

    /// How far the overlap turns the basses down, and what is foreseen of it then: two low ends on one beat add up to more
    /// than either had, and a change there is heard first. nil where that would leave a hole.
    func bassTrim(_ place: Place, _ style: TransitionStyle, _ curves: PairCurves) -> Trimmed? {
        let more = style == .drumBlend ? BeatMatch.drumBlendDip : 0
        func first(dipMax: Double) -> Trimmed? {
            for gain in BeatMatch.bassTrimGains {
                var forecast = forecast(
                    curves, bars: place.bars, outgoingBeat: place.outgoingBeat, incomingBeat: place.incomingBeat,
                    swapBar: place.swapBar, shape: place.shape, bassGain: gain)
                guard forecast.dip - more >= -dipMax else { continue }
                let spectrum = spectrum(place, curves, bassGain: gain)
                forecast.hear(spectrum)
                return Trimmed(gain: gain, forecast: forecast, spectrum: spectrum)
            }
            return nil
        }
        let far = first(dipMax: BeatMatch.trimmedDipMax)
        guard curves.isHeard else { return far }
        let near = first(dipMax: BeatMatch.heardDipMax)
        let bump = near?.forecast.bassBump ?? place.spectrum?.bassBump ?? 0
        return bump > BeatMatch.bassBumpMax ? far : near
    }

    /// What the overlap will do to the level, the basses turned down to `bassGain`.
    func forecast(
        _ curves: PairCurves, bars: Int, outgoingBeat: Int, incomingBeat: Int, swapBar: Int,
        shape: Fade.Shape = .equalPower, bassGain: Double = 1
    ) -> OverlapForecast {
        let (start, entry) = (outgoing.beats[outgoingBeat], incoming.beats[incomingBeat])
        return OverlapForecast(
            outgoing: curves.outgoing, incoming: curves.incoming, outgoingStart: start, incomingStart: entry,
            seconds: outgoing.beats[outgoingBeat + bars * barBeats] - start,
            incomingSeconds: incoming.beats[incomingBeat + bars * barBeats] - entry, shape: shape,
            bass: OverlapForecast.BassMove(swap: Double(swapBar) / Double(bars), gain: bassGain, edge: 1 / Double(bars))
        )
    }
}
