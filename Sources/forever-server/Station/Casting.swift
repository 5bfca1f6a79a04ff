import ForeverCore
import ForeverMix

/// Chooses who plays next from what the crate holds. Pure but for the crate's lock and the programme's clock.
package struct Casting {
    let crate: Crate
    let planner: TransitionPlanner
    let separation: SeparationRules
    let taste: TourTaste
    let seed: UInt64

    package init(crate: Crate, planner: TransitionPlanner, separation: SeparationRules, taste: TourTaste, seed: UInt64)
    {
        self.crate = crate
        self.planner = planner
        self.separation = separation
        self.taste = taste
        self.seed = seed
    }

    /// Who may play next, and what is foreseen after that.
    package struct Proposal: Hashable, Sendable {
        /// In the order in which they should be tried; the first that can be opened plays.
        package var ids: [String] = []
        /// Why each of them, as far as it is known.
        package var reasons: [String: CastReason] = [:]
        /// What the tour foresees later: to be handed in as `planned` next time.
        package var later: [String] = []
    }

    /// What was wished for comes first, or where it fits.
    ///
    /// - Parameters:
    ///   - planned: `later` of the proposal before, made with the same taste
    ///   - day: from when the next track begins
    package func next(
        after current: CastMember?, analysis: TrackAnalysis?, history: some Swift.Collection<PlayedTrack>, count: Int,
        wishes: WishList, waited: Int, planned: [String] = [], day: DayCourse? = nil
    ) -> Proposal {
        let candidates = crate.candidates()
        var profiles: [String: TransitionProfile] = [:]
        for candidate in candidates { profiles[candidate.facts.id] = candidate.profile }
        let summary = analysis.map(SoundSummary.init)
        if let current, let summary { profiles[current.track.id] = summary.profile }
        let cost = TourCost.withPlanner(planner, weights: taste.weights, profiles: profiles)
        let programme = Programme(rules: separation, cost: cost)
        let here = current.map { member in
            summary?.facts(of: member.track) ?? member.track.facts
        }
        let plan = programme.plan(
            candidates: candidates.map(\.facts), history: Array(history), current: here, planned: planned, day: day,
            seed: seed &+ UInt64(history.count), count: count)
        let wished = here.map { legs(to: wishes.tracks(.mustMix) + wishes.tracks(.next), after: $0, cost) } ?? [:]
        var proposal = Proposal()
        proposal.ids = wishes.order(
            plan.picks.map(\.trackID), costs: wished.mapValues(\.cost),
            proposalCost: plan.picks.first?.leg?.cost, waited: waited)
        for pick in plan.picks where proposal.reasons[pick.trackID] == nil {
            // A pick's leg leads from the pick before it; only the first follows what plays.
            let follows = pick.leg == nil || pick.leg?.from == here?.id
            let leg = follows ? pick.leg : here.flatMap { legs(to: [pick.trackID], after: $0, cost)[pick.trackID] }
            proposal.reasons[pick.trackID] = CastReason(leg: leg, relaxed: pick.relaxed, weights: taste.weights)
        }
        for id in wishes.tracks(.next) + wishes.tracks(.mustMix) {
            // Whoever asks for a track asks for it in spite of the rules, and is told which.
            let broken = crate[id].map { entry in
                programme.relaxations(
                    for: entry.track.facts, history: Array(history), current: here, candidatesCount: candidates.count)
            }
            let refusal = crate.objection(to: id).map { [Relaxation(objection: "\($0)")] }
            proposal.reasons[id] = CastReason(
                leg: wished[id], relaxed: (refusal ?? []) + (broken ?? []), isWish: true, weights: taste.weights)
        }
        proposal.later = plan.picks.dropFirst().map(\.trackID) + plan.later
        return proposal
    }

    /// The steps to those that are analysed.
    private func legs(to ids: [String], after here: TrackFacts, _ cost: TourCost) -> [String: TourLeg] {
        var legs: [String: TourLeg] = [:]
        for id in ids {
            guard case .analysed(let facts, _)? = crate[id]?.knowledge else { continue }
            legs[id] = cost.leg(from: here, to: facts)
        }
        return legs
    }
}
