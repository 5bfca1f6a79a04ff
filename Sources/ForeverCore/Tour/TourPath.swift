/// An order being improved: the path with its two ends, and the one move everything is made of, a reversal.
///
/// Position 0 and the last position never move: the first is the given start or nothing, the last is nothing
/// ("nothing" costs nothing on either side, so such an end is free). Costs may differ by direction; what a stretch
/// costs more when it is walked the other way is kept as a running sum, so a reversal's price is known at once.
struct TourPath {
    /// Track at each position; numbers from `trackCount` on are nothing.
    private(set) var order: [Int32]
    /// Position of each track.
    private(set) var place: [Int32]
    /// For each position, what all steps up to it cost more walked backwards than forwards; empty where that is 0.
    private var extraBefore: [Double]
    let cache: CostCache
    let isSymmetric: Bool

    init(order: [Int32], trackCount: Int, cache: CostCache, isSymmetric: Bool) {
        self.order = order
        self.cache = cache
        self.isSymmetric = isSymmetric
        place = [Int32](repeating: 0, count: trackCount)
        for (position, track) in order.enumerated() where Int(track) < trackCount {
            place[Int(track)] = Int32(position)
        }
        extraBefore = []
        if !isSymmetric {
            extraBefore = [Double](repeating: 0, count: order.count)
            for position in 0..<order.count - 1 { extraBefore[position + 1] = extraBefore[position] + extra(position) }
        }
    }

    var last: Int { order.count - 1 }

    @inline(__always)
    func step(_ a: Int32, _ b: Int32) -> Float { cache.cost(a, b) }

    /// What the steps within positions `first ... last` cost more when walked backwards.
    @inline(__always)
    func backwardExtra(_ first: Int, _ last: Int) -> Float {
        isSymmetric ? 0 : Float(extraBefore[last] - extraBefore[first])
    }

    /// Turns positions `first ... last` round. Its own inverse.
    mutating func reverse(_ first: Int, _ last: Int) {
        if first >= last { return }
        order.withUnsafeMutableBufferPointer { order in
            place.withUnsafeMutableBufferPointer { place in
                var low = first
                var high = last
                while low < high {
                    let a = order[low]
                    let b = order[high]
                    order[low] = b
                    order[high] = a
                    place[Int(b)] = Int32(low)
                    place[Int(a)] = Int32(high)
                    low += 1
                    high -= 1
                }
                if low == high { place[Int(order[low])] = Int32(low) }
            }
        }
        if isSymmetric { return }
        // The steps inside keep their prices, turned round and negated: no cost is looked up for them.
        let start = extraBefore[first - 1] + extra(first - 1)
        let before = extraBefore[last + 1]
        let offset = start - extraBefore[last]
        let closing = extra(last)
        extraBefore.withUnsafeMutableBufferPointer { sums in
            var low = first
            var high = last
            while low < high {
                let a = sums[low]
                sums[low] = offset + sums[high]
                sums[high] = offset + a
                low += 1
                high -= 1
            }
            if low == high { sums[low] += offset }
            sums[last + 1] = sums[last] + closing
            let shift = sums[last + 1] - before
            for position in last + 2..<max(last + 2, sums.count) { sums[position] += shift }
        }
    }

    @inline(__always)
    private func extra(_ position: Int) -> Double {
        let a = order[position]
        let b = order[position + 1]
        return Double(cache.cost(b, a)) - Double(cache.cost(a, b))
    }

    /// The path's cost, exactly summed.
    var cost: Double {
        var sum = 0.0
        for position in 0..<order.count - 1 { sum += Double(cache.cost(order[position], order[position + 1])) }
        return sum
    }
}
