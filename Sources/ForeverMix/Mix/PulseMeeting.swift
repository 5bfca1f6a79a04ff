import Foundation

/// Whether and how two tracks' bars can lie on each other, from their pulses alone.
struct PulseMeeting: Sendable {
    let tempo: TempoMeeting
    /// Beats of the common bar, after counting double: the longer of the two.
    let barBeats: Int
    /// The longer of both beat periods, after counting double. **Units:** s.
    let period: Double

    /// Why two tracks are not beat-matched.
    enum Refusal: Error, Hashable {
        case noBeatGoingOut
        case noBeatComingIn
        case noBarGoingOut
        case noBarComingIn
        case tempiFarApart(outgoingPeriod: Double, incomingPeriod: Double)
        case metresDiffer

        var reason: String {
            switch self {
            case .noBeatGoingOut: return "no sure beat going out"
            case .noBeatComingIn: return "no sure beat coming in"
            case .noBarGoingOut: return "no sure bar line going out"
            case .noBarComingIn: return "no sure bar line coming in"
            case .tempiFarApart(let one, let other):
                let tempi = [one, other].map { String(Int((60 / $0).rounded())) }
                return "tempi far apart (\(tempi[0]) and \(tempi[1]) BPM)"
            case .metresDiffer: return "metres differ"
            }
        }
    }

    init(_ outgoing: Pulse, _ incoming: Pulse, limit: Double) throws(Refusal) {
        guard
            let tempo = TempoMeeting(
                outgoingPeriod: outgoing.period, incomingPeriod: incoming.period, limit: limit)
        else { throw .tempiFarApart(outgoingPeriod: outgoing.period, incomingPeriod: incoming.period) }
        self.tempo = tempo
        let bars = (outgoing.beatsPerBar * tempo.outgoingFactor, incoming.beatsPerBar * tempo.incomingFactor)
        barBeats = max(bars.0, bars.1)
        guard barBeats % min(bars.0, bars.1) == 0 else { throw .metresDiffer }
        period = max(
            outgoing.period / Double(tempo.outgoingFactor), incoming.period / Double(tempo.incomingFactor))
    }

    /// How far both are pushed, 0 not at all ... 1 to the limit on both sides.
    func push(limit: Double) -> Double { limit > 0 ? abs(tempo.logRatio) / (2 * log1p(limit)) : 0 }

    /// Whether tracks that sound for so many seconds are long enough for an overlap of `bars` and something of their
    /// own.
    func hasRoom(forBars bars: Int, soundingSeconds: (Double, Double), settings: MixSettings) -> Bool {
        let share = (1 - settings.aloneShareMin) / 2 * PulseMeeting.roomTolerance
        let seconds = Double(bars * barBeats) * period
        return seconds <= share * min(soundingSeconds.0, soundingSeconds.1) && seconds <= settings.overlapSecondsMax
    }

    /// How far an overlap may go beyond its share of a track: tempi differ, phrases are whole.
    static let roomTolerance = 1.08
}
