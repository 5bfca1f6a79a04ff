/// How loud two tracks are and how they sound over time, after their gains: what a place for them to meet is judged by.
struct PairCurves: Sendable {
    let outgoing: LevelCurve
    let incoming: LevelCurve
    /// nil where one of them has no colours.
    private let spectra: (outgoing: SpectrumCurve, incoming: SpectrumCurve)?

    /// How much of each track's end and beginning is looked at. **Units:** s.
    private static let spectrumSeconds = 120.0
    /// A change of the spectrum up to the first is nothing to hear, above the second the render will miss its bar: it shows
    /// more than the colours of beats do. **Units:** dB.
    private static let (jumpFree, jumpMax) = (4.5, 6.0)
    /// What each decibel above either costs, against `OverlapForecast.cost`.
    private static let jumpCost = 0.08

    /// `notBefore` is the first time at which the outgoing track may be left. **Units:** s.
    init(_ from: TrackAnalysis, _ to: TrackAnalysis, notBefore: Double, settings: MixSettings) {
        let gains = (
            settings.gainDecibels(forLoudness: from.loudness), settings.gainDecibels(forLoudness: to.loudness)
        )
        outgoing = LevelCurve(from, gainDecibels: gains.0)
        incoming = LevelCurve(to, gainDecibels: gains.1)
        let (leaving, coming) = (SoundingPart(from), SoundingPart(to))
        let length = PairCurves.spectrumSeconds
        let first = min(max(notBefore, leaving.end - length), leaving.end)
        if let out = SpectrumCurve(from, gainDecibels: gains.0, from: first - 4, until: first + length),
            let into = SpectrumCurve(
                to, gainDecibels: gains.1, from: coming.start, until: min(coming.end, coming.start + length))
        {
            spectra = (out, into)
        } else {
            spectra = nil
        }
    }

    /// What an overlap costs in which the spectrum changes at once; 0 where colours are not known.
    func jumpCost(
        outgoingStart: Double, incomingStart: Double, seconds: Double, gains: (Double) -> SpectrumCurve.Gains
    ) -> Double {
        guard let spectra else { return 0 }
        let jump = SpectrumCurve.jump(
            outgoing: spectra.outgoing, incoming: spectra.incoming, outgoingStart: outgoingStart,
            incomingStart: incomingStart, seconds: seconds, gains: gains)
        return PairCurves.jumpCost * (max(0, jump - PairCurves.jumpFree) + max(0, jump - PairCurves.jumpMax))
    }
}
