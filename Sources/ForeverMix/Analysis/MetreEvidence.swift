import Foundation

/// What speaks for bars: how drums, chords, bass and level differ from beat to beat, and how beats are divided.
package struct MetreEvidence: Sendable {
    /// Streams of evidence, one number a beat each, mean 0 and variance 1.
    package let streams: [[Double]]
    /// Logarithm of what happens at the thirds of beats against halves and quarters, below 150 Hz, to 2 kHz, above.
    package let thirds: [Double]
    /// The same of whichever third has less: a shuffle leaves out the first, a bar of 6/8 neither.
    package let bothThirds: [Double]

    package static let streamCount = 9

    /// `beats` in seconds, two at least.
    package init(beats: [Double], frames: OnsetFrames, chromagram: Chromagram) {
        let bands = OnsetStrength.bands(frames)
        var streams = bands.map { MetreEvidence.peaks($0, beats) }
        streams.append(MetreEvidence.changes(chromagram.chroma, beats))
        streams.append(MetreEvidence.changes(chromagram.bass, beats))
        let levels = BeatLevels(frames: frames, beats: beats)
        streams.append(levels.changes)
        streams.append(levels.lowRises)
        // A low drum between this beat and the next.
        let between = beats.indices.map { $0 + 1 < beats.count ? (beats[$0] + beats[$0 + 1]) / 2 : beats[$0] + 0.25 }
        streams.append(MetreEvidence.peaks(bands[0], between))
        self.streams = streams.map { MetreEvidence.standardised($0) }
        var thirds: [Double] = []
        var bothThirds: [Double] = []
        for band in bands.prefix(3) {
            func mean(_ phase: Double) -> Double { MetreEvidence.mean(band, beats, phase: phase) }
            let even = (mean(0.5) + 0.5 * (mean(0.25) + mean(0.75))) / 2 + 0.05
            let (first, second) = (mean(1.0 / 3), mean(2.0 / 3))
            thirds.append(log(((first + second) / 2 + 0.05) / even))
            bothThirds.append(log((min(first, second) + 0.05) / even))
        }
        self.thirds = thirds
        self.bothThirds = bothThirds
    }

    /// Correlation of all streams with themselves `lag` beats later.
    package func similarity(lag: Int) -> Double {
        var cross = 0.0
        var own = 1e-9
        for stream in streams where stream.count > lag {
            for at in 0..<(stream.count - lag) {
                cross += stream[at] * stream[at + lag]
                own += stream[at] * stream[at]
            }
        }
        return cross / own
    }

    /// Mean strength of a band at a phase of all beats, each hit counted up to three times the usual.
    private static func mean(_ band: [Float], _ beats: [Double], phase: Double) -> Double {
        var sum = 0.0
        for at in beats.indices.dropLast() {
            let seconds = beats[at] + phase * (beats[at + 1] - beats[at])
            // Flux is a frame later than the attack that it comes from.
            let place = Int((seconds * AnalysisLimits.hopsPerSecond + 1).rounded())
            var top: Float = 0
            for k in max(0, place - 2)...max(0, place + 2) where k < band.count { top = max(top, band[k]) }
            sum += Double(min(3, top))
        }
        return sum / Double(max(1, beats.count - 1))
    }

    private static func peaks(_ band: [Float], _ beats: [Double]) -> [Double] {
        beats.map { beat in
            let place = Int((beat * AnalysisLimits.hopsPerSecond).rounded())
            var top: Float = 0
            for k in max(0, place - 2)...max(0, place + 3) where k < band.count { top = max(top, band[k]) }
            return Double(min(2, top))
        }
    }

    /// Cosine distance between the chroma of the beat before and of the beat after.
    private static func changes(_ chroma: [[Float]], _ beats: [Double]) -> [Double] {
        guard !chroma.isEmpty else { return beats.map { _ in 0 } }
        let rate = Double(AnalysisLimits.chromaFramesPerSecond)
        func sum(_ from: Double, _ until: Double) -> [Double] {
            var total = [Double](repeating: 0, count: 12)
            let first = max(0, min(chroma.count - 1, Int((from * rate).rounded())))
            let last = max(first, min(chroma.count - 1, Int((until * rate).rounded()) - 1))
            for row in chroma[first...last] {
                for k in 0..<12 { total[k] += Double(row[k]) }
            }
            return total
        }
        return beats.indices.map { at in
            guard at > 0, at + 1 < beats.count else { return 0 }
            let before = sum(beats[at - 1] + 0.05, beats[at])
            let after = sum(beats[at] + 0.1, beats[at + 1] + 0.05)
            var ab = 0.0
            var aa = 1e-12
            var bb = 1e-12
            for k in 0..<12 {
                ab += before[k] * after[k]
                aa += before[k] * before[k]
                bb += after[k] * after[k]
            }
            return 1 - ab / (aa * bb).squareRoot()
        }
    }

    private static func standardised(_ values: [Double]) -> [Double] {
        let mean = values.reduce(0, +) / Double(max(1, values.count))
        var variance = 0.0
        for value in values { variance += (value - mean) * (value - mean) }
        variance /= Double(max(1, values.count))
        guard variance > 1e-12 else { return values.map { _ in 0 } }
        return values.map { ($0 - mean) / variance.squareRoot() }
    }
}
