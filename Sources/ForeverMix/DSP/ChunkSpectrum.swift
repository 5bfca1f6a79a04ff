import Foundation

/// The spectrum of a run of samples in 24 bands, equally wide in octaves from 40 Hz to 16 kHz.
///
/// **Thread:** one. **Cost:** a transform of 4096; no allocation after `init`.
final class ChunkSpectrum {
    static let bandCount = EndSpectra.bandCount
    /// Samples of a chunk.
    static let frames = EndSpectra.rowFrames

    /// The chunk's samples, to be filled in before each `addPowers`, which spoils them.
    let samples = FloatBlock(ChunkSpectrum.frames)
    private let fft = FFT(size: ChunkSpectrum.frames)
    private let window = FloatBlock(Window.hann(ChunkSpectrum.frames))
    private let re = FloatBlock(ChunkSpectrum.frames / 2 + 1)
    private let im = FloatBlock(ChunkSpectrum.frames / 2 + 1)
    /// First bin of each band and the end of the last.
    private let edges: [Int]

    /// The lowest band may begin lower than at 40 Hz.
    init(lowestHertz: Double = 40) {
        edges = (0...ChunkSpectrum.bandCount).map { band in
            let hertz = band == 0 ? lowestHertz : ChunkSpectrum.hertz(band)
            return Int((hertz * Double(ChunkSpectrum.frames) / Double(AudioFormat.sampleRate)).rounded(.up))
        }
    }

    /// The lower border of a band.
    static func hertz(_ band: Int) -> Double { 40 * pow(400, Double(band) / Double(bandCount)) }

    /// Power of a sine of amplitude 1 in the band that it falls into, nearly.
    static let fullScalePower = Float(frames * frames) * 3 / 32

    /// Adds the bands' powers in `samples` to `sums`.
    func addPowers(to sums: UnsafeMutablePointer<Float>) {
        let (samples, window) = (samples.pointer, window.pointer)
        for i in 0..<ChunkSpectrum.frames { samples[i] *= window[i] }
        fft.forward(real: samples, into: re.pointer, im.pointer)
        let (re, im) = (re.pointer, im.pointer)
        for band in 0..<ChunkSpectrum.bandCount {
            var sum: Float = 0
            // The lowest bands are narrower than a bin.
            for k in edges[band]..<max(edges[band + 1], edges[band] + 1) { sum += re[k] * re[k] + im[k] * im[k] }
            sums[band] += sum
        }
    }
}
