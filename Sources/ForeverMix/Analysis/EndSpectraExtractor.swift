import Foundation

/// Describes a stream of mono samples row by row, as `EndSpectra` keeps the ends of it.
///
/// **Thread:** one. **Cost:** a transform of 4096 samples in as many; 94 bytes a second.
final class EndSpectraExtractor {
    private static let chunksPerRow = EndSpectra.rowFrames / ChunkSpectrum.frames

    private let chunk = ChunkSpectrum()
    private let sums = FloatBlock(EndSpectra.bandCount)
    private var filled = 0
    private var chunks = 0
    private var rows: [UInt8] = []

    func push(_ mono: UnsafePointer<Float>, count: Int) {
        var at = 0
        while at < count {
            let more = min(count - at, ChunkSpectrum.frames - filled)
            (chunk.samples.pointer + filled).update(from: mono + at, count: more)
            at += more
            filled += more
            if filled == ChunkSpectrum.frames { endChunk() }
        }
    }

    /// Ends the row that is begun; what is left of a chunk is left out.
    func finish() { if chunks > 0 { endRow() } }

    var spectra: EndSpectra { EndSpectra(rows: rows) }

    private func endChunk() {
        chunk.addPowers(to: sums.pointer)
        filled = 0
        chunks += 1
        if chunks == EndSpectraExtractor.chunksPerRow { endRow() }
    }

    private func endRow() {
        let scale = 1 / (Float(chunks) * ChunkSpectrum.fullScalePower)
        for band in 0..<EndSpectra.bandCount {
            let decibels = 10 * log10(max(sums.pointer[band] * scale, 1e-12))
            let steps = (decibels - EndSpectra.floorDecibels) / EndSpectra.stepDecibels
            rows.append(UInt8(max(0, min(255, steps.rounded()))))
        }
        sums.clear()
        chunks = 0
    }
}
