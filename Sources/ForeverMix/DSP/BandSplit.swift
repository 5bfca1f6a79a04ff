import Foundation

/// Parts bass, middle and treble with linear-phase filters, so that the three add up to the whole again.
///
/// Overlap-save on the renderer's absolute grid: the result for a chunk is a pure function of the chunk and
/// `reachFrames` on both sides. **Thread:** one. **Cost:** a transform of 8192 a chunk and channel and one more for
/// each band asked for; no allocation after `init`.
final class BandSplit {
    /// Frames that the filters reach to each side.
    static let reachFrames = 1024
    /// Frames of one chunk's result.
    static let chunkFrames = 4096
    private static let transformFrames = 8192
    private static let binCount = transformFrames / 2 + 1

    private let fft = FFT(size: BandSplit.transformFrames)
    private let bassResponse = FloatBlock(BandSplit.binCount)
    private let belowTrebleResponse = FloatBlock(BandSplit.binCount)
    private let work = FloatBlock(BandSplit.transformFrames)
    private let re = FloatBlock(BandSplit.binCount)
    private let im = FloatBlock(BandSplit.binCount)
    private let filteredRe = FloatBlock(BandSplit.binCount)
    private let filteredIm = FloatBlock(BandSplit.binCount)

    /// The bands' borders, where half of the amplitude is on each side.
    init(bassHertz: Double, trebleHertz: Double) {
        writeLowPass(bassHertz, into: bassResponse)
        writeLowPass(trebleHertz, into: belowTrebleResponse)
    }

    /// A windowed sinc (Blackman) of `2 * reachFrames + 1` taps, as its response, which is real.
    private func writeLowPass(_ hertz: Double, into response: FloatBlock) {
        let reach = BandSplit.reachFrames
        let size = BandSplit.transformFrames
        let turn = 2 * hertz / Double(AudioFormat.sampleRate)
        var taps = [Double](repeating: 0, count: 2 * reach + 1)
        for i in taps.indices {
            let x = Double(i - reach)
            let sinc = x == 0 ? turn : sin(.pi * turn * x) / (.pi * x)
            let place = 2 * Double.pi * Double(i + 1) / Double(2 * reach + 2)
            taps[i] = sinc * (0.42 - 0.5 * cos(place) + 0.08 * cos(2 * place))
        }
        let sum = taps.reduce(0, +)
        work.clear()
        for i in taps.indices { work.pointer[(i - reach + size) % size] = Float(taps[i] / sum) }
        fft.forward(real: work.pointer, into: response.pointer, im.pointer)
    }

    /// Takes the chunk that begins `reachFrames` into `samples`. **Shape:** `chunkFrames + 2 * reachFrames`.
    func take(_ samples: UnsafePointer<Float>) {
        let given = BandSplit.chunkFrames + 2 * BandSplit.reachFrames
        work.pointer.update(from: samples, count: given)
        (work.pointer + given).update(repeating: 0, count: BandSplit.transformFrames - given)
        fft.forward(real: work.pointer, into: re.pointer, im.pointer)
    }

    /// The bass of the chunk taken last: `chunkFrames`.
    func writeBass(into bass: UnsafeMutablePointer<Float>) { write(bassResponse, into: bass) }

    /// Bass and middle of the chunk taken last: `chunkFrames`.
    func writeBelowTreble(into below: UnsafeMutablePointer<Float>) { write(belowTrebleResponse, into: below) }

    private func write(_ response: FloatBlock, into band: UnsafeMutablePointer<Float>) {
        let (re, im, gain) = (re.pointer, im.pointer, response.pointer)
        let (filteredRe, filteredIm) = (filteredRe.pointer, filteredIm.pointer)
        for k in 0..<BandSplit.binCount {
            filteredRe[k] = re[k] * gain[k]
            filteredIm[k] = im[k] * gain[k]
        }
        fft.inverse(re: filteredRe, im: filteredIm, into: work.pointer)
        band.update(from: work.pointer + BandSplit.reachFrames, count: BandSplit.chunkFrames)
    }
}
