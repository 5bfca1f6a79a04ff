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
        let before = outgoing.powerBefore(outgoingStart)
        let after = incoming.powerAfter(incomingStart + seconds)
        var least = Double.infinity
        var most = 0.0
        var lastQuieter = 0
        for i in 0...OverlapForecast.pointCount {
            let share = Double(i) / Double(OverlapForecast.pointCount)
            let rising = sin(share * .pi / 2)
            let into = incoming.power(at: incomingStart + share * seconds) * rising * rising
            let out = outgoing.power(at: outgoingStart + share * seconds) * (1 - rising * rising)
            least = min(least, into + out)
            most = max(most, into + out)
            if into <= out { lastQuieter = i }
        }
        // To the thousandth: it is written down.
        step = ((decibels(after) - decibels(before)) * 1000).rounded() / 1000 + 0
        dip = decibels(least) - decibels(min(before, after))
        bump = decibels(most) - decibels(max(before, after))
        crossing = min(max((Double(lastQuieter) + 0.5) / Double(OverlapForecast.pointCount), 0.1), 0.9)
    }

    /// 0 for an even overlap, growing with what would be heard as a hole or a swell.
    var cost: Double { 0.12 * max(0, -dip - 1.5) + 0.15 * max(0, bump - 0.5) + 0.02 * abs(step) }
}
