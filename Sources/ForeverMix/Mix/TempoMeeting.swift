import Foundation

/// Where two tempi meet: which track is counted double, and how far each must be pushed.
struct TempoMeeting: Sendable {
    /// 2 where the outgoing (incoming) track's beats are halved to meet the other's.
    let outgoingFactor: Int
    let incomingFactor: Int
    /// ln(incoming beat period / outgoing beat period), after counting double.
    let logRatio: Double

    /// nil where no halving or doubling brings the tempi within `limit` (as in 0.06) on each side.
    init?(outgoingPeriod: Double, incomingPeriod: Double, limit: Double) {
        guard outgoingPeriod > 0, incomingPeriod > 0 else { return nil }
        let plain = log(incomingPeriod / outgoingPeriod)
        let candidates = [(1, 1, plain), (1, 2, plain - log(2)), (2, 1, plain + log(2))]
        let best = candidates.min { abs($0.2) < abs($1.2) }!
        guard abs(best.2) <= 2 * log1p(limit) else { return nil }
        (outgoingFactor, incomingFactor, logRatio) = best
    }

    var isDoubled: Bool { outgoingFactor == 2 || incomingFactor == 2 }
}
