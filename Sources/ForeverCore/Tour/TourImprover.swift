/// Makes a path cheaper: sequential 2-opt and 3-opt moves over neighbour lists until none helps, then again and again
/// from a small random disturbance, kept where it led to something better (iterated local search).
///
/// Sequential moves and the gain criterion: Lin and Kernighan (1973). Neighbour lists and "don't look" marks: Bentley
/// (1992). The disturbance swaps two neighbouring stretches of at most `disturbedStretchMax` tracks: a double bridge
/// (Martin, Otto and Felten 1991) kept local, so that a round costs the same however many tracks there are.
struct TourImprover {
    private let path: TourPath
    private let neighbours: TourNeighbours
    private let rules: TourRules
    private let mindsRules: Bool
    private var generator: SeededGenerator
    private var history = TourHistory()
    /// Tracks whose surroundings changed, each once.
    private var waiting: [Int32] = []
    private var isWaiting: [Bool]

    private static let disturbedStretchMax = 20
    /// Disturbances drawn for a round, of which the cheapest is made.
    private static let disturbancesDrawn = 3
    /// Gains smaller than this are rounding.
    private static let smallestGain: Float = 1e-6
    /// Rounds between two looks at the clock.
    private static let roundsPerClockLook = 32
    /// Neighbours that the second joint of a move tries.
    private static let secondJointMax = 8

    init(path: TourPath, neighbours: TourNeighbours, rules: TourRules, seed: UInt64) {
        self.path = path
        self.neighbours = neighbours
        self.rules = rules
        mindsRules = !rules.isNothingMinded
        generator = SeededGenerator(seed: seed)
        isWaiting = [Bool](repeating: false, count: path.trackCount)
    }

    /// First until no single move helps, then `rounds` disturbances.
    ///
    /// - Parameters:
    ///   - touched: tracks whose surroundings are new, where the rest of the path is good already; nil: all are.
    ///   - isOver: asked now and then; true ends the work early.
    /// - Returns: whether it was ended early.
    mutating func run(rounds: Int, from touched: [Int]?, isOver: () -> Bool) -> Bool {
        if let touched {
            for track in touched { wait(for: Int32(track)) }
        } else {
            for position in 0..<path.count { wait(for: path.order[path.last - position]) }
        }
        if settle(isOver: isOver) == nil { return true }
        guard path.last - path.firstFree >= 4 else { return false }
        for round in 0..<rounds {
            if round % TourImprover.roundsPerClockLook == 0, isOver() { return true }
            history.forget()
            guard var change = disturb() else { continue }
            change += settle(isOver: { false })!
            if change > TourImprover.smallestGain { history.takeBack(on: path) }
        }
        return false
    }

    /// Swaps two neighbouring stretches. **Returns** the change in cost; nil where the rules forbid it.
    private mutating func disturb() -> Float? {
        var best: (move: TourMove, change: Float)?
        for _ in 0..<TourImprover.disturbancesDrawn {
            let move = drawnSwap()
            var change = path.change(by: move)
            if mindsRules {
                let minded = rules.change(by: move, on: path)
                if minded >= TourRules.closeCost { continue }
                change += minded
            }
            if change < best?.change ?? .infinity { best = (move, change) }
        }
        guard let best else { return nil }
        make(best.move)
        return best.change
    }

    private mutating func drawnSwap() -> TourMove {
        let free = path.last - path.firstFree
        let longest = min(TourImprover.disturbedStretchMax, free / 2)
        let one = 1 + generator.next(below: longest)
        let two = 1 + generator.next(below: longest)
        let first = path.firstFree - 1 + generator.next(below: free - one - two + 1)
        return TourMove(kind: .swap, first: first, middle: first + one, last: first + one + two)
    }

    private mutating func make(_ move: TourMove) {
        history.make(move, on: path)
        let order = path.order
        wait(for: order[move.first])
        wait(for: order[move.first + 1])
        wait(for: order[move.last])
        wait(for: order[move.last + 1])
        if move.kind != .turn {
            let second = move.secondStart
            wait(for: order[second - 1])
            wait(for: order[second])
        }
    }

    private mutating func wait(for track: Int32) {
        guard Int(track) < isWaiting.count, !isWaiting[Int(track)] else { return }
        isWaiting[Int(track)] = true
        waiting.append(track)
    }

    /// Moves until nothing helps. **Returns** the change in cost; nil when it was ended early.
    private mutating func settle(isOver: () -> Bool) -> Float? {
        var change: Float = 0
        var looked = 0
        while let track = waiting.popLast() {
            isWaiting[Int(track)] = false
            while let found = improvement(around: track) {
                make(found.move)
                change += found.change
            }
            looked += 1
            if looked % 256 == 0, isOver() { return nil }
        }
        return change
    }

    /// The first move found that helps and that cuts a step to or from the track.
    private func improvement(around t1: Int32) -> (move: TourMove, change: Float)? {
        let p1 = Int(path.place[Int(t1)])
        for side in 0..<2 {
            let forward = side == 0
            let p2 = forward ? p1 + 1 : p1 - 1
            let cut1 = forward ? p1 : p2
            if cut1 < path.firstFree - 1 || cut1 >= path.last { continue }
            let t2 = path.order[p2]
            if Int(t2) >= path.trackCount { continue }
            if let found = joined(t1, p1, t2, p2, cut1, forward) { return found }
        }
        return nil
    }

    /// Tries to join `t2`, whose step to `t1` is cut, with its neighbours instead.
    @inline(__always)
    private func joined(
        _ t1: Int32, _ p1: Int, _ t2: Int32, _ p2: Int, _ cut1: Int, _ forward: Bool
    ) -> (move: TourMove, change: Float)? {
        let freed = path.steps[cut1]
        let base = Int(t2) * neighbours.width
        for index in base..<base + neighbours.width {
            let gained1 = freed - neighbours.costs[index]
            if gained1 <= TourImprover.smallestGain { return nil }
            let t3 = neighbours.list[index]
            let p3 = Int(path.place[Int(t3)])
            if abs(p3 - p2) == 1 || p3 < path.firstFree - 1 { continue }
            for side in 0..<2 {
                let after = (side == 0) != forward
                let p4 = after ? p3 + 1 : p3 - 1
                let cut2 = after ? p3 : p4
                if cut2 < path.firstFree - 1 || cut2 >= path.last || cut2 == cut1 { continue }
                let t4 = path.order[p4]
                let gained2 = gained1 + path.steps[cut2]
                if after != forward, gained2 - cache.least(t1, t4) > TourImprover.smallestGain {
                    let move = TourMove(
                        kind: .turn, first: min(cut1, cut2), middle: max(cut1, cut2), last: max(cut1, cut2))
                    if let change = helps(move) { return (move, change) }
                }
                if Int(t4) >= path.trackCount { continue }
                if let found = joined(
                    p1: p1, t1: t1, p2: p2, cut1: cut1, p3: p3, t3: t3, p4: p4, t4: t4, cut2: cut2, gained: gained2)
                {
                    return found
                }
            }
        }
        return nil
    }

    /// The third cut: joins `t4` with its neighbours.
    @inline(__always)
    private func joined(
        p1: Int, t1: Int32, p2: Int, cut1: Int, p3: Int, t3: Int32, p4: Int, t4: Int32, cut2: Int, gained: Float
    ) -> (move: TourMove, change: Float)? {
        let base = Int(t4) * neighbours.width
        for index in base..<base + min(neighbours.width, TourImprover.secondJointMax) {
            let gained3 = gained - neighbours.costs[index]
            if gained3 <= TourImprover.smallestGain { return nil }
            let t5 = neighbours.list[index]
            let p5 = Int(path.place[Int(t5)])
            if t5 == t3 || abs(p5 - p4) == 1 || p5 < path.firstFree - 1 { continue }
            for side in 0..<2 {
                let after = side == 0
                let p6 = after ? p5 + 1 : p5 - 1
                let cut3 = after ? p5 : p6
                if cut3 < path.firstFree - 1 || cut3 >= path.last || cut3 == cut1 || cut3 == cut2 { continue }
                let freed = gained3 + path.steps[cut3]
                if freed <= TourImprover.smallestGain { continue }
                guard let move = TourImprover.move(p1, p2, cut1, p3, p4, cut2, p5, p6, cut3) else { continue }
                if freed - cache.least(t1, path.order[p6]) <= TourImprover.smallestGain { continue }
                if let change = helps(move) { return (move, change) }
            }
        }
        return nil
    }

    private var cache: CostCache { path.cache }

    /// The move that cuts three steps and joins 2 with 3, 4 with 5, 6 with 1; nil where that leaves no path.
    @inline(__always)
    private static func move(
        _ p1: Int, _ p2: Int, _ cut1: Int, _ p3: Int, _ p4: Int, _ cut2: Int, _ p5: Int, _ p6: Int, _ cut3: Int
    ) -> TourMove? {
        // Where each cut stands along the path, and on which side of it each end is.
        let rank1 = (cut2 < cut1 ? 2 : 0) + (cut3 < cut1 ? 2 : 0)
        let rank2 = (cut1 < cut2 ? 2 : 0) + (cut3 < cut2 ? 2 : 0)
        let rank3 = 6 - rank1 - rank2
        let s1 = rank1 + (p1 > cut1 ? 1 : 0)
        let s2 = rank1 + (p2 > cut1 ? 1 : 0)
        let s3 = rank2 + (p3 > cut2 ? 1 : 0)
        let s4 = rank2 + (p4 > cut2 ? 1 : 0)
        let s5 = rank3 + (p5 > cut3 ? 1 : 0)
        let s6 = rank3 + (p6 > cut3 ? 1 : 0)
        func mate(_ side: Int) -> Int {
            if s1 == side { return s6 }
            if s2 == side { return s3 }
            if s3 == side { return s2 }
            if s4 == side { return s5 }
            if s5 == side { return s4 }
            return s1
        }
        guard let kind = TourMove.kind(joiningFirst: mate(0), second: mate(1)) else { return nil }
        let first = min(cut1, cut2, cut3)
        let last = max(cut1, cut2, cut3)
        return TourMove(kind: kind, first: first, middle: cut1 + cut2 + cut3 - first - last, last: last)
    }

    /// What the move changes, rules and direction included, where that is a gain.
    private func helps(_ move: TourMove) -> Float? {
        var change = path.change(by: move)
        if change > -TourImprover.smallestGain { return nil }
        if mindsRules {
            change += rules.change(by: move, on: path)
            if change > -TourImprover.smallestGain { return nil }
        }
        return change
    }
}
