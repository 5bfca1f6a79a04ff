import ForeverCore
import ForeverMix

extension TourCost {
    /// The tour's cost with the planner's opinion of every pair of which both profiles are known.
    static func withPlanner(
        _ planner: TransitionPlanner, weights: TourWeights = TourWeights(), profiles: [String: TransitionProfile]
    ) -> TourCost {
        TourCost(
            weights: weights,
            opinion: { from, to in
                guard let left = profiles[from.id], let right = profiles[to.id] else { return nil }
                let outlook = planner.outlook(from: left, to: right)
                return TransitionOpinion(
                    cost: outlook.cost, kind: outlook.kind.rawValue, style: outlook.style.rawValue)
            })
    }
}
