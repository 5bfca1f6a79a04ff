import Foundation

/// The mix's spectrum chunk by chunk in 24 bands, to tell how much it changes at once.
final class SpectrumTrace {
    static let bandCount = ChunkSpectrum.bandCount
    /// Chunks of two seconds.
    static let spanChunks = 2 * AudioFormat.sampleRate / ChunkSpectrum.frames

    private let chunk = ChunkSpectrum()
    private let bands = FloatBlock(ChunkSpectrum.bandCount)
    /// Powers, `bandCount` a chunk.
    private var powers: [Float] = []

    init(chunkCount: Int) { powers.reserveCapacity((chunkCount + 1) * SpectrumTrace.bandCount) }

    func clear() { powers.removeAll(keepingCapacity: true) }

    /// Adds `ChunkSpectrum.frames` of the mix.
    func add(left: UnsafePointer<Float>, right: UnsafePointer<Float>) {
        let samples = chunk.samples.pointer
        for i in 0..<ChunkSpectrum.frames { samples[i] = left[i] + right[i] }
        bands.clear()
        chunk.addPowers(to: bands.pointer)
        for band in 0..<SpectrumTrace.bandCount { powers.append(bands.pointer[band]) }
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
