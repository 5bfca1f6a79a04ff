import Foundation

/// Describes a stream of mono samples row by row, as `EndSpectra` keeps the ends of it.
///
/// A row is the mean of two transforms that overlap by half: between windows side by side a drum would be lost.
/// **Thread:** one. **Cost:** two transforms of 4096 samples in as many; 281 bytes a second.
final class EndSpectraExtractor {
    private let window: FrameWindow
    /// What lies below 40 Hz is no part of a spectrum that is compared, but of a bass it may be most.
    private let chunk = ChunkSpectrum(lowestHertz: 20)
    private let powers = FloatBlock(EndSpectra.bandCount)
    private var filled = 0
    private var rows: [UInt8] = []

    private static let framesPerRow = 2

    /// `pushMax` is the most samples one `push` may bring.
    init(pushMax: Int) {
        let hop = EndSpectra.rowFrames / EndSpectraExtractor.framesPerRow
        window = FrameWindow(size: ChunkSpectrum.frames, hop: hop, pushMax: pushMax)
    }

    /// What is left of a row at the end of the stream is left out.
    func push(_ mono: UnsafePointer<Float>, count: Int) {
        window.push(mono, count: count) { frame in
            chunk.samples.pointer.update(from: frame, count: ChunkSpectrum.frames)
            chunk.addPowers(to: powers.pointer)
            filled += 1
            if filled == EndSpectraExtractor.framesPerRow { endRow() }
        }
    }

    var spectra: EndSpectra { EndSpectra(rows: rows) }

    private func endRow() {
        let scale = 1 / (Float(filled) * ChunkSpectrum.fullScalePower)
        for band in 0..<EndSpectra.bandCount {
            let decibels = 10 * log10(max(powers.pointer[band] * scale, 1e-12))
            let steps = (decibels - EndSpectra.floorDecibels) / EndSpectra.stepDecibels
            rows.append(UInt8(max(0, min(255, steps.rounded()))))
        }
        powers.clear()
        filled = 0
    }
}
