/// Costs of a tour's pairs, kept once computed: all of them for few tracks, the latest asked for many.
///
/// **Cost:** memory 4 bytes a pair up to `denseTracksMax` tracks, beyond it about `cachedCostsPerTrack` x 16 bytes
/// a track, never a table of all pairs. **Thread:** one user at a time.
final class CostCache {
    private let table: TourTable
    private let count: Int
    /// Square, NaN where not computed; nil for many tracks.
    private let dense: UnsafeMutablePointer<Float>?
    /// Direct-mapped: a pair's place is its hash.
    private let slots: UnsafeMutablePointer<Slot>?
    private let slotMask: Int

    private struct Slot {
        var pair: UInt64
        var cost: Float
    }

    init(table: TourTable) {
        self.table = table
        count = table.count
        if count <= CoreLimits.denseTracksMax {
            dense = .allocate(capacity: max(1, count * count))
            dense?.initialize(repeating: .nan, count: max(1, count * count))
            slots = nil
            slotMask = 0
        } else {
            var capacity = 1
            while capacity < count * CoreLimits.cachedCostsPerTrack { capacity *= 2 }
            dense = nil
            slots = .allocate(capacity: capacity)
            slots?.initialize(repeating: Slot(pair: .max, cost: 0), count: capacity)
            slotMask = capacity - 1
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
        let pair = UInt64(UInt32(bitPattern: from)) << 32 | UInt64(UInt32(bitPattern: to))
        let place = Int(truncatingIfNeeded: (pair &* 0x9E37_79B9_7F4A_7C15) >> 32) & slotMask
        let slot = slots![place]
        return slot.pair == pair ? slot.cost : fill(from, to)
    }

    @inline(never)
    private func fill(_ from: Int32, _ to: Int32) -> Float {
        let cost = Float(table.fullCost(Int(from), Int(to)))
        if let dense {
            dense[Int(from) * count + Int(to)] = cost
        } else {
            let pair = UInt64(UInt32(bitPattern: from)) << 32 | UInt64(UInt32(bitPattern: to))
            let place = Int(truncatingIfNeeded: (pair &* 0x9E37_79B9_7F4A_7C15) >> 32) & slotMask
            slots![place] = Slot(pair: pair, cost: cost)
        }
        return cost
    }
}
