/// What speaks for each of the 24 keys, as numbers that mean the same in every key: everything is counted from the
/// key's own tonic.
///
/// Which notes sound and which of them in the bass, which chords, which of these lead to the tonic's (the dominant, the
/// subdominant and their kin), whether phrases begin with the tonic's chord and the track ends with it. The same notes
/// make a major key and its relative minor: only such things tell them apart (Noland & Sandler, "Signal Processing
/// Parameters for Tonality Estimation", AES 2007, found keys from chord sequences).
package struct KeyEvidence: Sendable {
    /// One row a key: C ... B major, then C ... B minor.
    package private(set) var rows: [[Double]] = []

    /// Numbers of a key in one of the two modes, and of any key: the other mode's are zero.
    package static let modeCount = 12 + 12 + 24 + 4
    package static let count = 1 + 2 + 2 * modeCount

    private static let phraseBars = 8

    /// nil where nothing with a pitch sounds. `cuts` are the bars where sections begin.
    package init?(_ chromagram: Chromagram, chords: ChordTimeline, cuts: [Int]) {
        var bass = [Double](repeating: 0, count: 12)
        for (row, sounds) in zip(chromagram.bass, chromagram.sounds) where sounds {
            for k in 0..<12 { bass[k] += Double(row[k]) }
        }
        let all = KeyEvidence.shares(chromagram.sum)
        bass = KeyEvidence.shares(bass)
        let sounding = chords.segments.filter(\.sounds)
        guard chromagram.sum.contains(where: { $0 > 0 }), !sounding.isEmpty else { return nil }
        let heard = KeyEvidence.mean(sounding.map(\.chords))
        let last = KeyEvidence.mean(sounding.suffix(2).map(\.chords))
        let starts = KeyEvidence.mean(
            sounding.filter { segment in
                let section = cuts.last { $0 <= segment.bar } ?? 0
                return segment.isBarStart && (segment.bar - section) % KeyEvidence.phraseBars == 0
            }.map(\.chords))
        let changes = KeyEvidence.changes(chords.segments)
        for key in 0..<24 {
            let (tonic, mode) = (key % 12, key / 12)
            var own: [Double] = (0..<12).map { all[(tonic + $0) % 12] }
            own += (0..<12).map { bass[(tonic + $0) % 12] }
            own += (0..<24).map { heard[($0 / 12) * 12 + (tonic + $0) % 12] }
            func change(_ steps: Int, _ quality: Int) -> Double {
                changes[(quality * 12 + (tonic + steps) % 12) * 24 + key]
            }
            // Dominant, minor dominant, subdominant of either mode, the note below.
            own += [change(7, 0), change(7, 1), change(5, 0) + change(5, 1), change(10, 0)]
            let other = [Double](repeating: 0, count: KeyEvidence.modeCount)
            rows.append([Double(mode), last[key], starts[key]] + (mode == 0 ? own + other : other + own))
        }
    }

    /// Roots, so that one note held all the time does not hide the others; 0 is an even share.
    private static func shares(_ values: [Double]) -> [Double] {
        let roots = values.map { $0.squareRoot() }
        let total = roots.reduce(0, +)
        return roots.map { total > 0 ? 12 * $0 / total - 1 : 0 }
    }

    private static func mean(_ rows: [[Double]]) -> [Double] {
        var sum = [Double](repeating: 0, count: 24)
        for row in rows { for k in 0..<24 { sum[k] += row[k] / Double(rows.count) } }
        return sum
    }

    /// How often each chord gives way to each other one, as a share of all changes: 24 rows of 24.
    private static func changes(_ segments: [ChordTimeline.Segment]) -> [Double] {
        var counts = [Double](repeating: 0, count: 576)
        for (one, next) in zip(segments, segments.dropFirst()) where one.sounds && next.sounds {
            for from in 0..<24 where one.chords[from] > 0.01 {
                for to in 0..<24 where to != from { counts[from * 24 + to] += one.chords[from] * next.chords[to] }
            }
        }
        let total = counts.reduce(0, +)
        return total > 0 ? counts.map { $0 / total } : counts
    }
}
