import Foundation

/// The spectrum in 24 bands, twenty times a second: what timbre, waveform and sections are made of.
///
/// Bands are equally wide on the mel scale (Stevens, Volkmann & Newman 1937) up to 17.5 kHz.
package struct SpectrumRows: Sendable {
    package static let bandCount = 24
    /// Onset frames that one row is the mean of.
    package static let framesPerRow = 5
    package static let rowsPerSecond = AnalysisLimits.hopsPerSecond / Double(framesPerRow)

    /// Power of a sine of amplitude 1, give or take 2 dB by where it falls between bands.
    package static let fullScalePower: Float = 512 * 512

    /// Row after row, half decibels above `floorDecibels`.
    package private(set) var values: [UInt8] = []
    private static let floorDecibels: Float = -64

    private var sums = [Float](repeating: 0, count: bandCount)
    private var filled = 0

    package init() {}

    package var count: Int { values.count / SpectrumRows.bandCount }

    /// The band that a frequency falls into.
    package static func band(hertz: Double) -> Int {
        func mel(_ hertz: Double) -> Double { log(1 + hertz / 700) }
        return max(0, min(bandCount - 1, Int(mel(hertz) / mel(17_500) * Double(bandCount))))
    }

    /// **Units:** dB of band power.
    package subscript(row: Int, band: Int) -> Float {
        Float(values[row * SpectrumRows.bandCount + band]) / 2 + SpectrumRows.floorDecibels
    }

    /// The rows that lie within `from ..< until` s, at least one where there is any.
    package func rows(from: Double, until: Double) -> Range<Int> {
        guard count > 0 else { return 0..<0 }
        let first = max(0, min(count - 1, Int((from * SpectrumRows.rowsPerSecond).rounded())))
        return first..<max(first + 1, min(count, Int((until * SpectrumRows.rowsPerSecond).rounded())))
    }

    /// Adds one onset frame's band powers.
    package mutating func add(_ powers: [Float]) {
        for band in 0..<SpectrumRows.bandCount { sums[band] += powers[band] }
        filled += 1
        if filled == SpectrumRows.framesPerRow { endRow() }
    }

    /// Ends the row that is begun.
    package mutating func finish() { if filled > 0 { endRow() } }

    private mutating func endRow() {
        for band in 0..<SpectrumRows.bandCount {
            let decibels = 10 * log10(max(1e-9, sums[band] / Float(filled)))
            values.append(UInt8(max(0, min(255, ((decibels - SpectrumRows.floorDecibels) * 2).rounded()))))
            sums[band] = 0
        }
        filled = 0
    }
}
