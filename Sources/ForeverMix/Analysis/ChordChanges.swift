import Foundation

/// How much the chord, or the bass, changes at each tenth of a second.
struct ChordChanges {
    private let values: [Float]
    private let mean: Double

    /// A chord that changes once in eight beats and never else would make half the tempo look twice as good as any tempo.
    private static let leadMax = 3.0

    /// Below this mean nothing changes but noise, and nothing is made of it.
    private static let meanMin = 0.01

    /// Cosine distance of the pitch classes of the 0.4 s before and after.
    init(_ rows: [[Float]]) {
        var result = [Float](repeating: 0, count: rows.count)
        for k in rows.indices.dropFirst(4).dropLast(4) {
            var ab: Float = 0
            var aa: Float = 1e-9
            var bb: Float = 1e-9
            for pitchClass in 0..<12 {
                var before: Float = 0
                var after: Float = 0
                for j in 1...4 {
                    before += rows[k - j][pitchClass]
                    after += rows[k + j][pitchClass]
                }
                ab += before * after
                aa += before * before
                bb += after * after
            }
            result[k] = 1 - ab / (aa * bb).squareRoot()
        }
        values = result
        mean = max(ChordChanges.meanMin, result.reduce(0) { $0 + Double($1) } / Double(max(1, result.count)))
    }

    /// Mean change at some times, against that of the whole track. **Units:** s.
    private func at(_ times: some Sequence<Double>) -> Double {
        var sum = 0.0
        var count = 0.0
        for seconds in times {
            let place = Int((seconds * Double(AnalysisLimits.chromaFramesPerSecond)).rounded())
            guard values.indices.contains(place) else { continue }
            sum += Double(values[place])
            count += 1
        }
        return count > 0 ? sum / count / mean : 1
    }

    /// The most that changes on every `step`-th of some times, whichever those are.
    private func most(_ times: [Double], every step: Int) -> Double {
        (0..<step).map { at(stride(from: $0, to: times.count, by: step).map { times[$0] }) }.max() ?? 1
    }

    /// Changes on the beats, halfway and at thirds between them, and how much more there is on every 2nd ... 8th.
    func features(_ beats: [Double]) -> [Double] {
        func between(_ share: Double) -> Double {
            at(zip(beats, beats.dropFirst()).map { $0 + share * ($1 - $0) })
        }
        let on = at(beats)
        return [on, between(0.5), (between(1.0 / 3) + between(2.0 / 3)) / 2]
            + [2, 3, 4, 6, 8].map { min(Self.leadMax, most(beats, every: $0) - on) }
    }

    /// How much more changes on every fourth beat than on every fourth half.
    func lead(_ beats: [Double]) -> Double {
        let halves = zip(beats, beats.dropFirst()).map { ($0 + $1) / 2 }
        return max(-Self.leadMax, min(Self.leadMax, most(beats, every: 4) - most(halves, every: 4)))
    }
}
