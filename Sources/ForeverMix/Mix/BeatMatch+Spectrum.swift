extension BeatMatch {
    /// What an evenly moving ratio of both sides costs: they are equally loud for a shorter time.
    static let steadyCost = 0.03
    /// How far basses will be turned down, before that is known.
    static let bassGainLikely = 0.8
    /// From this jump on other ways for the sound to go over are looked at. **Units:** dB.
    static let jumpLiked = 6.0

    /// Whether only the highs overlap.
    func sharesOnlyHighs(_ place: Place) -> Bool {
        KeyRelation(from, to) == .apart || place.voices > BeatMatch.voicesMax
    }

    /// Takes into `place` what is foreseen of its spectrum.
    func hear(_ place: inout Place, _ curves: PairCurves) {
        place.spectrum = spectrum(place, curves, bassGain: BeatMatch.bassGainLikely)
        place.forecast.hear(place.spectrum)
    }

    /// The same place where the sound goes over in another way.
    func heard(
        _ place: Place, _ curves: PairCurves, shape: Fade.Shape, swapBar: Int, middleBars: Int = 1
    ) -> Place {
        var other = place
        (other.shape, other.swapBar, other.middleBars) = (shape, swapBar, middleBars)
        other.forecast = forecast(
            curves, bars: place.bars, outgoingBeat: place.outgoingBeat, incomingBeat: place.incomingBeat,
            swapBar: swapBar, shape: shape)
        hear(&other, curves)
        return other
    }

    /// The same place with the sound going over as the spectrum changes least, where it changes too much: by another
    /// curve, basses changing hands at another bar near the middle, harmonies within two bars.
    func bestHandOver(_ place: Place, _ curves: PairCurves) -> Place {
        guard let jump = place.spectrum?.jump, jump > BeatMatch.jumpLiked else { return place }
        let edge = max(1, place.bars / 4)
        var best = place
        for shape in [Fade.Shape.equalPower, .steady] {
            for bar in edge...max(edge, place.bars - edge) {
                for middleBars in sharesOnlyHighs(place) ? 1...min(2, bar) : 1...1 {
                    let other = heard(place, curves, shape: shape, swapBar: bar, middleBars: middleBars)
                    if other.handOverCost < best.handOverCost - 0.001 { best = other }
                }
            }
        }
        return best
    }

    /// What the overlap will do to the spectrum.
    func spectrum(_ place: Place, _ curves: PairCurves, bassGain: Double) -> SpectrumForecast? {
        let (start, entry) = (outgoing.beats[place.outgoingBeat], incoming.beats[place.incomingBeat])
        return curves.spectrum(
            SpectrumForecast.Place(
                outgoingStart: start, incomingStart: entry, outgoingSeconds: place.seconds,
                incomingSeconds: incoming.beats[place.incomingBeat + place.bars * barBeats] - entry),
            gains: gains(place, bassGain: bassGain))
    }

    /// How far each band has gone over at a share of the overlap: all fade, but basses change hands at once, and where
    /// only the highs overlap the middle within the bars before.
    private func gains(_ place: Place, bassGain: Double) -> (Double) -> SpectrumForecast.Gains {
        let (shape, bar) = (place.shape, 1 / Double(place.bars))
        let swap = Double(place.swapBar) * bar
        let isParted = sharesOnlyHighs(place)
        let middle = bar * Double(place.middleBars)
        let bass = OverlapForecast.BassMove(swap: swap, gain: bassGain, edge: bar)
        return { share in
            let power = FadeCurve.power(share, shape)
            var gains = SpectrumForecast.Gains(
                bass: 0, middle: isParted ? FadeCurve.power((share - swap) / middle + 1, shape) : power, treble: power)
            (gains.outgoing.bass, gains.incoming.bass) = (bass.outgoing(share), bass.incoming(share))
            return gains
        }
    }
}

extension BeatMatch.Place {
    /// What the way costs in which the sound goes over.
    var handOverCost: Double { forecast.cost + (spectrum?.cost ?? 0) }
}
