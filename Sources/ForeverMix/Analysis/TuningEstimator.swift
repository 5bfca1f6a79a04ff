import Foundation

/// How far a track's notes lie from A = 440 Hz: the direction in which spectral peaks lean, a semitone being the circle.
///
/// Peaks of the spectrum are placed between bins by a parabola through their logarithms (Smith & Serra, ICMC 1987).
package struct TuningEstimator: Sendable {
    private var turnRe = 0.0
    private var turnIm = 0.0
    private var weight = 0.0
    private var squares = 0.0

    /// Peaks looked for between these. **Units:** Hz.
    private static let range = 110.0...1_760.0

    package init() {}

    /// Adds the peaks of one magnitude spectrum that stand out of it.
    package mutating func add(_ magnitude: UnsafePointer<Float>, hertzPerBin: Double) {
        let first = Int(TuningEstimator.range.lowerBound / hertzPerBin)
        let last = Int(TuningEstimator.range.upperBound / hertzPerBin)
        var top: Float = 0
        for bin in first...last { top = max(top, magnitude[bin]) }
        guard top > 1e-3 else { return }
        for bin in first...last {
            let here = magnitude[bin]
            guard here > 0.1 * top, here > magnitude[bin - 1], here >= magnitude[bin + 1] else { continue }
            // As narrow as a steady note's, four bins wide at the foot: a drum's is not.
            guard magnitude[bin - 4] < 0.2 * here, magnitude[bin + 4] < 0.2 * here else { continue }
            let a = log(Double(max(magnitude[bin - 1], 1e-9)))
            let b = log(Double(here))
            let c = log(Double(max(magnitude[bin + 1], 1e-9)))
            let bend = a - 2 * b + c
            let shift = bend < -1e-9 ? max(-0.5, min(0.5, 0.5 * (a - c) / bend)) : 0
            let semitones = 12 * log2((Double(bin) + shift) * hertzPerBin / 440)
            let strength = Double(here / top).squareRoot()
            turnRe += strength * cos(2 * .pi * semitones)
            turnIm += strength * sin(2 * .pi * semitones)
            weight += strength
            squares += strength * strength
        }
    }

    /// Adds what another stretch of the same track showed.
    package mutating func add(_ other: TuningEstimator) {
        turnRe += other.turnRe
        turnIm += other.turnIm
        weight += other.weight
        squares += other.squares
    }

    /// Frequency of the A nearest to 440 Hz, half a semitone away at most; 440 where nothing is heard. **Units:** Hz.
    package var hertz: Double {
        // Directions at random sum up to about the root of their squares; spectra that overlap repeat their peaks.
        guard weight > 0, confidence > 0.1, confidence * weight > 5 * squares.squareRoot() else { return 440 }
        return 440 * pow(2, atan2(turnIm, turnRe) / (2 * .pi) / 12)
    }

    /// 0 ... 1: how far all peaks lean alike.
    package var confidence: Double {
        weight > 0 ? (turnRe * turnRe + turnIm * turnIm).squareRoot() / weight : 0
    }
}
