import Foundation

/// What speaks for and against a list of beats: numbers about how drums, level and chords lie on it.
package struct BeatEvidence: Sendable {
    /// Low, middle, high and linear flux, each the largest of the frames around.
    private let bands: [[Float]]
    private let bandMeans: [Double]
    /// How much the chord changes at each tenth of a second.
    private let chordChange: [Float]
    private let chordChangeMean: Double

    /// Frames by which the flux is later than the attack it comes from.
    private static let lagFrames = 1.0

    package init(frames: OnsetFrames, chromagram: Chromagram) {
        bands = OnsetStrength.bands(frames).map { BeatEvidence.spread($0) }
        bandMeans = bands.map { band in
            band.isEmpty ? 1 : max(1e-3, band.reduce(0) { $0 + Double($1) } / Double(band.count))
        }
        chordChange = BeatEvidence.changes(chromagram.chroma)
        chordChangeMean = max(
            1e-6, chordChange.reduce(0) { $0 + Double($1) } / Double(max(1, chordChange.count)))
    }

    /// The largest of two frames on each side, and not more than three times the 98th percentile.
    private static func spread(_ band: [Float]) -> [Float] {
        band.indices.map { k in
            var top: Float = 0
            for j in max(0, k - 2)...min(band.count - 1, k + 2) { top = max(top, band[j]) }
            return min(3, top)
        }
    }

    /// Cosine distance of the chroma of the 0.4 s before and after.
    private static func changes(_ chroma: [[Float]]) -> [Float] {
        guard chroma.count > 8 else { return [] }
        return chroma.indices.map { k in
            guard k >= 4, k + 4 < chroma.count else { return 0 }
            var ab: Float = 0
            var aa: Float = 1e-9
            var bb: Float = 1e-9
            for pitchClass in 0..<12 {
                var before: Float = 0
                var after: Float = 0
                for j in 1...4 {
                    before += chroma[k - j][pitchClass]
                    after += chroma[k + j][pitchClass]
                }
                ab += before * after
                aa += before * before
                bb += after * after
            }
            return 1 - ab / (aa * bb).squareRoot()
        }
    }

    /// **Units:** `beats` s, `tempo` beats a minute. **Shape:** as many as `BeatLevelModel.weights`.
    package func features(beats: [Double], tempo: Double) -> [Double] {
        var result: [Double] = []
        for centre in [55.0, 70, 88, 110, 138, 170, 205] {
            let octaves = log2(tempo / centre) / 0.2
            result.append(exp(-0.5 * octaves * octaves))
        }
        let phases = [0, 0.25, 0.5, 0.75, 1.0 / 3, 2.0 / 3]
        // values[band][phase][beat]
        let values = bands.map { band in phases.map { sample(band, beats, $0) } }
        for band in bands.indices {
            let means = values[band].map { level($0, band) }
            result.append(means[0])
            result.append(means[2])
            result.append((means[1] + means[3]) / 2)
            result.append((means[4] + means[5]) / 2)
        }
        let halves = bands.indices.map { band in (0..<2).map { level(every(values[band][0], 2, $0), band) } }
        // Bar drums on the even beats, whichever those are.
        let turn = halves[0][0] + halves[3][0] >= halves[0][1] + halves[3][1] ? 1.0 : -1.0
        for band in bands.indices { result.append(turn * (halves[band][0] - halves[band][1])) }
        // Drums as loud between the beats as on them, or as loud on every beat: one says the tempo is double, the other
        // that it is not half.
        for band in [0, 2, 3] {
            result.append(exp(-abs(level(values[band][0], band) - level(values[band][2], band)) / 0.3))
        }
        for band in [0, 3] { result.append(exp(-abs(halves[band][0] - halves[band][1]) / 0.3)) }
        for band in [0, 1, 2, 3] {
            for bar in [3, 4] {
                let places = (0..<bar).map { level(every(values[band][0], bar, $0), band) }
                let mean = places.reduce(0, +) / Double(bar)
                result.append((places.max() ?? 0) - mean)
            }
        }
        for lag in [1, 2, 3, 4, 6, 8] { result.append(similarity(values, lag)) }
        result += chordFeatures(beats)
        return result
    }

    /// How much more happens on the beats than anywhere: 1 where they mean nothing. The largest of four bands' ratios
    /// weighs half, their mean the other half.
    package func contrast(beats: [Double]) -> Double {
        let ratios = bands.indices.map { band -> Double in
            let values = sample(bands[band], beats, 0)
            let mean = values.reduce(0) { $0 + Double($1) } / Double(max(1, values.count))
            return (mean + 0.02) / (bandMeans[band] + 0.02)
        }
        return 0.5 * (ratios.max() ?? 1) + 0.5 * ratios.reduce(0, +) / Double(ratios.count)
    }

    /// Share of the beats on which anything begins in any band.
    package func occupied(beats: [Double]) -> Double {
        let values = bands.map { sample($0, beats, 0) }
        guard let count = values.first?.count, count > 0 else { return 0 }
        let taken = (0..<count).filter { at in values.contains { $0[at] >= BeatEvidence.onsetMin } }.count
        return Double(taken) / Double(count)
    }

    /// Against the track's 98th percentile.
    private static let onsetMin: Float = 0.25

    private func every(_ values: [Float], _ step: Int, _ phase: Int) -> [Float] {
        stride(from: phase, to: values.count, by: step).map { values[$0] }
    }

    /// Log of a mean against the band's.
    private func level(_ values: [Float], _ band: Int) -> Double {
        guard !values.isEmpty else { return 0 }
        let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
        return log((mean / bandMeans[band] + 0.1) / 1.1)
    }

    private func sample(_ band: [Float], _ beats: [Double], _ phase: Double) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(beats.count)
        for at in beats.indices.dropLast() {
            let seconds = beats[at] + phase * (beats[at + 1] - beats[at])
            let place = Int((seconds * AnalysisLimits.hopsPerSecond + BeatEvidence.lagFrames).rounded())
            result.append(band.indices.contains(place) ? band[place] : 0)
        }
        return result
    }

    /// How alike the drum patterns of beats are that lie `lag` apart.
    private func similarity(_ values: [[[Float]]], _ lag: Int) -> Double {
        var cross = 0.0
        var own = 1e-9
        for band in 0..<3 {
            for phase in 0..<4 {
                let row = values[band][phase]
                guard row.count > lag else { continue }
                let mean = row.reduce(0, +) / Float(row.count)
                for at in 0..<(row.count - lag) {
                    cross += Double((row[at] - mean) * (row[at + lag] - mean))
                    own += Double((row[at] - mean) * (row[at] - mean))
                }
            }
        }
        return cross / own
    }

    /// Chords that change once in eight beats and never else would make half the tempo look twice as good as any tempo.
    private static let chordLeadMax = 3.0

    private func chordFeatures(_ beats: [Double]) -> [Double] {
        func mean(_ places: [Double]) -> Double {
            var sum = 0.0
            var number = 0.0
            for seconds in places {
                let place = Int((seconds * Double(AnalysisLimits.chromaFramesPerSecond)).rounded())
                if chordChange.indices.contains(place) {
                    sum += Double(chordChange[place])
                    number += 1
                }
            }
            return number > 0 ? sum / number / chordChangeMean : 1
        }
        let on = mean(beats)
        let between = mean(zip(beats.dropFirst(), beats).map { ($0 + $1) / 2 })
        var best = [on, between]
        for bar in [2, 3, 4] {
            let places = (0..<bar).map { phase in
                mean(stride(from: phase, to: beats.count, by: bar).map { beats[$0] })
            }
            best.append(min(BeatEvidence.chordLeadMax, (places.max() ?? 1) - on))
        }
        return best
    }
}
