import Foundation

/// The largest magnitude of a signal at and between its samples, frame by frame: what a converter would see.
///
/// Four times oversampled as in ITU-R BS.1770-4 Annex 2, with a longer filter.
struct InterSamplePeaks {
    /// Frames that the interpolation reaches to each side.
    static let reachFrames = 8
    /// Frames that are judged together.
    static let blockFrames = 32
    private static let taps = 16

    /// Interpolators for 1/4, 1/2 and 3/4 of the way to the next frame.
    private let phases: [SIMD16<Float>]

    init() {
        phases = [0.25, 0.5, 0.75].map { fraction in
            var values = SIMD16<Float>()
            var sum = 0.0
            var taps = [Double]()
            for i in 0..<InterSamplePeaks.taps {
                let x = Double(i - 7) - fraction
                let place = x / 8.5
                let window = 0.5 + 0.5 * cos(.pi * place)
                let tap = sin(.pi * x) / (.pi * x) * window
                taps.append(tap)
                sum += tap
            }
            for i in taps.indices { values[i] = Float(taps[i] / sum) }
            return values
        }
    }

    /// Raises `peaks[i]` to the largest magnitude around `samples[i]`, for every i in 0 ..< count.
    ///
    /// Between samples it looks only in blocks that come above `worthwhile` themselves. `samples` must reach
    /// `reachFrames` beyond both ends.
    func raise(
        _ peaks: UnsafeMutablePointer<Float>, over samples: UnsafePointer<Float>, count: Int, worthwhile: Float
    ) {
        let (first, second, third) = (phases[0], phases[1], phases[2])
        var start = 0
        while start < count {
            let end = min(start + InterSamplePeaks.blockFrames, count)
            var most: Float = 0
            for i in start..<end {
                let magnitude = abs(samples[i])
                peaks[i] = max(peaks[i], magnitude)
                most = max(most, magnitude)
            }
            if most > worthwhile {
                for i in start..<end {
                    let around = UnsafeRawPointer(samples + i - 7).loadUnaligned(as: SIMD16<Float>.self)
                    let most = max(
                        abs((around * first).sum()), abs((around * second).sum()), abs((around * third).sum()))
                    peaks[i] = max(peaks[i], most)
                }
            }
            start = end
        }
    }
}
