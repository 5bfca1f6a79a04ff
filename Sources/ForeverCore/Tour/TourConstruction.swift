/// Orders to begin with: from each track on to the cheapest that is left, or an earlier order mended.
struct TourConstruction {
    let table: TourTable
    let cache: CostCache
    let neighbours: TourNeighbours
    let shape: TourShape?
    let first: Int?

    /// From each track on to the cheapest that is left, beginning with `first` or a drawn one.
    func order(drawing generator: inout SeededGenerator) -> [Int] {
        let begin = first ?? generator.next(below: table.count)
        var left = Array(0..<Int32(table.count))  // the unvisited, in no order, each knowing its place
        var place = left.map(Int.init)
        func take(_ track: Int32) {
            let hole = place[Int(track)]
            let moved = left[left.count - 1]
            left[hole] = moved
            place[Int(moved)] = hole
            place[Int(track)] = -1
            left.removeLast()
        }
        var order = [begin]
        order.reserveCapacity(table.count)
        take(Int32(begin))
        while !left.isEmpty {
            let here = order[order.count - 1]
            let position = order.count
            var next: Int32?
            var best = Float.infinity
            func consider(_ track: Int32, _ cost: Float) {
                let cost = cost + (shape?.cost(of: track, at: position) ?? 0)
                if cost < best || (cost == best && track < next!) { (best, next) = (cost, track) }
            }
            for index in 0..<neighbours.width {
                let track = neighbours.list[here * neighbours.width + index]
                if place[Int(track)] < 0 { continue }
                consider(track, neighbours.costs[here * neighbours.width + index])
                if shape == nil { break }
            }
            if next == nil || shape != nil {
                // All neighbours are behind us, or the hour asks for others: those left (of the first few thousand).
                for track in left.prefix(CoreLimits.neighbourScanTracksMax) {
                    consider(track, table.factsCost(here, Int(track)))
                }
            }
            order.append(Int(next!))
            take(next!)
        }
        return order
    }

    /// What is left of an earlier order, in that order, and what is new, each where it adds least.
    ///
    /// **Returns** the order and the tracks whose surroundings are not what they were.
    /// **Cost:** for each new track a look at both sides of its neighbours; a shift of the order.
    func order(keeping previous: [Int]) -> (order: [Int], touched: [Int]) {
        var isHere = [Bool](repeating: false, count: table.count)
        var order: [Int] = []
        order.reserveCapacity(table.count)
        var touched = Set<Int>()
        if let first {
            order.append(first)
            isHere[first] = true
            touched.insert(first)
        }
        var isBroken = true  // whether what stood before is gone
        for track in previous {
            guard (0..<table.count).contains(track), !isHere[track] else {
                isBroken = true
                continue
            }
            if isBroken {
                touched.insert(track)
                if let before = order.last { touched.insert(before) }
                isBroken = false
            }
            isHere[track] = true
            order.append(track)
        }
        if isBroken, let end = order.last { touched.insert(end) }
        var place = [Int](repeating: -1, count: table.count)
        for (position, track) in order.enumerated() { place[track] = position }
        for track in 0..<table.count where !isHere[track] {
            let position = cheapestPlace(for: track, in: order, place)
            if position > 0 { touched.insert(order[position - 1]) }
            if position < order.count { touched.insert(order[position]) }
            touched.insert(track)
            order.insert(track, at: position)
            for moved in position..<order.count { place[order[moved]] = moved }
        }
        return (order, touched.sorted())
    }

    /// Where a new track adds least: next to one of its neighbours, or at the end.
    private func cheapestPlace(for track: Int, in order: [Int], _ place: [Int]) -> Int {
        func added(at position: Int) -> Float {
            let here = Int32(track)
            let before = position > 0 ? Int32(order[position - 1]) : Int32(table.count)
            let after = position < order.count ? Int32(order[position]) : Int32(table.count)
            return cache.cost(before, here) + cache.cost(here, after) - cache.cost(before, after)
                + (shape?.cost(of: here, at: position) ?? 0)
        }
        var best = (cost: added(at: order.count), position: order.count)
        for neighbour in neighbours.of(track) where place[Int(neighbour)] >= 0 {
            let beside = place[Int(neighbour)]
            for position in [beside, beside + 1] where position > 0 || first == nil {
                let cost = added(at: position)
                if cost < best.cost { best = (cost, position) }
            }
        }
        return best.position
    }
}
