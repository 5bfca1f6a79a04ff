import Foundation

/// The strength of every semitone from a stream of mono samples, ten times a second.
///
/// The stream is brought to 6 kHz, and a 0.68 s spectrum is gathered by kernels one semitone wide from E1 (41 Hz) up,
/// the shape of libkeyfinder's constant-Q kernels (Sha'ath, "Estimation of Key in Digital Music Recordings", 2011). They
/// are gathered for A = 440 Hz and a third of a semitone to either side, since the tuning is known only at the end.
/// **Thread:** one.
package final class NoteExtractor {
    /// Row after row of `noteCount` magnitudes, each as `128 + 8 log2(magnitude)`: three quarters of a decibel a step.
    package var rows: [UInt8] { tunedRows[1] }
    /// Flat, at 440 Hz, sharp.
    private var tunedRows: [[UInt8]] = [[], [], []]
    package private(set) var tuning = TuningEstimator()

    /// MIDI number of the first note, E1, and the number of notes.
    package static let lowestNote = 28
    package static let noteCount = 74

    /// Magnitude of one stored value.
    package static func magnitude(_ stored: UInt8) -> Float { exp2((Float(stored) - 128) / 8) }

    /// The rows whose notes lie nearest to a tuning. **Units:** Hz of A, within half a semitone of 440.
    package func rows(tuning hertz: Double) -> [UInt8] {
        let thirds = (36 * log2(hertz / 440)).rounded()
        return tunedRows[max(0, min(2, 1 + Int(thirds)))]
    }

    private static let decimation = 8
    private static let filterTaps = 96
    private static let rate = Double(AudioFormat.sampleRate / decimation)
    private static let size = 4_096

    private let filter: [Float]
    private let history: UnsafeMutablePointer<Float>
    private let decimated: UnsafeMutablePointer<Float>
    private let pushMax: Int
    private var held: Int
    private let window: FrameWindow
    private let fft: FFT
    private let shape: [Float]
    private let kernels: [[Kernel]]
    private let windowed: UnsafeMutablePointer<Float>
    private let re: UnsafeMutablePointer<Float>
    private let im: UnsafeMutablePointer<Float>

    private struct Kernel {
        var firstBin: Int
        var weights: [Float]
    }

    package init(pushMax: Int) {
        self.pushMax = pushMax
        let taps = NoteExtractor.filterTaps
        let cut = 2_300.0 / Double(AudioFormat.sampleRate)
        let raw = (0..<taps).map { n -> Double in
            let x = Double(n) - Double(taps - 1) / 2
            let ideal = x == 0 ? 2 * cut : sin(2 * .pi * cut * x) / (.pi * x)
            let phase = 2 * Double.pi * (Double(n) + 0.5) / Double(taps)
            return ideal * (0.42 - 0.5 * cos(phase) + 0.08 * cos(2 * phase))
        }
        let sum = raw.reduce(0, +)
        filter = raw.map { Float($0 / sum) }
        history = .allocate(capacity: taps + pushMax)
        history.initialize(repeating: 0, count: taps + pushMax)
        held = taps / 2
        decimated = .allocate(capacity: pushMax / NoteExtractor.decimation + 2)
        decimated.initialize(repeating: 0, count: pushMax / NoteExtractor.decimation + 2)
        let size = NoteExtractor.size
        window = FrameWindow(
            size: size, hop: Int(NoteExtractor.rate) / AnalysisLimits.chromaFramesPerSecond,
            pushMax: pushMax / NoteExtractor.decimation + 2)
        fft = FFT(size: size)
        shape = Window.hann(size)
        kernels = [-1, 0, 1].map { NoteExtractor.makeKernels(semitones: $0 / 3) }
        windowed = .allocate(capacity: size)
        re = .allocate(capacity: size / 2 + 1)
        im = .allocate(capacity: size / 2 + 1)
        windowed.initialize(repeating: 0, count: size)
        re.initialize(repeating: 0, count: size / 2 + 1)
        im.initialize(repeating: 0, count: size / 2 + 1)
    }

    deinit {
        for part in [history, decimated, windowed, re, im] { part.deallocate() }
    }

    /// Raised-cosine kernels around each note, wide enough to hold at least one bin at the bottom.
    private static func makeKernels(semitones: Double) -> [Kernel] {
        let hertzPerBin = rate / Double(size)
        return (0..<noteCount).map { note in
            let hertz = 440 * pow(2, (Double(lowestNote + note - 69) + semitones) / 12)
            let reach = max(hertz * (pow(2, 0.5 / 12) - 1) * 1.1, 0.9 * hertzPerBin)
            let first = Int(((hertz - reach) / hertzPerBin).rounded(.up))
            let last = Int(((hertz + reach) / hertzPerBin).rounded(.down))
            let weights = (first...max(first, last)).map { bin -> Float in
                let x = (Double(bin) * hertzPerBin - hertz) / reach
                return Float(0.5 + 0.5 * cos(.pi * min(1, abs(x))))
            }
            let sum = weights.reduce(0, +)
            return Kernel(firstBin: first, weights: weights.map { $0 / max(sum, 1e-6) })
        }
    }

    /// Adds `count` mono samples to the stream.
    package func push(_ mono: UnsafePointer<Float>, count: Int) {
        precondition(count <= pushMax)
        (history + held).update(from: mono, count: count)
        held += count
        let taps = NoteExtractor.filterTaps
        var start = 0
        var made = 0
        filter.withUnsafeBufferPointer { filter in
            while held - start >= taps {
                var sum = SIMD8<Float>.zero
                var tap = 0
                while tap < taps {
                    let x = UnsafeRawPointer(history + start + tap).loadUnaligned(as: SIMD8<Float>.self)
                    let w = UnsafeRawPointer(filter.baseAddress! + tap).loadUnaligned(as: SIMD8<Float>.self)
                    sum += x * w
                    tap += 8
                }
                decimated[made] = sum.sum()
                made += 1
                start += NoteExtractor.decimation
            }
        }
        held -= start
        history.update(from: history + start, count: held)
        window.push(decimated, count: made) { frame in addFrame(frame) }
    }

    private func addFrame(_ samples: UnsafePointer<Float>) {
        let size = fft.size
        shape.withUnsafeBufferPointer { shape in
            for n in 0..<size { windowed[n] = samples[n] * shape[n] }
        }
        fft.forward(real: windowed, into: re, im)
        for bin in 0..<(size / 2 + 1) {
            re[bin] = (re[bin] * re[bin] + im[bin] * im[bin]).squareRoot()
        }
        tuning.add(re, hertzPerBin: NoteExtractor.rate / Double(size))
        for (at, kernels) in kernels.enumerated() {
            for kernel in kernels {
                var sum: Float = 0
                kernel.weights.withUnsafeBufferPointer { weights in
                    for k in 0..<weights.count { sum += weights[k] * re[kernel.firstBin + k] }
                }
                tunedRows[at].append(UInt8(max(0, min(255, (128 + 8 * log2(max(sum, 1e-9))).rounded()))))
            }
        }
    }
}
