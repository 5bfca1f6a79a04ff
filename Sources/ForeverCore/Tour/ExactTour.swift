/// The cheapest path through a few tracks, found outright: dynamic programming over subsets (Held and Karp 1962).
///
/// **Cost:** 2^n n^2 steps: 41 000 for nine tracks.
enum ExactTour {
    static func order(of table: TourTable, from first: Int?) -> [Int] {
        let count = table.count
        guard count > 0 else { return [] }
        let all = 1 << count
        var best = [Double](repeating: .infinity, count: all * count)
        var previous = [Int](repeating: -1, count: all * count)
        for start in 0..<count where first == nil || first == start { best[(1 << start) * count + start] = 0 }
        for visited in 1..<all {
            for here in 0..<count where visited & (1 << here) != 0 {
                let soFar = best[visited * count + here]
                guard soFar < .infinity else { continue }
                for next in 0..<count where visited & (1 << next) == 0 {
                    let place = (visited | 1 << next) * count + next
                    let cost = soFar + Double(table.fullCost(here, next))
                    if cost < best[place] {
                        best[place] = cost
                        previous[place] = here
                    }
                }
            }
        }
        var visited = all - 1
        var here = (0..<count).min { best[visited * count + $0] < best[visited * count + $1] }!
        var order = [here]
        while order.count < count {
            let before = previous[visited * count + here]
            visited &= ~(1 << here)
            here = before
            order.append(here)
        }
        return order.reversed()
    }
}
