import Foundation

/// How hot a track is, since SoundCloud does not say any more: what it has been given, and how lately it came.
///
/// Plays, likes and reposts count on a logarithmic scale, a repost as two likes as 200 plays; the whole halves every
/// fortnight down to a third, so that an old favourite stays below a new one and above a new nothing. A track whose
/// counts are kept secret is worth what the middle one of the others is, not zero. Pure.
public struct HotScore: Sendable {
    /// Popularity of the middle one of those with counts.
    private let middle: Double
    private let nowSeconds: Double

    /// **Units:** days.
    static let halfLifeDays = 14.0
    /// How far a date may lie ahead and still be of today. **Units:** days.
    static let clockDays = 1.0
    /// What age leaves of a score at least.
    static let floor = 1.0 / 3

    public init(_ tracks: some Sequence<CloudTrack>, nowSeconds: Double) {
        self.nowSeconds = nowSeconds
        let known = tracks.compactMap { HotScore.popularity($0.counts) }.sorted()
        middle = known.isEmpty ? 1 : known[known.count / 2]
    }

    /// 0 or more; doubling everything that counts adds about 0.3.
    public func score(_ track: CloudTrack) -> Double {
        let popularity = HotScore.popularity(track.counts) ?? middle
        // An unknown or a future date is neither new nor old; clocks may differ by a little.
        let ageDays =
            track.createdSeconds.map { (nowSeconds - $0) / 86_400 }.flatMap {
                $0 > -HotScore.clockDays ? max(0, $0) : nil
            }
            ?? HotScore.halfLifeDays
        let freshness = pow(0.5, ageDays / HotScore.halfLifeDays)
        return popularity * (HotScore.floor + (1 - HotScore.floor) * freshness)
    }

    /// nil where nothing is known.
    static func popularity(_ counts: CloudCounts) -> Double? {
        guard counts.plays != nil || counts.likes != nil || counts.reposts != nil else { return nil }
        let plays = Double(counts.plays ?? 0) / 100
        let hearts = Double(counts.likes ?? 0) + 2 * Double(counts.reposts ?? 0)
        return log10(1 + plays + hearts)
    }
}
