/// Costs of a tour's pairs, kept once computed: all of them for few tracks, the latest asked for many.
///
/// A track's costs lie together, because a search asks for many of one track at once.
/// **Cost:** memory 4 bytes a pair up to `denseTracksMax` tracks, beyond it `cachedCostsPerTrack` x 8 bytes a track,
/// never a table of all pairs. **Thread:** one user at a time.
final class CostCache {
    private let table: TourTable
    private let count: Int
    /// Square, NaN where not computed; nil for many tracks.
    private let dense: UnsafeMutablePointer<Float>?
    /// A row of `cachedCostsPerTrack` for each track, where another's place is its number's lowest bits, mixed.
    private let slots: UnsafeMutablePointer<Slot>?
    /// Whether the way back always costs the same.
    let isSymmetric: Bool

    private struct Slot {
        /// One more than the number of the other track; 0 where nothing is kept.
        var other: UInt32
        var cost: Float
    }

    init(table: TourTable) {
        self.table = table
        isSymmetric = table.cost.opinion == nil
        count = table.count
        if count <= CoreLimits.denseTracksMax {
            dense = .allocate(capacity: max(1, count * count))
            dense?.initialize(repeating: .nan, count: max(1, count * count))
            slots = nil
        } else {
            let capacity = count * CoreLimits.cachedCostsPerTrack
            dense = nil
            slots = .allocate(capacity: capacity)
            slots?.initialize(repeating: Slot(other: 0, cost: 0), count: capacity)
        }
    }

    deinit {
        dense?.deallocate()
        slots?.deallocate()
    }

    /// Cost of `to` after `from`; nothing to or from the ends, which stand at `count` and beyond.
    @inline(__always)
    func cost(_ from: Int32, _ to: Int32) -> Float {
        if Int(from) >= count || Int(to) >= count { return 0 }
        if let dense {
            let known = dense[Int(from) * count + Int(to)]
            return known == known ? known : fill(from, to)
        }
        let slot = slots![place(from, to)]
        return slot.other == UInt32(bitPattern: to) &+ 1 ? slot.cost : fill(from, to)
    }

    /// The cheaper of both directions.
    @inline(__always)
    func least(_ a: Int32, _ b: Int32) -> Float { isSymmetric ? cost(a, b) : min(cost(a, b), cost(b, a)) }

    @inline(__always)
    private func place(_ from: Int32, _ to: Int32) -> Int {
        let mixed = (UInt32(bitPattern: to) &* 0x9E37_79B9) >> (32 - UInt32(CostCache.rowBits))
        return Int(from) << CostCache.rowBits | Int(mixed)
    }

    private static let rowBits = CoreLimits.cachedCostsPerTrack.trailingZeroBitCount

    @inline(never)
    private func fill(_ from: Int32, _ to: Int32) -> Float {
        let cost = table.fullCost(Int(from), Int(to))
        if let dense {
            dense[Int(from) * count + Int(to)] = cost
            if isSymmetric { dense[Int(to) * count + Int(from)] = cost }
        } else {
            slots![place(from, to)] = Slot(other: UInt32(bitPattern: to) &+ 1, cost: cost)
        }
        return cost
    }
}
