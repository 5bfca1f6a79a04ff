/// Enough of a track's sound to know it again: as another file, coded anew, louder, or cut differently.
///
/// Five words a second over its first two minutes of sound; a bit says whether the energy difference of two
/// neighbouring bands rises or falls (Haitsma & Kalker, "A Highly Robust Audio Fingerprinting System", ISMIR 2002).
/// A faster or higher version of the same is not known again.
public struct AcousticFingerprint: Codable, Hashable, Sendable {
    /// Words a second.
    public static let wordsPerSecond = 5
    /// Two recordings more alike than this are the same one.
    public static let sameFrom = 0.4
    /// How far two copies' beginnings may lie apart. **Units:** words.
    static let shiftMax = 8 * wordsPerSecond
    /// Less than this in common says nothing. **Units:** words.
    static let overlapMin = 6 * wordsPerSecond

    /// Little-endian 32-bit words.
    public var packed: PackedBytes

    public init(packed: PackedBytes = PackedBytes()) { self.packed = packed }

    init(words: [UInt32]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * words.count)
        for word in words { for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) } }
        packed = PackedBytes(bytes)
    }

    /// The words, for whoever keeps an index of them.
    public var words: [UInt32] {
        stride(from: 0, to: packed.bytes.count - 3, by: 4).map { at in
            (0..<4).reduce(UInt32(0)) { $0 | UInt32(packed.bytes[at + $1]) << (8 * UInt32($1)) }
        }
    }

    /// 1 for the same sound, about 0 for different ones: bits that agree beyond those that do by chance, at the best
    /// shift within 8 s. 0 where one is shorter than 6 s. **Cost:** about 0.05 ms.
    public func similarity(to other: AcousticFingerprint) -> Double {
        let (mine, others) = (words, other.words)
        var best = 0.0
        for shift in -AcousticFingerprint.shiftMax...AcousticFingerprint.shiftMax {
            let from = max(0, shift)
            let until = min(mine.count, others.count + shift)
            guard until - from >= AcousticFingerprint.overlapMin else { continue }
            var different = 0
            for k in from..<until { different += (mine[k] ^ others[k - shift]).nonzeroBitCount }
            best = max(best, 1 - 2 * Double(different) / Double(32 * (until - from)))
        }
        return best
    }
}
