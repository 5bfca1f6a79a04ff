import Foundation

extension BeatTimbre {
    /// The cosine shapes of the coefficients over the bands: a cosine transform, so that each is free of the others.
    private static let cosines: [[Float]] = (0..<size).map { coefficient in
        (0..<SpectrumRows.bandCount).map { band in
            let turn = Double.pi * Double(coefficient) * (Double(band) + 0.5) / Double(SpectrumRows.bandCount)
            let scale = coefficient == 0 ? 1.0 : 2.0.squareRoot()
            return Float(scale * cos(turn) / Double(SpectrumRows.bandCount))
        }
    }

    /// Of the spectrum in each beat. **Units:** `beats` s.
    package init(beats: [Double], spectrum: SpectrumRows) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(beats.count * BeatTimbre.size)
        for (at, beat) in beats.enumerated() where spectrum.count > 0 {
            let end = at + 1 < beats.count ? beats[at + 1] : beat + (at > 0 ? beat - beats[at - 1] : 0.5)
            let rows = spectrum.rows(from: beat, until: end)
            for shape in BeatTimbre.cosines {
                var value: Float = 0
                for row in rows {
                    for band in 0..<SpectrumRows.bandCount { value += shape[band] * spectrum[row, band] }
                }
                let step = (value / Float(rows.count) / BeatTimbre.stepDecibels).rounded()
                bytes.append(UInt8(bitPattern: Int8(max(-128, min(127, step)))))
            }
        }
        self.init(packed: bytes)
    }

    /// Rows that are made already, mean and deviation found from them.
    init(packed bytes: [UInt8]) {
        self.init(packed: PackedBytes(bytes))
        guard count > 0 else { return }
        for k in 0..<BeatTimbre.size {
            var sum = 0.0
            var square = 0.0
            for beat in 0..<count {
                sum += Double(self[beat, k])
                square += Double(self[beat, k] * self[beat, k])
            }
            let average = sum / Double(count)
            mean.append(Float((average * 100).rounded() / 100))
            let variance = max(0, square / Double(count) - average * average)
            deviation.append(Float((variance.squareRoot() * 100).rounded() / 100))
        }
    }
}
