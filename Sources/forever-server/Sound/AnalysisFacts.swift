import ForeverCore
import ForeverMix

extension TrackFacts {
    /// What the tour knows of an analysed track.
    init(_ track: Track, _ analysis: TrackAnalysis) {
        self = track.facts
        duration = analysis.duration
        if analysis.trusted.beats { tempo = analysis.tempo }
        if analysis.trusted.key { key = analysis.key.map { KeyFact(tonic: $0.tonic, mode: $0.mode.rawValue) } }
        energy = analysis.energy
        danceability = analysis.danceability
        loudness = analysis.loudness
        // The first coefficient is the level, which is the loudness again.
        timbre = analysis.timbre.mean.dropFirst().map(Double.init)
    }
}

extension TourCost {
    /// The tour's cost with the planner's opinion of every pair of which both analyses are known.
    static func withPlanner(
        _ planner: TransitionPlanner, weights: TourWeights = TourWeights(),
        analyses: @escaping @Sendable (String) -> TrackAnalysis?
    ) -> TourCost {
        TourCost(
            weights: weights,
            opinion: { from, to in
                guard let left = analyses(from.id), let right = analyses(to.id) else { return nil }
                let opinion = planner.opinion(from: left, to: right)
                return TransitionOpinion(cost: opinion.cost, kind: opinion.kind.rawValue)
            })
    }
}
