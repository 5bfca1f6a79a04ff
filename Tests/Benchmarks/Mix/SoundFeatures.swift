import ForeverCodec
import ForeverMix
import Foundation

/// What is measured of a sound file, in one reading of it.
struct SoundFeatures {
    /// **Units:** s.
    let seconds: Double
    /// K-weighted energy of every 100 ms.
    private(set) var energies: [Float] = []
    /// **Units:** LUFS and dBTP.
    private(set) var integrated = 0.0
    private(set) var truePeak = 0.0
    /// Runs of three samples or more at full scale.
    private(set) var clippedRuns = 0
    /// Root mean square, and the largest second difference, of every 5 ms.
    private(set) var levels: [Float] = []
    private(set) var bends: [Float] = []
    /// Power below 150 Hz of every 10 ms.
    private(set) var bass: [Float] = []
    /// Powers of 24 bands of every `SoundFeatures.chunkFrames`.
    private(set) var bands: [Float] = []
    /// Both channels' mean at an eighth of the rate.
    private(set) var slow: [Float] = []

    static let levelFrames = 240
    static let bassFrames = 480
    static let chunkFrames = 4_096
    static let bandCount = 24
    static let slowFactor = 8

    init(path: String) throws {
        let file = try AudioFile(path: path)
        seconds = AudioFormat.seconds(file.frameCount)
        let meter = LoudnessMeter()
        let peak = TruePeakMeter(pushMax: SoundFeatures.blockFrames)
        var bassFilter = BassFilter()
        var spectrum = BandSpectrum()
        var block = StereoBuffer(frameCount: SoundFeatures.blockFrames)
        var mono = [Float](repeating: 0, count: SoundFeatures.blockFrames)
        var clipped = [0, 0]
        for start in stride(from: Int64(0), to: file.frameCount, by: SoundFeatures.blockFrames) {
            try file.read(from: start, count: SoundFeatures.blockFrames, into: &block, at: 0)
            block.left.withUnsafeBufferPointer { left in
                block.right.withUnsafeBufferPointer { right in
                    meter.push(left: left.baseAddress!, right: right.baseAddress!, count: left.count)
                    peak.push(left: left.baseAddress!, right: right.baseAddress!, count: left.count)
                }
            }
            for i in mono.indices { mono[i] = (block.left[i] + block.right[i]) / 2 }
            addLevels(mono)
            for (side, channel) in [block.left, block.right].enumerated() {
                for sample in channel {
                    let isFull = abs(sample) >= 0.9995
                    if !isFull, clipped[side] >= 3 { clippedRuns += 1 }
                    clipped[side] = isFull ? clipped[side] + 1 : 0
                }
            }
            bass += bassFilter.powers(of: mono, every: SoundFeatures.bassFrames)
            bands += spectrum.powers(of: mono)
        }
        energies = meter.stepEnergies
        integrated = meter.integrated
        truePeak = peak.decibels
    }

    /// A multiple of all that is counted by, so that nothing goes over a block's end.
    private static let blockFrames = 61_440

    private mutating func addLevels(_ mono: [Float]) {
        for start in stride(from: 0, to: mono.count, by: SoundFeatures.levelFrames) {
            var power: Float = 0
            var bend: Float = 0
            for i in start..<start + SoundFeatures.levelFrames {
                power += mono[i] * mono[i]
                if i >= 2 { bend = max(bend, abs(mono[i] - 2 * mono[i - 1] + mono[i - 2])) }
            }
            levels.append((power / Float(SoundFeatures.levelFrames)).squareRoot())
            bends.append(bend)
        }
        for start in stride(from: 0, to: mono.count, by: SoundFeatures.slowFactor) {
            slow.append(mono[start..<start + SoundFeatures.slowFactor].reduce(0, +) / Float(SoundFeatures.slowFactor))
        }
    }

    /// Loudness of the three seconds around every 100 ms. **Units:** s and LUFS.
    var shortTerm: [(seconds: Double, loudness: Double)] {
        var sum = 0.0
        var result: [(Double, Double)] = []
        for (at, energy) in energies.enumerated() {
            sum += Double(energy) - (at >= 30 ? Double(energies[at - 30]) : 0)
            if at >= 29 { result.append((Double(at + 1) / 10 - 1.5, LoudnessMeter.lufs(max(sum / 30, 1e-7)))) }
        }
        return result
    }

    /// The mean of `shortTerm` between two times, as power; nil where there is none. **Units:** s and LUFS.
    func loudness(from: Double, to: Double) -> Double? {
        let inside = shortTerm.filter { $0.seconds > from && $0.seconds < to }
        guard !inside.isEmpty else { return nil }
        return 10 * log10(inside.reduce(0) { $0 + pow(10, $1.loudness / 10) } / Double(inside.count))
    }
}

/// What lies below 150 Hz: two second-order sections, a Butterworth filter of the fourth order.
private struct BassFilter {
    private struct Section {
        let b: Double
        let a1: Double
        let a2: Double
        var s1 = 0.0
        var s2 = 0.0

        init(quality: Double) {
            let turn = 2 * Double.pi * 150 / Double(AudioFormat.sampleRate)
            let alpha = sin(turn) / (2 * quality)
            b = (1 - cos(turn)) / 2 / (1 + alpha)
            a1 = -2 * cos(turn) / (1 + alpha)
            a2 = (1 - alpha) / (1 + alpha)
        }

        mutating func next(_ x: Double) -> Double {
            let y = b * x + s1
            s1 = 2 * b * x - a1 * y + s2
            s2 = b * x - a2 * y
            return y
        }
    }

    private var sections = [Section(quality: 0.541_196), Section(quality: 1.306_563)]

    mutating func powers(of samples: [Float], every frames: Int) -> [Float] {
        var (first, second) = (sections[0], sections[1])
        var powers: [Float] = []
        var sum = 0.0
        for (i, sample) in samples.enumerated() {
            let y = second.next(first.next(Double(sample)))
            sum += y * y
            guard (i + 1) % frames == 0 else { continue }
            powers.append(Float(sum / Double(frames)))
            sum = 0
        }
        sections = [first, second]
        return powers
    }
}

/// Spectra in bands of equal ratios, 40 Hz to 16 kHz.
private struct BandSpectrum {
    private let fft = FFT(size: SoundFeatures.chunkFrames)
    private let window = Window.hann(SoundFeatures.chunkFrames)
    private var held: [Float] = []
    private var re = [Float](repeating: 0, count: SoundFeatures.chunkFrames / 2 + 1)
    private var im = [Float](repeating: 0, count: SoundFeatures.chunkFrames / 2 + 1)
    private let edges: [Int] = (0...SoundFeatures.bandCount).map { band in
        let hertz = 40 * pow(400, Double(band) / Double(SoundFeatures.bandCount))
        return Int((hertz * Double(SoundFeatures.chunkFrames) / Double(AudioFormat.sampleRate)).rounded(.up))
    }

    mutating func powers(of samples: [Float]) -> [Float] {
        held += samples
        var powers: [Float] = []
        var at = 0
        while held.count - at >= SoundFeatures.chunkFrames {
            let piece = (0..<SoundFeatures.chunkFrames).map { held[at + $0] * window[$0] }
            at += SoundFeatures.chunkFrames
            re.withUnsafeMutableBufferPointer { re in
                im.withUnsafeMutableBufferPointer { im in
                    piece.withUnsafeBufferPointer {
                        fft.forward(real: $0.baseAddress!, into: re.baseAddress!, im.baseAddress!)
                    }
                }
            }
            for band in 0..<SoundFeatures.bandCount {
                let bins = edges[band]..<max(edges[band + 1], edges[band] + 1)
                powers.append(bins.reduce(0) { $0 + re[$1] * re[$1] + im[$1] * im[$1] })
            }
        }
        held.removeFirst(at)
        return powers
    }
}
