/// What the planner would make of a pair, for choosing an order.
public struct TransitionOutlook: Hashable, Sendable {
    public var style: TransitionStyle
    /// 0 good ... 1 bad; at most 0.7 on one beat, at least 0.8 otherwise.
    public var cost: Double

    public var kind: TransitionKind { style.isBeatMatched ? .beatMatched : .fade }

    /// The most that a transition on one beat costs, and the least of any other.
    static let matchedMax = 0.7
    static let unmatchedMin = 0.8
    /// Colours so far apart are wholly unlike. **Units:** dB, as in `BeatTimbre.distance`.
    static let distanceMax = 8.0

    /// What it costs that one side is felt at half or double the other's speed.
    static let doubledCost = 0.15

    /// - Parameters:
    ///   - push: how far both tempi are pushed, 0 ... 1 of what may be
    ///   - isDoubled: whether one side is counted double to meet the other
    ///   - voices: how much both sing at once, 0 ... 1
    ///   - distance: how differently both sound; nil where that is not known. **Units:** dB.
    static func matchedCost(
        push: Double, isDoubled: Bool, key: KeyRelation, forecast: OverlapForecast, voices: Double, distance: Double?
    ) -> Double {
        let unlike = distance.map { min($0 / distanceMax, 1) } ?? 0.5
        return min(
            matchedMax,
            0.35 * push + (isDoubled ? doubledCost : 0) + 0.25 * key.cost + 0.15 * min(forecast.cost, 1) + 0.15 * voices
                + 0.1 * unlike)
    }

    static func unmatchedCost(key: KeyRelation, forecast: OverlapForecast) -> Double {
        min(1, unmatchedMin + 0.1 * key.cost + 0.1 * min(forecast.cost, 1))
    }
}
