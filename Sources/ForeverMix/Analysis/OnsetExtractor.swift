import Foundation

/// Onset strengths from a stream of mono samples.
///
/// SuperFlux (Böck & Widmer, DAFx 2013): spectrum in bands of a semitone, log-compressed, compared with the maximum of
/// the neighbouring bands two frames earlier; beside it the same without compression, because log-compressed flux
/// hears an open hat as loud as a kick. **Thread:** one.
package final class OnsetExtractor {
    package private(set) var frames = OnsetFrames()
    /// The same spectra in fewer and wider bands, and how they glide.
    package private(set) var spectrum = SpectrumRows()
    package let glides: GlideExtractor

    private let window: FrameWindow
    private let fft: FFT
    private let hann: [Float]
    private let bands: [Band]
    private let lowBands: Int
    private let middleBands: Int
    /// The band of `spectrum` that each of `bands` falls into.
    private let rowBands: [Int]
    private let work: Scratch
    /// Log and linear band values of the last two frames, newest first.
    private var logHistory: [[Float]]
    private var linearHistory: [[Float]]
    private var seen = 0

    /// A triangle over spectrum bins.
    private struct Band {
        var firstBin: Int
        var weights: [Float]
        var centreHertz: Double
    }

    /// Buffers of one frame.
    private final class Scratch {
        let windowed: UnsafeMutablePointer<Float>
        let re: UnsafeMutablePointer<Float>
        let im: UnsafeMutablePointer<Float>
        let magnitude: UnsafeMutablePointer<Float>
        init(size: Int) {
            windowed = .allocate(capacity: size)
            re = .allocate(capacity: size / 2 + 1)
            im = .allocate(capacity: size / 2 + 1)
            magnitude = .allocate(capacity: size / 2 + 1)
            windowed.initialize(repeating: 0, count: size)
            for part in [re, im, magnitude] { part.initialize(repeating: 0, count: size / 2 + 1) }
        }
        deinit {
            windowed.deallocate()
            re.deallocate()
            im.deallocate()
            magnitude.deallocate()
        }
    }

    /// `pushMax` is the most samples one `push` may bring.
    package init(pushMax: Int) {
        let size = AnalysisLimits.onsetWindowFrames
        window = FrameWindow(size: size, hop: AnalysisLimits.hopFrames, pushMax: pushMax)
        fft = FFT(size: size)
        hann = Window.hann(size)
        bands = OnsetExtractor.makeBands(size: size)
        lowBands = bands.prefix { $0.centreHertz < 150 }.count
        middleBands = bands.prefix { $0.centreHertz < 2_000 }.count
        rowBands = bands.map { SpectrumRows.band(hertz: $0.centreHertz) }
        glides = GlideExtractor(hertzPerBin: Double(AudioFormat.sampleRate) / Double(size))
        work = Scratch(size: size)
        logHistory = [[Float]](repeating: [Float](repeating: 0, count: bands.count), count: 2)
        linearHistory = logHistory
    }

    /// Adds `count` mono samples to the stream.
    package func push(_ mono: UnsafePointer<Float>, count: Int) {
        window.push(mono, count: count) { frame in addFrame(frame) }
    }

    /// Takes the attacks found by `AttackEnvelope` into the frames, filled up or cut to their number.
    package func finish(attacks: AttackEnvelope) {
        frames.attack = attacks.strengths
        frames.attackOffset = attacks.offsets
        while frames.attack.count < frames.count {
            frames.attack.append(0)
            frames.attackOffset.append(0)
        }
        frames.attack.removeLast(frames.attack.count - frames.count)
        frames.attackOffset.removeLast(frames.attackOffset.count - frames.count)
        spectrum.finish()
        glides.finish()
    }

    private static func makeBands(size: Int) -> [Band] {
        let hertzPerBin = Double(AudioFormat.sampleRate) / Double(size)
        var centres: [Int] = []
        var hertz = 27.5
        while hertz < 17_500 {
            let bin = Int((hertz / hertzPerBin).rounded())
            if bin >= 1, centres.last != bin { centres.append(bin) }
            hertz *= pow(2, 1.0 / 12)
        }
        return (1..<(centres.count - 1)).map { at in
            let first = centres[at - 1]
            let centre = centres[at]
            let last = centres[at + 1]
            var weights: [Float] = []
            for bin in (first + 1)..<last {
                let weight =
                    bin <= centre
                    ? Double(bin - first) / Double(centre - first) : Double(last - bin) / Double(last - centre)
                weights.append(Float(weight))
            }
            return Band(firstBin: first + 1, weights: weights, centreHertz: Double(centre) * hertzPerBin)
        }
    }

    private func addFrame(_ samples: UnsafePointer<Float>) {
        let size = fft.size
        let windowed = work.windowed
        hann.withUnsafeBufferPointer { shape in
            for n in 0..<size { windowed[n] = samples[n] * shape[n] }
        }
        fft.forward(real: windowed, into: work.re, work.im)
        let magnitude = work.magnitude
        let re = work.re
        let im = work.im
        for bin in 0..<(size / 2 + 1) {
            magnitude[bin] = (re[bin] * re[bin] + im[bin] * im[bin]).squareRoot()
        }
        // The older of the two frames is replaced by this one after the comparison.
        var logNow = [Float](repeating: 0, count: bands.count)
        var linearNow = logNow
        var rowPowers = [Float](repeating: 0, count: SpectrumRows.bandCount)
        for (at, band) in bands.enumerated() {
            var sum: Float = 0
            let from = magnitude + band.firstBin
            band.weights.withUnsafeBufferPointer { weights in
                for k in 0..<weights.count { sum += weights[k] * from[k] }
            }
            linearNow[at] = sum
            rowPowers[rowBands[at]] += sum * sum
            logNow[at] = log10(1 + sum)
        }
        var flux = (low: Float(0), middle: Float(0), high: Float(0))
        var linearFlux: Float = 0
        var lowLevel: Float = 0
        var level: Float = 0
        let logBefore = logHistory[1]
        let linearBefore = linearHistory[1]
        for at in 0..<bands.count {
            let below = max(at - 1, 0)
            let above = min(at + 1, bands.count - 1)
            let reference = max(logBefore[below], max(logBefore[at], logBefore[above]))
            let rise = max(0, logNow[at] - reference)
            if at < lowBands {
                flux.low += rise
                lowLevel += linearNow[at]
            } else if at < middleBands {
                flux.middle += rise
            } else {
                flux.high += rise
            }
            let linearReference = max(linearBefore[below], max(linearBefore[at], linearBefore[above]))
            linearFlux += max(0, linearNow[at] - linearReference)
            level += linearNow[at]
        }
        spectrum.add(rowPowers)
        glides.add(magnitude)
        seen += 1
        // The first frames have nothing to be compared with: a track cut into loud music has no onset there.
        let counts: Float = seen > 2 ? 1 : 0
        frames.low.append(counts * flux.low / Float(max(lowBands, 1)))
        frames.middle.append(counts * flux.middle / Float(max(middleBands - lowBands, 1)))
        frames.high.append(counts * flux.high / Float(max(bands.count - middleBands, 1)))
        frames.linear.append(counts * linearFlux)
        frames.lowLevel.append(lowLevel)
        frames.level.append(level)
        logHistory = [logNow, logHistory[0]]
        linearHistory = [linearNow, linearHistory[0]]
    }
}
