import ForeverCore
import ForeverMix

extension TrackFacts {
    /// What the tour knows of an analysed track.
    init(_ track: Track, _ analysis: TrackAnalysis) {
        self = track.facts
        duration = analysis.duration
        if analysis.trusted.beats { tempo = analysis.tempo }
        key = analysis.key.map { KeyFact(tonic: $0.tonic, mode: $0.mode.rawValue) }
        energy = analysis.energy
        danceability = analysis.danceability
        loudness = analysis.loudness
    }
}

extension TourCost {
    /// The tour's cost with the planner's opinion of every pair of which both analyses are known.
    static func withPlanner(
        _ planner: TransitionPlanner, analyses: @escaping @Sendable (String) -> TrackAnalysis?
    ) -> TourCost {
        TourCost(opinion: { from, to in
            guard let left = analyses(from.id), let right = analyses(to.id) else { return nil }
            let opinion = planner.opinion(from: left, to: right)
            return TransitionOpinion(cost: opinion.cost, kind: opinion.kind.rawValue)
        })
    }
}
