/// What was done to a path since a point to which it may return.
struct TourHistory {
    private enum Entry {
        case reversal(Int32, Int32)
        case price(Int32, Float, Float)
    }

    private var entries: [Entry] = []
    /// Positions whose sums must be put right when all is taken back.
    private var low = Int.max
    private var high = 0

    mutating func forget() {
        entries.removeAll(keepingCapacity: true)
        low = .max
        high = 0
    }

    /// Makes a move.
    mutating func make(_ move: TourMove, on path: TourPath) {
        let (i, j, k) = (move.first, move.middle, move.last)
        let length = k - j
        switch move.kind {
        case .turn: reverse(i + 1, k, path)
        case .swap:
            reverse(i + 1, j, path)
            reverse(j + 1, k, path)
            reverse(i + 1, k, path)
        case .swapTurningFirst:
            reverse(i + 1, k, path)
            reverse(i + 1, i + length, path)
        case .swapTurningSecond:
            reverse(i + 1, k, path)
            reverse(i + 1 + length, k, path)
        case .turnBoth:
            reverse(i + 1, j, path)
            reverse(j + 1, k, path)
        }
        price(i, path)
        price(k, path)
        if move.kind != .turn { price(move.secondStart - 1, path) }
        path.sumUp(from: i, to: k + 1)
        low = min(low, i)
        high = max(high, k + 1)
    }

    /// Takes back everything since `forget`.
    mutating func takeBack(on path: TourPath) {
        while let entry = entries.popLast() {
            switch entry {
            case .reversal(let first, let last): path.reverse(Int(first), Int(last))
            case .price(let position, let forward, let backward): path.setPrice(Int(position), forward, backward)
            }
        }
        if low < high { path.sumUp(from: low, to: high) }
        forget()
    }

    @inline(__always)
    private mutating func reverse(_ first: Int, _ last: Int, _ path: TourPath) {
        if first >= last { return }
        path.reverse(first, last)
        entries.append(.reversal(Int32(first), Int32(last)))
    }

    /// Within a move the price that is replaced is a stranger's, carried along: what stood there before the move comes
    /// back with the reversals.
    @inline(__always)
    private mutating func price(_ position: Int, _ path: TourPath) {
        entries.append(.price(Int32(position), path.steps[position], path.priceBack(position)))
        path.price(position)
    }
}
