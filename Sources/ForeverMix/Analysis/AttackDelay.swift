import Foundation

/// How long after the beginning of its notes a track's attacks are steepest.
///
/// A drum is steepest where it begins. A bowed string, an accordion or a choir takes ten milliseconds and more to get
/// there, and a grid fitted to the steepest rises lies late by as much: such a track and a drum machine would not begin
/// together. At every beat the place is looked for where the level has come up by a tenth of its rise in decibels; the
/// middle one of the clearer half of them says where the notes of the track begin.
package enum AttackDelay {
    /// Where around a beat is looked: what was before, and the top of the rise. **Units:** s from the beat.
    private static let before = -0.050...(-0.010)
    private static let around = -0.030...0.025
    /// How far on its way up, and how near its top, a level is; the second in decibels.
    private static let begun: Float = 0.1
    private static let topWithin: Float = 1
    /// A rise by less is none. **Units:** dB.
    private static let riseMin: Float = 3
    /// What is that much below the mean around the beats counts as silence.
    private static let silence: Float = 1e-3
    /// Steps that a level is the mean of: 6 ms.
    private static let smoothing = 12
    /// The window sees a sharp drum begin so much before it is steepest. **Units:** s.
    private static let sharpSeconds = 0.0038
    /// What is less is the beats' own uncertainty, what is more is no attack. **Units:** s.
    package static let secondsMin = 0.0015
    package static let secondsMax = 0.025
    /// Rises that are needed.
    private static let risesMin = 8

    /// How late `beats` are; negative where they are early, 0 where nothing is to be seen. **Units:** s.
    package static func seconds(beats: [Double], level: FineLevel) -> Double {
        let rate = FineLevel.stepsPerSecond
        let (first, last) = (Int(before.lowerBound * rate), Int(around.upperBound * rate))
        let half = smoothing / 2
        let starts = beats.map { Int(($0 * rate).rounded()) + first }
            .filter { $0 >= half && $0 + last - first + half < level.count }
        guard starts.count >= risesMin else { return 0 }
        let width = last - first + 1
        let powers = starts.map { start in
            (start..<start + width).map { at in (at - half..<at + half).reduce(Float(0)) { $0 + level[$1] } }
        }
        let mean = powers.reduce(0) { $0 + $1.reduce(0, +) } / Float(powers.count * width)
        guard mean > 0 else { return 0 }
        let rises = powers.map { Rise($0.map { 10 * log10($0 + silence * mean) }) }
        let least = max(riseMin, rises.map(\.height).sorted()[rises.count / 2])
        let begins = rises.filter { $0.height >= least }.map(\.begin).sorted()
        guard begins.count >= risesMin else { return 0 }
        let delay = -(begins[begins.count / 2] / rate + before.lowerBound) - sharpSeconds
        return abs(delay) >= secondsMin && abs(delay) <= secondsMax ? delay : 0
    }

    /// What the level does around one beat.
    private struct Rise {
        /// **Units:** dB.
        let height: Float
        /// The fractional step, from the first that is looked at.
        let begin: Double

        init(_ levels: [Float]) {
            let rate = FineLevel.stepsPerSecond
            let quiet = levels[...Int((before.upperBound - before.lowerBound) * rate)].sorted()
            let base = quiet[quiet.count / 2]
            let high = Int((around.lowerBound - before.lowerBound) * rate)..<levels.count
            let most = levels[high].max() ?? base
            height = most - base
            let threshold = base + begun * height
            let top = high.first { levels[$0] >= most - topWithin } ?? high.lowerBound
            guard height > 0, let below = levels[..<top].lastIndex(where: { $0 <= threshold }) else {
                begin = Double(top)
                return
            }
            let step = max(levels[below + 1] - levels[below], 1e-6)
            begin = Double(below) + Double((threshold - levels[below]) / step)
        }
    }
}
