/// A fast 128-bit hash of bytes that come in pieces.
///
/// MurmurHash3, its 128-bit form for 64-bit machines (Austin Appleby, 2011, public domain), seed 0. Made against
/// chance, not against an adversary: a made collision lends one file another one's analysis, nothing more.
package struct Murmur128 {
    private var first: UInt64 = 0
    private var second: UInt64 = 0
    private var byteCount: UInt64 = 0
    /// Bytes of a block that is not whole yet, in order from the lowest.
    private var pending: (UInt64, UInt64) = (0, 0)
    private var pendingCount = 0

    private static let factorOne: UInt64 = 0x87c3_7b91_1142_53d5
    private static let factorTwo: UInt64 = 0x4cf5_ad43_2745_937f

    package init() {}

    /// **Cost:** no allocation; about 5 GB/s where the pieces are multiples of 16 bytes.
    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        byteCount &+= UInt64(bytes.count)
        var offset = 0
        while pendingCount > 0, offset < bytes.count {
            addPending(bytes[offset])
            offset += 1
        }
        var h1 = first
        var h2 = second
        while offset &+ 16 <= bytes.count {
            let k1 = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            let k2 = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset &+ 8, as: UInt64.self))
            Murmur128.mix(k1, k2, &h1, &h2)
            offset &+= 16
        }
        first = h1
        second = h2
        while offset < bytes.count {
            addPending(bytes[offset])
            offset += 1
        }
    }

    /// The hash of all bytes so far.
    package var digest: (high: UInt64, low: UInt64) {
        var h1 = first
        var h2 = second
        if pendingCount > 8 {
            h2 ^= Murmur128.rotated(pending.1 &* Murmur128.factorTwo, 33) &* Murmur128.factorOne
        }
        if pendingCount > 0 {
            h1 ^= Murmur128.rotated(pending.0 &* Murmur128.factorOne, 31) &* Murmur128.factorTwo
        }
        h1 ^= byteCount
        h2 ^= byteCount
        h1 &+= h2
        h2 &+= h1
        h1 = Murmur128.finished(h1)
        h2 = Murmur128.finished(h2)
        h1 &+= h2
        h2 &+= h1
        return (h1, h2)
    }

    private mutating func addPending(_ byte: UInt8) {
        if pendingCount < 8 {
            pending.0 |= UInt64(byte) << UInt64(8 * pendingCount)
        } else {
            pending.1 |= UInt64(byte) << UInt64(8 * (pendingCount - 8))
        }
        pendingCount += 1
        if pendingCount == 16 {
            Murmur128.mix(pending.0, pending.1, &first, &second)
            pending = (0, 0)
            pendingCount = 0
        }
    }

    @inline(__always)
    private static func mix(_ k1: UInt64, _ k2: UInt64, _ h1: inout UInt64, _ h2: inout UInt64) {
        h1 ^= rotated(k1 &* factorOne, 31) &* factorTwo
        h1 = (rotated(h1, 27) &+ h2) &* 5 &+ 0x52dc_e729
        h2 ^= rotated(k2 &* factorTwo, 33) &* factorOne
        h2 = (rotated(h2, 31) &+ h1) &* 5 &+ 0x3849_5ab5
    }

    @inline(__always)
    private static func rotated(_ word: UInt64, _ bits: UInt64) -> UInt64 {
        (word << bits) | (word >> (64 &- bits))
    }

    private static func finished(_ word: UInt64) -> UInt64 {
        var mixed = word
        mixed = (mixed ^ (mixed >> 33)) &* 0xff51_afd7_ed55_8ccd
        mixed = (mixed ^ (mixed >> 33)) &* 0xc4ce_b9fe_1a85_ec53
        return mixed ^ (mixed >> 33)
    }
}
