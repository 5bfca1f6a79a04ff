import Foundation

/// Parts the bass from the rest with a linear-phase filter, so that the two add up to the whole again.
///
/// Overlap-save on the renderer's absolute grid: the result for a chunk is a pure function of the chunk and
/// `reachFrames` on both sides. **Thread:** one. **Cost:** four transforms of 8192 a chunk; no allocation after `init`.
final class LowBand {
    /// Frames that the filter reaches to each side.
    static let reachFrames = 1024
    /// Frames of one chunk's result.
    static let chunkFrames = 4096
    private static let transformFrames = 8192

    private let fft = FFT(size: LowBand.transformFrames)
    private let response: FloatBlock
    private let work = FloatBlock(LowBand.transformFrames)
    private let re = FloatBlock(LowBand.transformFrames / 2 + 1)
    private let im = FloatBlock(LowBand.transformFrames / 2 + 1)

    /// Half the amplitude lies below `cutoffHertz` there: a windowed sinc (Blackman).
    init(cutoffHertz: Double) {
        let reach = LowBand.reachFrames
        let size = LowBand.transformFrames
        let turn = 2 * cutoffHertz / Double(AudioFormat.sampleRate)
        var taps = [Double](repeating: 0, count: 2 * reach + 1)
        for i in taps.indices {
            let x = Double(i - reach)
            let sinc = x == 0 ? turn : sin(.pi * turn * x) / (.pi * x)
            let place = 2 * Double.pi * Double(i + 1) / Double(2 * reach + 2)
            taps[i] = sinc * (0.42 - 0.5 * cos(place) + 0.08 * cos(2 * place))
        }
        let sum = taps.reduce(0, +)
        // Centred on 0, so that the response is real.
        for i in taps.indices { work.pointer[(i - reach + size) % size] = Float(taps[i] / sum) }
        response = FloatBlock(size / 2 + 1)
        fft.forward(real: work.pointer, into: response.pointer, im.pointer)
    }

    /// The low band of the chunk that begins `reachFrames` into `samples`.
    ///
    /// **Shape:** `samples` holds `chunkFrames + 2 * reachFrames`, `low` gets `chunkFrames`.
    func write(_ samples: UnsafePointer<Float>, into low: UnsafeMutablePointer<Float>) {
        let given = LowBand.chunkFrames + 2 * LowBand.reachFrames
        work.pointer.update(from: samples, count: given)
        (work.pointer + given).update(repeating: 0, count: LowBand.transformFrames - given)
        fft.forward(real: work.pointer, into: re.pointer, im.pointer)
        let (re, im, gain) = (re.pointer, im.pointer, response.pointer)
        for k in 0...LowBand.transformFrames / 2 {
            re[k] *= gain[k]
            im[k] *= gain[k]
        }
        fft.inverse(re: re, im: im, into: work.pointer)
        low.update(from: work.pointer + LowBand.reachFrames, count: LowBand.chunkFrames)
    }
}
