import ForeverCore
import ForeverMix

/// Chooses who plays next from what the crate holds. Pure but for the crate's lock and the programme's clock.
struct Casting {
    let crate: Crate
    let planner: TransitionPlanner
    let separation: SeparationRules
    let seed: UInt64

    /// Ids in the order in which they should be tried; the first that can be opened plays. What was wished for comes
    /// first, or where it fits.
    func next(
        after current: CastMember?, analysis: TrackAnalysis?, history: some Swift.Collection<PlayedTrack>, count: Int,
        wishes: WishList, waited: Int
    ) -> [String] {
        let candidates = crate.candidates()
        var summaries: [String: TrackAnalysis] = [:]
        for candidate in candidates { summaries[candidate.facts.id] = candidate.summary }
        if let current, let analysis { summaries[current.track.id] = analysis.summary }
        let known = summaries
        let cost = TourCost.withPlanner(planner) { known[$0] }
        let programme = Programme(rules: separation, cost: cost)
        let here = current.map { member in
            analysis.map { TrackFacts(member.track, $0) } ?? member.track.facts
        }
        let picks = programme.upcoming(
            candidates: candidates.map(\.facts), history: Array(history), current: here,
            seed: seed &+ UInt64(history.count), count: count)
        return wishes.order(
            picks.map(\.trackID), costs: here.map { costs(of: wishes.tracks(.mustMix), after: $0, cost) } ?? [:],
            proposalCost: picks.first?.leg?.cost, waited: waited)
    }

    /// What it costs to go over to each of those that are analysed.
    private func costs(of ids: [String], after here: TrackFacts, _ cost: TourCost) -> [String: Double] {
        var costs: [String: Double] = [:]
        for id in ids {
            guard case .analysed(let facts, _)? = crate[id]?.knowledge else { continue }
            costs[id] = cost.cost(from: here, to: facts)
        }
        return costs
    }
}
