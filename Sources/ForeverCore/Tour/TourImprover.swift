/// Makes a path cheaper: 2-opt and Or-opt over neighbour lists until neither helps, then again and again from a
/// small random disturbance, kept where it led to something better (iterated local search).
///
/// 2-opt: Croes (1958). Or-opt: Or (1976). Neighbour lists and "don't look" marks: Bentley (1992). The disturbance
/// swaps two neighbouring stretches of at most `disturbedStretchMax` tracks: a double bridge (Martin, Otto and Felten
/// 1991) kept local, so that a round costs the same however many tracks there are.
struct TourImprover {
    private var path: TourPath
    private let neighbours: TourNeighbours
    private var generator: SeededGenerator
    /// Reversals since the last keeping, to be taken back.
    private var done: [(Int32, Int32)] = []
    /// Tracks whose surroundings changed.
    private var waiting: [Int32] = []
    private var isWaiting: [Bool]

    private static let disturbedStretchMax = 30
    /// Longest stretch that Or-opt moves.
    private static let movedStretchMax = 3
    /// Gains smaller than this are rounding.
    private static let smallestGain: Float = 1e-6
    /// How much cheaper a step may be in the other direction and still be looked for.
    private static let directionReach: Float = 0.1
    /// Rounds between two looks at the clock.
    private static let roundsPerClockLook = 32

    init(path: TourPath, neighbours: TourNeighbours, trackCount: Int, seed: UInt64) {
        self.path = path
        self.neighbours = neighbours
        generator = SeededGenerator(seed: seed)
        isWaiting = [Bool](repeating: false, count: trackCount)
    }

    var order: [Int32] { path.order }

    /// First until no single move helps, then `rounds` disturbances.
    ///
    /// - Parameter isOver: asked now and then; true ends the work early.
    /// - Returns: whether it was ended early.
    mutating func run(rounds: Int, isOver: () -> Bool) -> Bool {
        for track in path.order where Int(track) < isWaiting.count { wait(for: track) }
        if settle(isOver: isOver) == nil { return true }
        let free = path.last - 1
        guard free >= 4 else { return false }
        for round in 0..<rounds {
            if round % TourImprover.roundsPerClockLook == 0, isOver() { return true }
            done.removeAll(keepingCapacity: true)
            var change = disturb()
            guard let gained = settle(isOver: { false }) else { return true }
            change += gained
            if change > -TourImprover.smallestGain {
                if change > TourImprover.smallestGain { takeBack() }
            }
        }
        return false
    }

    /// Swaps two neighbouring stretches. **Returns** the change in cost.
    private mutating func disturb() -> Float {
        let free = path.last - 1  // positions 1 ... free
        let longest = min(TourImprover.disturbedStretchMax, free / 2)
        let one = 1 + generator.next(below: longest)
        let two = 1 + generator.next(below: longest)
        let first = 1 + generator.next(below: free - one - two + 1)
        let middle = first + one
        let end = middle + two - 1
        let order = path.order
        let (before, after) = (order[first - 1], order[end + 1])
        let (a, b, c, d) = (order[first], order[middle - 1], order[middle], order[end])
        let change =
            path.step(before, c) + path.step(d, a) + path.step(b, after)
            - path.step(before, a) - path.step(b, c) - path.step(d, after)
        swapStretches(first, middle, end)
        for track in [before, a, b, c, d, after] { wait(for: track) }
        return change
    }

    /// Positions `first ..< middle` and `middle ... end` change places, each as it was.
    private mutating func swapStretches(_ first: Int, _ middle: Int, _ end: Int) {
        reverse(first, middle - 1)
        reverse(middle, end)
        reverse(first, end)
    }

    private mutating func reverse(_ first: Int, _ last: Int) {
        if first >= last { return }
        path.reverse(first, last)
        done.append((Int32(first), Int32(last)))
    }

    private mutating func takeBack() {
        while let (first, last) = done.popLast() { path.reverse(Int(first), Int(last)) }
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
            while let gain = improve(around: track) { change -= gain }
            looked += 1
            if looked % 256 == 0, isOver() { return nil }
        }
        return change
    }

    /// The first move that helps around a track, made. **Returns** what it gained.
    private mutating func improve(around track: Int32) -> Float? {
        let position = Int(path.place[Int(track)])
        if position < path.last, let gain = turnAfter(track, position) { return gain }
        if position > 0, let gain = turnBefore(track, position) { return gain }
        if position > 0, let gain = move(track, position) { return gain }
        return nil
    }

    /// 2-opt: the track gets a neighbour as its successor.
    private mutating func turnAfter(_ track: Int32, _ i: Int) -> Float? {
        let next = path.order[i + 1]
        let old = path.step(track, next)
        let base = Int(track) * neighbours.width
        for index in 0..<neighbours.width {
            let near = neighbours.list[base + index]
            let first = old - neighbours.costs[base + index]
            if first <= TourImprover.smallestGain { break }
            let j = Int(path.place[Int(near)])
            guard j != i + 1, j < path.last else { continue }
            let beyond = path.order[j + 1]
            if j > i {
                let gain =
                    first + path.step(near, beyond) - path.step(next, beyond) - path.backwardExtra(i + 1, j)
                if gain > TourImprover.smallestGain {
                    reverse(i + 1, j)
                    touch(track, next, near, beyond)
                    return gain
                }
            } else {
                let gain =
                    old + path.step(near, beyond) - path.step(near, track) - path.step(beyond, next)
                    - path.backwardExtra(j + 1, i)
                if gain > TourImprover.smallestGain {
                    reverse(j + 1, i)
                    touch(track, next, near, beyond)
                    return gain
                }
            }
        }
        return nil
    }

    /// 2-opt: the track gets a neighbour as its predecessor.
    private mutating func turnBefore(_ track: Int32, _ i: Int) -> Float? {
        let before = path.order[i - 1]
        let old = path.step(before, track)
        let base = Int(track) * neighbours.width
        for index in 0..<neighbours.width {
            let near = neighbours.list[base + index]
            let known = neighbours.costs[base + index]
            // Where directions differ, the step back costs about the same: looked at while that is not hopeless.
            if known >= old + (path.isSymmetric ? 0 : TourImprover.directionReach) { break }
            let first = old - (path.isSymmetric ? known : path.step(near, track))
            if first <= TourImprover.smallestGain { continue }
            let j = Int(path.place[Int(near)])
            guard j != i - 1, j > 0 else { continue }
            let beyond = path.order[j - 1]
            if j < i {
                let gain =
                    first + path.step(beyond, near) - path.step(beyond, before) - path.backwardExtra(j, i - 1)
                if gain > TourImprover.smallestGain {
                    reverse(j, i - 1)
                    touch(track, before, near, beyond)
                    return gain
                }
            } else {
                let gain =
                    old + path.step(beyond, near) - path.step(before, beyond) - path.step(track, near)
                    - path.backwardExtra(i, j - 1)
                if gain > TourImprover.smallestGain {
                    reverse(i, j - 1)
                    touch(track, before, near, beyond)
                    return gain
                }
            }
        }
        return nil
    }

    /// Or-opt: a stretch of up to three that begins or ends with the track goes next to one of its neighbours.
    private mutating func move(_ track: Int32, _ i: Int) -> Float? {
        for length in 1...TourImprover.movedStretchMax {
            if i + length - 1 < path.last, let gain = move(track, i, i + length - 1) { return gain }
            if length > 1, i - length + 1 > 0, let gain = move(track, i - length + 1, i) { return gain }
        }
        return nil
    }

    private mutating func move(_ track: Int32, _ first: Int, _ last: Int) -> Float? {
        let (head, tail) = (path.order[first], path.order[last])
        let (before, after) = (path.order[first - 1], path.order[last + 1])
        let freed = path.step(before, head) + path.step(tail, after) - path.step(before, after)
        if freed <= TourImprover.smallestGain { return nil }
        let turned = path.backwardExtra(first, last)
        let base = Int(track) * neighbours.width
        for index in 0..<neighbours.width {
            let near = neighbours.list[base + index]
            let place = Int(path.place[Int(near)])
            if place >= first, place <= last { continue }
            if neighbours.costs[base + index] >= freed + (path.isSymmetric ? 0 : TourImprover.directionReach) { break }
            // Between `near` and its successor, then between its predecessor and `near`.
            for low in [place, place - 1] where low >= 0 && low < path.last && (low < first - 1 || low > last) {
                let (a, b) = (path.order[low], path.order[low + 1])
                let gap = path.step(a, b)
                let forward = path.step(a, head) + path.step(tail, b) - gap
                let backward = path.step(a, tail) + path.step(head, b) - gap + turned
                let gain = freed - min(forward, backward)
                guard gain > TourImprover.smallestGain else { continue }
                carry(first, last, low, turning: backward < forward)
                touch(before, after, a, b)
                touch(head, tail, head, tail)
                return gain
            }
        }
        return nil
    }

    /// Carries positions `first ... last` to between `low` and `low + 1`.
    private mutating func carry(_ first: Int, _ last: Int, _ low: Int, turning: Bool) {
        if low > last {
            if !turning { reverse(first, last) }
            reverse(last + 1, low)
            reverse(first, low)
        } else {
            if !turning { reverse(first, last) }
            reverse(low + 1, first - 1)
            reverse(low + 1, last)
        }
    }

    private mutating func touch(_ a: Int32, _ b: Int32, _ c: Int32, _ d: Int32) {
        wait(for: a)
        wait(for: b)
        wait(for: c)
        wait(for: d)
    }
}
