/// A change of a path: two or three steps are cut, and the stretches between them joined otherwise.
///
/// With cuts after positions `first < middle < last` the path is A B C D; D and what stands before A never move.
struct TourMove {
    enum Kind {
        /// A Br D, `middle` is `last`.
        case turn
        /// A C B D.
        case swap
        /// A C Br D.
        case swapTurningFirst
        /// A Cr B D.
        case swapTurningSecond
        /// A Br Cr D.
        case turnBoth
    }

    var kind: Kind
    /// The position before each cut.
    var first: Int
    var middle: Int
    var last: Int

    /// The two ends of B and C as they will stand, as positions of now: `(B or C first), ...`.
    ///
    /// **Returns** where the second stretch will begin.
    var secondStart: Int {
        switch kind {
        case .turn: last + 1
        case .turnBoth: middle + 1
        case .swap, .swapTurningFirst, .swapTurningSecond: first + 1 + (last - middle)
        }
    }

    /// The position now of what will stand at `position` once the move is made.
    @inline(__always)
    func source(of position: Int) -> Int {
        if position <= first || position > last { return position }
        let offset = position - first - 1
        switch kind {
        case .turn: return last - offset
        case .turnBoth:
            let count = middle - first
            return offset < count ? middle - offset : last - (offset - count)
        case .swap:
            let count = last - middle
            return offset < count ? middle + 1 + offset : first + 1 + (offset - count)
        case .swapTurningFirst:
            let count = last - middle
            return offset < count ? middle + 1 + offset : middle - (offset - count)
        case .swapTurningSecond:
            let count = last - middle
            return offset < count ? last - offset : first + 1 + (offset - count)
        }
    }

    /// Which way the stretches are joined when three steps are cut, from who is joined with the two sides of the
    /// first cut. Sides are numbered along the path: 0 and 1 before and after the first cut, 2 and 3, 4 and 5.
    @inline(__always)
    static func kind(joiningFirst a: Int, second b: Int) -> Kind? {
        switch (a, b) {
        case (3, 4): .swap
        case (3, 5): .swapTurningFirst
        case (4, 3): .swapTurningSecond
        case (2, 4): .turnBoth
        default: nil
        }
    }
}

extension TourPath {
    /// What the path costs more once the move is made.
    @inline(__always)
    func change(by move: TourMove) -> Float {
        let (i, j, k) = (move.first, move.middle, move.last)
        let (a, b, e, f) = (order[i], order[i + 1], order[k], order[k + 1])
        if move.kind == .turn {
            return step(a, e) + step(b, f) - steps[i] - steps[k] + backwardExtra(i + 1, k)
        }
        let (c, d) = (order[j], order[j + 1])
        let cut = steps[i] + steps[j] + steps[k]
        switch move.kind {
        case .turn, .swap: return step(a, d) + step(e, b) + step(c, f) - cut
        case .swapTurningFirst: return step(a, d) + step(e, c) + step(b, f) - cut + backwardExtra(i + 1, j)
        case .swapTurningSecond: return step(a, e) + step(d, b) + step(c, f) - cut + backwardExtra(j + 1, k)
        case .turnBoth:
            return step(a, c) + step(b, e) + step(d, f) - cut + backwardExtra(i + 1, j) + backwardExtra(j + 1, k)
        }
    }
}
