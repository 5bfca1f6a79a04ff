import Foundation

/// What an overlap's loudness will do, from the two levelled tracks' curves, before anything is rendered.
struct OverlapForecast: Sendable {
    /// Level after the overlap over level before it. **Units:** LU.
    let step: Double
    /// The quietest moment against the quieter side. **Units:** LU, usually negative.
    let dip: Double
    /// The loudest moment against the louder side. **Units:** LU.
    let bump: Double
    /// When the incoming track becomes the louder one, as a share of the overlap.
    let crossing: Double

    /// Points at which the overlap is looked at.
    private static let pointCount = 24

    /// An equal-power overlap of `seconds` from `outgoingStart` and `incomingStart`, each in its track's time.
    init(outgoing: LevelCurve, incoming: LevelCurve, outgoingStart: Double, incomingStart: Double, seconds: Double) {
        self.init(
            before: outgoing.powerBefore(outgoingStart), after: incoming.powerAfter(incomingStart + seconds),
            outgoing: { share in
                let falling = cos(share * .pi / 2)
                return outgoing.power(at: outgoingStart + share * seconds) * falling * falling
            },
            incoming: { share in
                let rising = sin(share * .pi / 2)
                return incoming.power(at: incomingStart + share * seconds) * rising * rising
            })
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
        // To the thousandth: it is written down.
        func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 + 0 }
        step = rounded(decibels(after) - decibels(before))
        dip = rounded(decibels(least) - decibels(min(before, after)))
        bump = rounded(decibels(most) - decibels(max(before, after)))
        crossing = min(max((Double(lastQuieter) + 0.5) / Double(OverlapForecast.pointCount), 0.1), 0.9)
    }

    /// 0 for an even overlap, growing with what would be heard as a hole or a swell.
    var cost: Double { 0.12 * max(0, -dip - 1.5) + 0.15 * max(0, bump - 0.5) + 0.02 * abs(step) }
}
