import ForeverCore
import ForeverMix

/// Chooses who plays next from what the crate holds. Pure but for the crate's lock and the programme's clock.
struct Casting {
    let crate: Crate
    let planner: TransitionPlanner
    let seed: UInt64

    /// Ids in the order in which they should be tried; the first that can be opened plays.
    func next(
        after current: CastMember?, analysis: TrackAnalysis?, history: some Swift.Collection<PlayedTrack>, count: Int
    ) -> [String] {
        let candidates = crate.candidates()
        var summaries: [String: TrackAnalysis] = [:]
        for candidate in candidates { summaries[candidate.facts.id] = candidate.summary }
        if let current, let analysis { summaries[current.track.id] = analysis.summary }
        let known = summaries
        let programme = Programme(cost: .withPlanner(planner) { known[$0] })
        let here = current.map { member in
            analysis.map { TrackFacts(member.track, $0) } ?? member.track.facts
        }
        return programme.upcoming(
            candidates: candidates.map(\.facts), history: Array(history), current: here,
            seed: seed &+ UInt64(history.count), count: count
        ).map(\.trackID)
    }
}
