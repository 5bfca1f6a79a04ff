extension TourSolver {
    /// Cost of the order that local search finds, even for so few tracks that they would be solved outright.
    package func searchedCost(_ tracks: [TrackFacts], from first: Int?, seed: UInt64, seconds: Double) -> Double {
        let table = TourTable(tracks: tracks, cost: cost)
        let found = TourTask(table: table, first: first, seed: seed, seconds: seconds)
            .solve(clock: { 0 }, exactTracksMax: 0).order
        return zip(found, found.dropFirst()).reduce(0) { $0 + Double(table.fullCost($1.0, $1.1)) }
    }

    /// Makes drawn moves of every kind and takes them back. **Returns** what did not come out as it was predicted.
    package func wrongPredictions(_ tracks: [TrackFacts], seed: UInt64, moves: Int) -> [String] {
        let table = TourTable(tracks: tracks, cost: cost)
        let energies = (0..<table.count).map { table.energy($0) }
        let shape = TourShape(energies: energies, wanted: energies.reversed(), weight: 0.3)
        let rules = TourRules(
            gap: artistGap, artists: energies.indices.map { table.artist($0) } + [-1], shape: shape, placesBefore: 1)
        var generator = SeededGenerator(seed: seed)
        let nothing = Int32(table.count)
        let order = [nothing] + generator.shuffled(energies.indices.map(Int32.init)) + [nothing]
        let path = TourPath(order: order, trackCount: table.count, firstFree: 1, cache: CostCache(table: table))
        let kinds: [TourMove.Kind] = [.turn, .swap, .swapTurningFirst, .swapTurningSecond, .turnBoth]
        var history = TourHistory()
        var wrong: [String] = []
        for number in 0..<moves {
            let kind = kinds[number % kinds.count]
            let cuts = generator.shuffled(Array(0..<path.last)).prefix(kind == .turn ? 2 : 3).sorted()
            let move = TourMove(kind: kind, first: cuts[0], middle: cuts[1], last: cuts[cuts.count - 1])
            let before = path.tracks
            let (cost, minded) = (path.cost, rules.cost(of: path))
            let (costChange, mindedChange) = (path.change(by: move), rules.change(by: move, on: path))
            let predicted = (1..<path.last).map { Int(path.order[move.source(of: $0)]) }
            history.make(move, on: path)
            if path.tracks != predicted { wrong.append("order after \(move)") }
            if abs(path.cost - cost - Double(costChange)) > 1e-4 { wrong.append("cost after \(move)") }
            if abs(rules.cost(of: path) - minded - mindedChange) > 1e-3 { wrong.append("rules after \(move)") }
            if number % 3 == 0 { history.forget() }
            if number % 7 == 0 {
                history.forget()
                let before = path.tracks
                history.make(move, on: path)
                history.takeBack(on: path)
                if path.tracks != before { wrong.append("taking back \(move)") }
            }
            if (0..<table.count).contains(where: { path.order[Int(path.place[$0])] != $0 }) { wrong.append("places") }
            if Set(before).count != table.count { wrong.append("a track is lost") }
        }
        return wrong
    }
}

extension TourRules {
    /// All that is minded of a path, counted from the beginning.
    fileprivate func cost(of path: TourPath) -> Float {
        var pairs = 0
        var shaped: Float = 0
        for left in 0..<path.count {
            shaped += shapeCost(of: path.order[left], at: left)
            for right in left + 1..<max(left + 1, min(path.count, left + gap + 1))
            where artist(of: path.order[left]) >= 0 && artist(of: path.order[left]) == artist(of: path.order[right]) {
                pairs += 1
            }
        }
        return TourRules.closeCost * Float(pairs) + shaped
    }
}
