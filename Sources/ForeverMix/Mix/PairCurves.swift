/// How loud two tracks are and how they sound over time, after their gains: what a place for them to meet is judged by.
struct PairCurves: Sendable {
    let outgoing: LevelCurve
    let incoming: LevelCurve
    /// nil where of one of them neither spectra nor colours are known, or it is silent.
    private let spectra: (outgoing: SpectrumCurve, incoming: SpectrumCurve)?

    /// How much of the sound at each track's end must be known by spectra, so that these are gone by. **Units:** s.
    private static let heardSeconds = 45.0
    /// How much of each end is looked at by colours. **Units:** s.
    private static let colouredSeconds = 120.0

    /// Silence has no spectrum that one could care for. **Units:** LUFS.
    private static let silence = -60.0

    /// `notBefore` is the first time at which the outgoing track may be left; with `isSoon` it is left there. **Units:** s.
    init(_ from: TrackAnalysis, _ to: TrackAnalysis, notBefore: Double, isSoon: Bool = false, settings: MixSettings) {
        let gains = (
            settings.gainDecibels(forLoudness: from.loudness), settings.gainDecibels(forLoudness: to.loudness)
        )
        outgoing = LevelCurve(from, gainDecibels: gains.0)
        incoming = LevelCurve(to, gainDecibels: gains.1)
        let (leaving, coming) = (SoundingPart(from), SoundingPart(to))
        guard min(from.loudness, to.loudness) > PairCurves.silence else {
            spectra = nil
            return
        }
        let (heard, coloured) = (PairCurves.heardSeconds, PairCurves.colouredSeconds)
        let soonest = max(min(notBefore, leaving.end), 0)
        let first = isSoon ? soonest : max(soonest, leaving.end - heard)
        if let out = SpectrumCurve(
            from.spectra, gainDecibels: gains.0, around: first...min(first + heard, leaving.end)),
            let into = SpectrumCurve(
                to.spectra, gainDecibels: gains.1, around: coming.start...min(coming.start + heard, coming.end))
        {
            spectra = (out, into)
            return
        }
        let earliest = isSoon ? soonest : max(soonest, leaving.end - coloured)
        if let out = SpectrumCurve(
            colours: from, gainDecibels: gains.0, from: earliest - 4, until: earliest + coloured),
            let into = SpectrumCurve(
                colours: to, gainDecibels: gains.1, from: coming.start,
                until: min(coming.end, coming.start + coloured))
        {
            spectra = (out, into)
        } else {
            spectra = nil
        }
    }

    /// Whether the spectra themselves are known, and not only the colours of beats.
    var isHeard: Bool { spectra?.outgoing.isHeard ?? false }

    /// What an overlap will do to the spectrum; nil where that is not known.
    func spectrum(
        _ place: SpectrumForecast.Place, gains: (Double) -> SpectrumForecast.Gains
    ) -> SpectrumForecast? {
        guard let spectra, spectra.outgoing.isKnown(at: place.outgoingStart) else { return nil }
        return SpectrumForecast(outgoing: spectra.outgoing, incoming: spectra.incoming, at: place, gains: gains)
    }

    /// What `spectrum` costs. Where it is not known a place costs a little, so that it is not preferred for that.
    func cost(_ spectrum: SpectrumForecast?) -> Double {
        spectrum?.cost ?? (isHeard ? PairCurves.unknownCost : 0)
    }

    private static let unknownCost = 0.15
}
