import Foundation

/// What happens at and between some beats: four bands of onset strength, read at twelve places of every beat.
struct BeatPattern {
    /// Eighths of a beat, then thirds, then the sixths that are left.
    static let places: [Double] = [
        0, 1 / 8, 1 / 4, 3 / 8, 1 / 2, 5 / 8, 3 / 4, 7 / 8, 1 / 3, 2 / 3, 1 / 6, 5 / 6,
    ]
    private static let half = 4
    private static let low = 0
    private static let middle = 1
    private static let linear = 3

    /// `values[place][band][beat]`.
    private let values: [[[Float]]]
    private let bandMeans: [Double]
    private let beatCount: Int
    /// Logarithm of the mean at each place against the band's own, `[place][band]`.
    private let levels: [[Double]]

    /// **Units:** `beats` s; two at least.
    init(beats: [Double], bands: [[Float]], bandMeans: [Double]) {
        values = BeatPattern.places.map { place in
            bands.map { BeatPattern.sample($0, beats, place) }
        }
        self.bandMeans = bandMeans
        beatCount = max(0, beats.count - 1)
        levels = values.map { bands in
            bands.indices.map { BeatPattern.level(BeatPattern.mean(bands[$0]), bandMeans[$0]) }
        }
    }

    /// Frames by which the flux is later than the attack it comes from.
    private static let lagFrames = 1.0

    /// A band at a place of every beat but the last.
    static func sample(_ band: [Float], _ beats: [Double], _ place: Double) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(beats.count)
        for at in beats.indices.dropLast() {
            let seconds = beats[at] + place * (beats[at + 1] - beats[at])
            let frame = Int((seconds * AnalysisLimits.hopsPerSecond + lagFrames).rounded())
            result.append(band.indices.contains(frame) ? band[frame] : 0)
        }
        return result
    }

    private static func mean(_ values: [Float], every step: Int = 1, from first: Int = 0) -> Double {
        var sum = 0.0
        var count = 0.0
        for at in Swift.stride(from: first, to: values.count, by: step) {
            sum += Double(values[at])
            count += 1
        }
        return count > 0 ? sum / count : 0
    }

    private static func level(_ mean: Double, _ bandMean: Double) -> Double { log((mean / bandMean + 0.1) / 1.1) }

    /// All numbers about the pattern, in the order in which `BeatLevelModel` weighs them.
    func features() -> [Double] {
        var result: [Double] = []
        for band in bandMeans.indices { result += levels.map { $0[band] } }
        let pairs = bar(of: 2, at: 0)
        let turn = pairs[0][Self.low] + pairs[0][Self.linear] < pairs[1][Self.low] + pairs[1][Self.linear] ? -1.0 : 1.0
        let differences = bandMeans.indices.map { turn * (pairs[0][$0] - pairs[1][$0]) }
        result += differences + fourBeats() + threeBeats()
        // As loud between the beats as on them, or as loud on every beat: one says the tempo is double, the other that
        // it is not half.
        for band in [0, 2, 3] { result.append(exp(-abs(levels[0][band] - levels[Self.half][band]) / 0.3)) }
        for band in [0, 3] { result.append(exp(-abs(differences[band]) / 0.3)) }
        return result + similarities()
    }

    /// Mean levels of the beats of bars of `count` beats, `[beat][band]`.
    private func bar(of count: Int, at place: Int) -> [[Double]] {
        (0..<count).map { first in
            bandMeans.indices.map { band in
                Self.level(Self.mean(values[place][band], every: count, from: first), bandMeans[band])
            }
        }
    }

    private static func firstMaximum(_ values: [Double]) -> Int {
        values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
    }

    private static func turned<T>(_ values: [T], to first: Int) -> [T] { Array(values[first...] + values[..<first]) }

    /// A bar of four turned so that the beat with the kick comes first, and the halves after its beats.
    private func fourBeats() -> [Double] {
        let beats = bar(of: 4, at: 0)
        let first = Self.firstMaximum(
            (0..<4).map { at in
                let kick = beats[at][Self.low] + beats[at][Self.linear] - 0.5 * beats[at][Self.middle]
                return kick + 0.3 * beats[(at + 2) % 4][Self.low]
            })
        let halves = Self.turned(bar(of: 4, at: Self.half), to: first)
        return Self.turned(beats, to: first).flatMap { $0 } + halves.flatMap { [$0[0], $0[1], $0[3]] }
    }

    /// The same of a bar of three, against its mean.
    private func threeBeats() -> [Double] {
        let beats = bar(of: 3, at: 0)
        let first = Self.firstMaximum(
            beats.map { $0[Self.low] + $0[Self.linear] - 0.5 * $0[Self.middle] })
        let means = bandMeans.indices.map { band in beats.reduce(0) { $0 + $1[band] } / 3 }
        return Self.turned(beats, to: first).flatMap { beat in beat.indices.map { beat[$0] - means[$0] } }
    }

    /// How alike beats are that lie some beats apart.
    private func similarities() -> [Double] {
        let rows = [0, 2, 4, 6].flatMap { place in
            values[place].prefix(3).map { row -> [Double] in
                let mean = Self.mean(row)
                return row.map { Double($0) - mean }
            }
        }
        let own = rows.reduce(1e-9) { $0 + $1.reduce(0) { $0 + $1 * $1 } }
        return [1, 2, 3, 4, 6, 8, 12, 16].map { lag in
            guard beatCount > lag else { return 0 }
            var cross = 0.0
            for row in rows {
                for at in 0..<(beatCount - lag) { cross += row[at] * row[at + lag] }
            }
            return cross / own
        }
    }

    /// Whether the pattern stays: how much better some eighths of the track fit the whole half a beat on, and how well
    /// they fit it as they are.
    func steadiness() -> (turned: Double, alike: Double) {
        let parts = 8
        let eighths = 8
        let means = bandMeans.indices.map { band in
            (0..<eighths).reduce(0) { $0 + Self.mean(values[$1][band]) } / Double(eighths) / bandMeans[band]
        }
        /// `[place * bands + band]` of some beats.
        func pattern(_ range: Range<Int>) -> [Double] {
            (0..<eighths).flatMap { place in
                bandMeans.indices.map { band in
                    var sum = 0.0
                    for at in range { sum += Double(values[place][band][at]) }
                    return sum / Double(range.count) / bandMeans[band] - means[band]
                }
            }
        }
        guard beatCount > 0 else { return (0, 0) }
        let whole = pattern(0..<beatCount)
        let other = Self.turned(whole, to: whole.count / 2)
        let wholeSquare = whole.reduce(0) { $0 + $1 * $1 }
        var (turned, alike, all) = (0.0, 0.0, 1e-9)
        for part in 0..<parts {
            let range = (part * beatCount / parts)..<((part + 1) * beatCount / parts)
            guard !range.isEmpty else { continue }
            let own = pattern(range)
            let fits = zip(own, whole).reduce(0) { $0 + $1.0 * $1.1 }
            let fitsTurned = zip(own, other).reduce(0) { $0 + $1.0 * $1.1 }
            turned += max(0, fitsTurned - fits)
            alike += fits
            all += (own.reduce(0) { $0 + $1 * $1 } * wholeSquare).squareRoot()
        }
        return (turned / all, alike / all)
    }
}
