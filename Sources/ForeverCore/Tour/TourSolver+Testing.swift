extension TourSolver {
    /// Cost of the order that local search finds, even for so few tracks that they would be solved outright.
    package func searchedCost(_ tracks: [TrackFacts], from first: Int?, seed: UInt64, seconds: Double) -> Double {
        let table = TourTable(tracks: tracks, cost: cost)
        let found = order(of: table, from: first, seed: seed, seconds: seconds, clock: { 0 }, exactTracksMax: 0).order
        return zip(found, found.dropFirst()).reduce(0) { $0 + table.fullCost($1.0, $1.1) }
    }
}
