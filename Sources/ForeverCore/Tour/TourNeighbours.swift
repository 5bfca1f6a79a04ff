/// For each track the few that follow it most cheaply: the only ones the solver tries.
///
/// Chosen in two steps, so that the planner is asked about few pairs: by the facts alone three times as many as are
/// kept, then by the full cost. Up to `neighbourScanTracksMax` tracks all others are looked at; beyond it those of
/// like tempo and a random few, which keeps the work at n times a constant.
final class TourNeighbours {
    /// Neighbours kept a track.
    let width: Int
    /// `width` numbers a track, nearest first.
    let list: UnsafeMutablePointer<Int32>
    /// What the step to each of them costs.
    let costs: UnsafeMutablePointer<Float>

    init(table: TourTable, cache: CostCache, seed: UInt64) {
        let count = table.count
        let width = min(CoreLimits.tourNeighbours, max(0, count - 1))
        self.width = width
        var generator = SeededGenerator(seed: seed ^ 0x6e65_6967_6862_6f75)
        let byTempo = count > CoreLimits.neighbourScanTracksMax ? TourNeighbours.sortedByTempo(table) : nil
        list = .allocate(capacity: max(1, count * width))
        costs = .allocate(capacity: max(1, count * width))
        var near: [(cost: Float, track: Int32)] = []
        for track in 0..<count {
            near.removeAll(keepingCapacity: true)
            if let byTempo {
                TourNeighbours.pool(of: track, byTempo, &generator) { other in
                    near.append((table.factsCost(track, Int(other)), other))
                }
            } else {
                for other in 0..<count where other != track {
                    near.append((table.factsCost(track, other), Int32(other)))
                }
            }
            TourNeighbours.keepCheapest(3 * width, of: &near)
            for index in near.indices { near[index].cost = cache.least(Int32(track), near[index].track) }
            TourNeighbours.keepCheapest(width, of: &near)
            for (index, neighbour) in near.enumerated() {
                (list + track * width + index).initialize(to: neighbour.track)
                (costs + track * width + index).initialize(to: neighbour.cost)
            }
        }
    }

    deinit {
        list.deallocate()
        costs.deallocate()
    }

    /// The neighbours of a track, nearest first.
    func of(_ track: Int) -> UnsafeBufferPointer<Int32> {
        UnsafeBufferPointer(start: list + track * width, count: width)
    }

    /// Leaves the `kept` cheapest, ascending; equal costs by number, so that the result is one only.
    private static func keepCheapest(_ kept: Int, of near: inout [(cost: Float, track: Int32)]) {
        func isBefore(_ a: (cost: Float, track: Int32), _ b: (cost: Float, track: Int32)) -> Bool {
            a.cost != b.cost ? a.cost < b.cost : a.track < b.track
        }
        if near.count > 4 * kept, kept > 0 {
            // A selection in one pass: a sorted head of `kept`, everything else only compared with its last.
            var head: [(cost: Float, track: Int32)] = []
            head.reserveCapacity(kept + 1)
            for candidate in near {
                if head.count == kept, !isBefore(candidate, head[kept - 1]) { continue }
                var place = head.count
                while place > 0, isBefore(candidate, head[place - 1]) { place -= 1 }
                head.insert(candidate, at: place)
                if head.count > kept { head.removeLast() }
            }
            near = head
        } else {
            near.sort(by: isBefore)
            if near.count > kept { near.removeLast(near.count - kept) }
        }
    }

    private struct ByTempo {
        var order: [Int32]
        var place: [Int32]
    }

    private static func sortedByTempo(_ table: TourTable) -> ByTempo {
        let tempi = (0..<table.count).map { table.tempoWithinOctave($0) ?? 2 }
        let order = (0..<Int32(table.count)).sorted {
            (tempi[Int($0)], $0) < (tempi[Int($1)], $1)
        }
        var place = [Int32](repeating: 0, count: table.count)
        for (index, track) in order.enumerated() { place[Int(track)] = Int32(index) }
        return ByTempo(order: order, place: place)
    }

    /// Half the tracks of like tempo that are looked at, and how many random ones besides.
    private static let tempoReach = 128
    private static let randomCount = 128

    private static func pool(
        of track: Int, _ byTempo: ByTempo, _ generator: inout SeededGenerator, _ take: (Int32) -> Void
    ) {
        let count = byTempo.order.count
        let place = Int(byTempo.place[track])
        for step in 1...tempoReach {
            take(byTempo.order[(place + step) % count])
            take(byTempo.order[(place + count - step) % count])
        }
        // Random ones from outside that reach, each once: one from each of so many equal shares of the rest.
        let rest = count - 2 * tempoReach - 1
        for share in 0..<randomCount {
            let low = rest * share / randomCount
            let high = rest * (share + 1) / randomCount
            let offset = low + generator.next(below: high - low)
            take(byTempo.order[(place + tempoReach + 1 + offset) % count])
        }
    }
}
