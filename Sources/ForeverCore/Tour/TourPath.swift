/// An order being improved: the path with its two ends, and the one move everything is made of, a reversal.
///
/// Position 0 and the last position never move: the first is the given start or nothing, the last is nothing
/// ("nothing" costs nothing on either side, so such an end is free). Costs may differ by direction; what a stretch
/// costs more when it is walked the other way is kept for each step, so a reversal's price is known exactly.
struct TourPath {
    /// Track at each position; numbers from `trackCount` on are nothing.
    private(set) var order: [Int32]
    /// Position of each track.
    private(set) var place: [Int32]
    /// For each position, the cost of its step walked backwards less the cost walked forwards; empty where all are 0.
    private var backwardExtra: [Float]
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
        backwardExtra = []
        if !isSymmetric {
            backwardExtra = [Float](repeating: 0, count: order.count)
            for position in 0..<order.count - 1 { refreshExtra(position) }
        }
    }

    var last: Int { order.count - 1 }

    @inline(__always)
    func step(_ a: Int32, _ b: Int32) -> Float { cache.cost(a, b) }

    /// What the steps within positions `first ... last` cost more when walked backwards.
    @inline(__always)
    func backwardExtra(_ first: Int, _ last: Int) -> Float {
        if isSymmetric { return 0 }
        var sum: Float = 0
        backwardExtra.withUnsafeBufferPointer { extra in
            var position = first
            while position < last {
                sum += extra[position]
                position += 1
            }
        }
        return sum
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
        backwardExtra.withUnsafeMutableBufferPointer { extra in
            var low = first
            var high = last - 1
            while low < high {
                let a = extra[low]
                extra[low] = -extra[high]
                extra[high] = -a
                low += 1
                high -= 1
            }
            if low == high { extra[low] = -extra[low] }
        }
        refreshExtra(first - 1)
        refreshExtra(last)
    }

    private mutating func refreshExtra(_ position: Int) {
        let a = order[position]
        let b = order[position + 1]
        backwardExtra[position] = cache.cost(b, a) - cache.cost(a, b)
    }

    /// The path's cost, exactly summed.
    var cost: Double {
        var sum = 0.0
        for position in 0..<order.count - 1 { sum += Double(cache.cost(order[position], order[position + 1])) }
        return sum
    }
}
