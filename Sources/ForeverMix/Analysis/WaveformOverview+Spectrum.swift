import Foundation

extension WaveformOverview {
    /// Of a track of `duration` s: the larger of the rows in each column.
    package init(spectrum: SpectrumRows, duration: Double) {
        let bands = bandRanges()
        let columns = Int((duration * WaveformOverview.columnsPerSecond).rounded(.up))
        var levels = [Float](repeating: 0, count: columns * 3)
        for column in 0..<columns where spectrum.count > 0 {
            let from = Double(column) / WaveformOverview.columnsPerSecond
            let rows = spectrum.rows(from: from, until: from + 1 / WaveformOverview.columnsPerSecond)
            for row in rows {
                for (k, range) in bands.enumerated() {
                    var power: Float = 0
                    for band in range { power += pow(10, spectrum[row, band] / 10) }
                    levels[column * 3 + k] = max(levels[column * 3 + k], power)
                }
            }
        }
        // The fourth root of power is the square root of amplitude.
        self.init(
            packed: PackedBytes(
                levels.map { UInt8(min(255, (255 * pow($0 / SpectrumRows.fullScalePower, 0.25)).rounded())) }))
    }
}

private func bandRanges() -> [Range<Int>] {
    let edges = WaveformOverview.bandEdges.map { SpectrumRows.band(hertz: $0) + 1 }
    return [0..<edges[0], edges[0]..<edges[1], edges[1]..<SpectrumRows.bandCount]
}
