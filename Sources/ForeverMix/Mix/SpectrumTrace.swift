import Foundation

/// The mix's spectrum chunk by chunk in 24 bands, to tell how much it changes at once.
final class SpectrumTrace {
    static let bandCount = 24
    /// Chunks of two seconds.
    static let spanChunks = 2 * AudioFormat.sampleRate / BandSplit.chunkFrames
    private static let size = BandSplit.chunkFrames

    private let fft = FFT(size: SpectrumTrace.size)
    private let window = FloatBlock(Window.hann(SpectrumTrace.size))
    private let work = FloatBlock(SpectrumTrace.size)
    private let re = FloatBlock(SpectrumTrace.size / 2 + 1)
    private let im = FloatBlock(SpectrumTrace.size / 2 + 1)
    /// First bin of each band and the end of the last, 40 Hz to 16 kHz in equal ratios.
    private let edges: [Int] = (0...SpectrumTrace.bandCount).map { band in
        let hertz = 40 * pow(400, Double(band) / Double(SpectrumTrace.bandCount))
        return Int((hertz * Double(SpectrumTrace.size) / Double(AudioFormat.sampleRate)).rounded(.up))
    }
    /// Powers, `bandCount` a chunk.
    private var powers: [Float] = []

    init(chunkCount: Int) { powers.reserveCapacity((chunkCount + 1) * SpectrumTrace.bandCount) }

    func clear() { powers.removeAll(keepingCapacity: true) }

    func add(left: UnsafePointer<Float>, right: UnsafePointer<Float>) {
        let (work, window) = (work.pointer, window.pointer)
        for i in 0..<SpectrumTrace.size { work[i] = (left[i] + right[i]) * window[i] }
        fft.forward(real: work, into: re.pointer, im.pointer)
        let (re, im) = (re.pointer, im.pointer)
        for band in 0..<SpectrumTrace.bandCount {
            var sum: Float = 0
            // The lowest bands are narrower than a bin.
            for k in edges[band]..<max(edges[band + 1], edges[band] + 1) { sum += re[k] * re[k] + im[k] * im[k] }
            powers.append(sum)
        }
    }

    /// The largest root mean square change of the bands' levels from two seconds to the next; nil for less than four.
    /// **Units:** dB.
    var largestJump: Double? {
        let bands = SpectrumTrace.bandCount
        let span = SpectrumTrace.spanChunks
        let count = powers.count / bands
        guard count >= 2 * span, let most = powers.max(), most > 0 else { return nil }
        var sums = [Double](repeating: 0, count: (count + 1) * bands)
        for i in powers.indices { sums[i + bands] = sums[i] + Double(powers[i]) }
        let floor = Double(most) * 1e-6
        var largest = 0.0
        for at in span...count - span {
            var square = 0.0
            for band in 0..<bands {
                let here = sums[at * bands + band]
                let before = (here - sums[(at - span) * bands + band]) / Double(span)
                let after = (sums[(at + span) * bands + band] - here) / Double(span)
                let change = 10 * log10((max(after, 0) + floor) / (max(before, 0) + floor))
                square += change * change
            }
            largest = max(largest, (square / Double(bands)).squareRoot())
        }
        return largest
    }
}
