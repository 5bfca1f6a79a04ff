import ForeverMix

/// How well what the planner foresees of pairs from their profiles agrees with what it plans from their analyses, over
/// all ordered pairs of a demo crate.
struct OutlookAgreement {
    private var pairs = 0
    private var sameKind = 0
    private var sameStyle = 0
    private var costs: [(planned: Double, foreseen: Double)] = []

    static func measure(crateSeed: UInt64) throws {
        var agreement = OutlookAgreement()
        agreement.compare(try DemoCrate(seed: crateSeed).tracks.map { try TrackAnalyzer().analyze($0.makeSource()) })
        agreement.tell()
    }

    private mutating func compare(_ analyses: [TrackAnalysis]) {
        let planner = TransitionPlanner(settings: MixSettings())
        let profiles = analyses.map(TransitionProfile.init)
        for from in analyses.indices {
            for to in analyses.indices where from != to {
                let plan = planner.plan(from: analyses[from], to: analyses[to], notBefore: 0)
                let outlook = planner.outlook(from: profiles[from], to: profiles[to])
                pairs += 1
                sameKind += plan.kind == outlook.kind ? 1 : 0
                sameStyle += plan.style == outlook.style ? 1 : 0
                costs.append((plan.cost, outlook.cost))
            }
        }
    }

    private func tell() {
        func share(_ count: Int) -> String { "\(count * 1000 / max(pairs, 1)) of 1000" }
        let rank = OutlookAgreement.correlation(
            OutlookAgreement.ranks(costs.map(\.planned)), OutlookAgreement.ranks(costs.map(\.foreseen)))
        print("pairs \(pairs), same kind \(share(sameKind)), same style \(share(sameStyle)), rank correlation \(rank)")
    }

    /// Places in the order of size; equal values share theirs.
    private static func ranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = values
        var first = 0
        while first < order.count {
            var last = first
            while last + 1 < order.count, values[order[last + 1]] == values[order[first]] { last += 1 }
            for place in first...last { ranks[order[place]] = Double(first + last) / 2 }
            first = last + 1
        }
        return ranks
    }

    private static func correlation(_ x: [Double], _ y: [Double]) -> Double {
        let (meanX, meanY) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
        var (both, ofX, ofY) = (0.0, 0.0, 0.0)
        for i in x.indices {
            both += (x[i] - meanX) * (y[i] - meanY)
            ofX += (x[i] - meanX) * (x[i] - meanX)
            ofY += (y[i] - meanY) * (y[i] - meanY)
        }
        return both / (ofX * ofY).squareRoot()
    }
}
