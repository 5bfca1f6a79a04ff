import Foundation

/// How far apart two tempi are once one of them may be counted at half or double speed.
public enum TempoFolding {
    /// The largest distance that two tracks can meet over when each gives 6 %: log2(1.06) from both sides.
    public static let beatMatchOctaves = 2 * log2(1.06)

    /// **Units:** octaves; 0 for the same tempo, half or double; nil for a tempo that is none.
    public static func octaves(_ one: Double, _ other: Double) -> Double? {
        guard one > 0, other > 0, one.isFinite, other.isFinite else { return nil }
        return octaves(apart: log2(other) - log2(one))
    }

    /// The same for a distance of logarithms; once up or down an octave, no further.
    static func octaves(apart: Double) -> Double {
        let distance = abs(apart)
        return min(distance, abs(distance - 1))
    }
}
