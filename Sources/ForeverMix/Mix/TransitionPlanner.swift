import Foundation

/// Decides how one track goes over into the next, from their analyses alone.
///
/// Pure: the same settings and analyses give the same plan. Where beats and bars of both are trusted and their tempi
/// meet within the stretch limit after halving or doubling, whole bars overlap, downbeat on downbeat; otherwise one of
/// the styles that claim no common beat, and where beats or bars of either side are not trusted always a fade.
public struct TransitionPlanner: Sendable {
    public let settings: MixSettings

    public init(settings: MixSettings) {
        self.settings = settings
    }

    /// What a track plays alone between two transitions where it can. **Units:** s.
    static let aloneSeconds = 12.0

    /// What it costs to leave a track that has played alone for so many seconds.
    static func hasteCost(alone seconds: Double) -> Double { 0.4 * min(1, max(0, 1 - seconds / aloneSeconds)) }

    /// The plan for `to` following `from`, of which nothing before source frame `notBefore` may change.
    ///
    /// With `isSoon` the outgoing track is left at the first good place, otherwise where its music ends.
    public func plan(
        from: TrackAnalysis, to: TrackAnalysis, notBefore sourceFrame: Int64, isSoon: Bool = false
    ) -> TransitionPlan {
        switch BeatMatch.pair(from, to, settings: settings) {
        case .success(let pair):
            if let plan = pair.plan(notBefore: sourceFrame, isSoon: isSoon) { return plan }
            return UnmatchedPair(from: from, to: to, settings: settings)
                .plan(notBefore: sourceFrame, isSoon: isSoon, because: "no room for whole bars")
        case .failure(let refusal):
            return UnmatchedPair(from: from, to: to, settings: settings)
                .plan(notBefore: sourceFrame, isSoon: isSoon, because: refusal.reason)
        }
    }
}
