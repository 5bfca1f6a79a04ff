/// An order being improved: the path, what each of its steps costs, and the one change everything is made of, a
/// reversal.
///
/// The positions before `firstFree` and the last one never move: the given start or nothing, and nothing ("nothing"
/// costs nothing on either side, so such an end is free). Costs may differ by direction; what a stretch costs more
/// when it is walked the other way is kept as a running sum, so a reversal's price is known at once.
/// **Cost:** 8 bytes a track, 24 where costs differ by direction. **Thread:** one user at a time.
final class TourPath {
    /// Track at each position; numbers from `trackCount` on are nothing.
    let order: UnsafeMutablePointer<Int32>
    /// Position of each track.
    let place: UnsafeMutablePointer<Int32>
    /// Cost of the step from each position to the next.
    let steps: UnsafeMutablePointer<Float>
    let count: Int
    let trackCount: Int
    let firstFree: Int
    let cache: CostCache
    let isSymmetric: Bool
    /// The same steps walked backwards, and for each position what all steps before it cost more that way. Both are
    /// only there where costs differ by direction.
    private let stepsBack: UnsafeMutablePointer<Float>
    private let extraBefore: UnsafeMutablePointer<Double>

    init(order given: [Int32], trackCount: Int, firstFree: Int, cache: CostCache) {
        count = given.count
        self.trackCount = trackCount
        self.firstFree = firstFree
        self.cache = cache
        isSymmetric = cache.isSymmetric
        order = .allocate(capacity: count)
        place = .allocate(capacity: max(1, trackCount))
        steps = .allocate(capacity: count)
        stepsBack = .allocate(capacity: isSymmetric ? 1 : count)
        extraBefore = .allocate(capacity: isSymmetric ? 1 : count)
        order.initialize(from: given, count: count)
        place.initialize(repeating: -1, count: max(1, trackCount))
        steps.initialize(repeating: 0, count: count)
        stepsBack.initialize(repeating: 0, count: isSymmetric ? 1 : count)
        extraBefore.initialize(repeating: 0, count: isSymmetric ? 1 : count)
        for position in 0..<count where Int(order[position]) < trackCount {
            place[Int(order[position])] = Int32(position)
        }
        for position in 0..<count - 1 { price(position) }
        sumUp(from: 0, to: count - 1)
    }

    deinit {
        order.deallocate()
        place.deallocate()
        steps.deallocate()
        stepsBack.deallocate()
        extraBefore.deallocate()
    }

    var last: Int { count - 1 }

    @inline(__always)
    func step(_ a: Int32, _ b: Int32) -> Float { cache.cost(a, b) }

    /// What the steps within positions `first ... last` cost more when walked backwards.
    @inline(__always)
    func backwardExtra(_ first: Int, _ last: Int) -> Float {
        isSymmetric ? 0 : Float(extraBefore[last] - extraBefore[first])
    }

    /// Turns positions `first ... last` round. Its own inverse. The steps into and out of the stretch keep their old
    /// prices until `price`, the sums of the way back until `sumUp`.
    func reverse(_ first: Int, _ last: Int) {
        var low = first
        var high = last
        while low < high {
            let a = order[low]
            let b = order[high]
            order[low] = b
            order[high] = a
            if Int(b) < trackCount { place[Int(b)] = Int32(low) }
            if Int(a) < trackCount { place[Int(a)] = Int32(high) }
            low += 1
            high -= 1
        }
        low = first
        high = last - 1
        if isSymmetric {
            while low < high {
                (steps[low], steps[high]) = (steps[high], steps[low])
                low += 1
                high -= 1
            }
        } else {
            while low < high {
                (steps[low], stepsBack[high]) = (stepsBack[high], steps[low])
                (stepsBack[low], steps[high]) = (steps[high], stepsBack[low])
                low += 1
                high -= 1
            }
            if low == high { (steps[low], stepsBack[low]) = (stepsBack[low], steps[low]) }
        }
    }

    /// Looks up what the step from a position costs.
    @inline(__always)
    func price(_ position: Int) {
        steps[position] = cache.cost(order[position], order[position + 1])
        if !isSymmetric { stepsBack[position] = cache.cost(order[position + 1], order[position]) }
    }

    /// Sets a step's price to one that was known before.
    @inline(__always)
    func setPrice(_ position: Int, _ forward: Float, _ backward: Float) {
        steps[position] = forward
        if !isSymmetric { stepsBack[position] = backward }
    }

    @inline(__always)
    func priceBack(_ position: Int) -> Float { isSymmetric ? 0 : stepsBack[position] }

    /// Puts the sums right after the steps `first ..< last` have changed.
    func sumUp(from first: Int, to last: Int) {
        if isSymmetric { return }
        let before = extraBefore[last]
        var sum = extraBefore[first]
        for position in first..<last {
            sum += Double(stepsBack[position] - steps[position])
            extraBefore[position + 1] = sum
        }
        let shift = sum - before
        if shift == 0 { return }
        for position in last + 1..<max(last + 1, count) { extraBefore[position] += shift }
    }

    /// The path's cost, exactly summed.
    var cost: Double {
        var sum = 0.0
        for position in 0..<count - 1 { sum += Double(steps[position]) }
        return sum
    }

    /// The tracks in order, without the positions of nothing.
    var tracks: [Int] {
        UnsafeBufferPointer(start: order, count: count).lazy.map(Int.init).filter { $0 < trackCount }
    }
}
