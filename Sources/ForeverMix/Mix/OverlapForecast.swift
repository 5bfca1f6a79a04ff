import Foundation

/// What an overlap's loudness will do, from the two levelled tracks' curves, before anything is rendered.
struct OverlapForecast: Sendable {
    /// Level after the overlap over level before it. **Units:** LU.
    let step: Double
    /// The quietest moment against the quieter side. **Units:** LU, usually negative.
    let dip: Double
    /// The loudest moment against the louder side. **Units:** LU.
    let bump: Double
    /// The most bass of two seconds against the side with more of it. **Units:** dB.
    private(set) var bassBump = 0.0
    /// When the incoming track becomes the louder one, as a share of the overlap.
    let crossing: Double

    /// Points at which the overlap is looked at.
    private static let pointCount = 24

    /// When basses change hands at once, as a share of the overlap, how far they are turned down, and in what share that
    /// happens.
    struct BassMove {
        var swap: Double
        var gain: Double
        var edge: Double

        /// The power of the outgoing (incoming) track's bass.
        func outgoing(_ share: Double) -> Double { share < swap ? turned(share) : 0 }
        func incoming(_ share: Double) -> Double { share < swap ? 0 : turned(1 - share) }

        private func turned(_ share: Double) -> Double {
            let turned = 1 + (gain - 1) * min(1, share / max(edge, 1e-6))
            return turned * turned
        }
    }

    /// An overlap of `seconds` from `outgoingStart` and `incomingStart`, each in its track's time: the incoming one may
    /// take another time, `incomingSeconds`. `bass` is what moves by itself.
    init(
        outgoing: LevelCurve, incoming: LevelCurve, outgoingStart: Double, incomingStart: Double, seconds: Double,
        incomingSeconds: Double? = nil, shape: Fade.Shape = .equalPower, bass: BassMove? = nil
    ) {
        let incomingSeconds = incomingSeconds ?? seconds
        func power(_ curve: LevelCurve, at time: Double, share: Double, bassShare: Double) -> Double {
            let whole = curve.power(at: time)
            let low = whole * curve.bassShare(at: time)
            return (whole - low) * share + low * bassShare
        }
        func leaving(_ share: Double) -> Double { FadeCurve.power(1 - share, shape) }
        func coming(_ share: Double) -> Double { FadeCurve.power(share, shape) }
        self.init(
            before: outgoing.powerBefore(outgoingStart), after: incoming.powerAfter(incomingStart + incomingSeconds),
            outgoing: { share in
                power(
                    outgoing, at: outgoingStart + share * seconds, share: leaving(share),
                    bassShare: bass?.outgoing(share) ?? leaving(share))
            },
            incoming: { share in
                power(
                    incoming, at: incomingStart + share * incomingSeconds, share: coming(share),
                    bassShare: bass?.incoming(share) ?? coming(share))
            })
        var most = 0.0
        for i in 0...OverlapForecast.pointCount {
            let share = Double(i) / Double(OverlapForecast.pointCount)
            let (a, b) = (bass?.outgoing(share) ?? leaving(share), bass?.incoming(share) ?? coming(share))
            most = max(
                most,
                outgoing.bassPower(at: outgoingStart + share * seconds) * a
                    + incoming.bassPower(at: incomingStart + share * incomingSeconds) * b)
        }
        let sides = max(
            outgoing.bassPowerBefore(outgoingStart), incoming.bassPowerAfter(incomingStart + incomingSeconds))
        if sides > 0 { bassBump = OverlapForecast.rounded(decibels(most) - decibels(sides)) }
    }

    /// Any overlap, from both sides' powers at each share of it and those before and after it.
    init(before: Double, after: Double, outgoing: (Double) -> Double, incoming: (Double) -> Double) {
        var least = Double.infinity
        var most = 0.0
        var lastQuieter = 0
        for i in 0...OverlapForecast.pointCount {
            let share = Double(i) / Double(OverlapForecast.pointCount)
            let into = incoming(share)
            let out = outgoing(share)
            least = min(least, into + out)
            most = max(most, into + out)
            if into <= out { lastQuieter = i }
        }
        step = OverlapForecast.rounded(decibels(after) - decibels(before))
        dip = OverlapForecast.rounded(decibels(least) - decibels(min(before, after)))
        bump = OverlapForecast.rounded(decibels(most) - decibels(max(before, after)))
        crossing = min(max((Double(lastQuieter) + 0.5) / Double(OverlapForecast.pointCount), 0.1), 0.9)
    }

    /// Takes the bass from what is foreseen of the spectrum, which knows it better; nil changes nothing.
    mutating func hear(_ spectrum: SpectrumForecast?) {
        if let spectrum { bassBump = spectrum.bassBump }
    }

    /// To the thousandth: it is written down.
    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 + 0 }

    /// 0 for an even overlap, growing with what would be heard as a hole or a swell; faster near the bars of
    /// `TransitionReport`.
    var cost: Double { levelCost + 0.3 * max(0, bassBump - 1) }

    /// The same but for the bass.
    var levelCost: Double {
        0.12 * max(0, -dip - 1.5) + 0.3 * max(0, -dip - 2.4) + 0.15 * max(0, bump - 0.5) + 1.0 * max(0, bump - 0.9)
            + 0.02 * abs(step)
    }
}
