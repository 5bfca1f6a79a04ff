import ForeverMix
import Foundation
import Testing

struct FFTTests {
    /// Deterministic values in -1 ... 1.
    static func noise(_ count: Int, seed: UInt64 = 1) -> [Float] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        return (0..<count).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Float(Double(state >> 11) / Double(1 << 52)) - 1
        }
    }

    @Test(arguments: [2, 4, 8, 16, 32, 64, 128, 256])
    func forwardIsTheDefinition(size: Int) {
        let samples = FFTTests.noise(size)
        let fft = FFT(size: size)
        var re = [Float](repeating: .nan, count: fft.binCount)
        var im = re
        fft.forward(real: samples, into: &re, &im)
        for bin in 0...(size / 2) {
            var sumRe = 0.0
            var sumIm = 0.0
            for n in 0..<size {
                let angle = -2 * Double.pi * Double(bin * n) / Double(size)
                sumRe += Double(samples[n]) * cos(angle)
                sumIm += Double(samples[n]) * sin(angle)
            }
            #expect(abs(Double(re[bin]) - sumRe) < 1e-5 * Double(size))
            #expect(abs(Double(im[bin]) - sumIm) < 1e-5 * Double(size))
        }
    }

    @Test(arguments: [2, 4, 8, 64, 512, 2048, 4096, 8192, 32768])
    func inverseReturnsTheSamples(size: Int) {
        let samples = FFTTests.noise(size, seed: 7)
        let fft = FFT(size: size)
        var re = [Float](repeating: 0, count: fft.binCount)
        var im = re
        var back = [Float](repeating: 0, count: size)
        fft.forward(real: samples, into: &re, &im)
        fft.inverse(re: re, im: im, into: &back)
        let worst = zip(samples, back).map { abs($0 - $1) }.max() ?? 1
        #expect(worst < 3e-6)
    }

    @Test func sineOnABinStandsInThatBinAlone() {
        let size = 2048
        let samples = (0..<size).map { Float(sin(2 * Double.pi * 93 * Double($0) / Double(size))) }
        let fft = FFT(size: size)
        var re = [Float](repeating: 0, count: fft.binCount)
        var im = re
        fft.forward(real: samples, into: &re, &im)
        for bin in 0..<fft.binCount {
            let magnitude = (re[bin] * re[bin] + im[bin] * im[bin]).squareRoot()
            #expect(abs(magnitude - (bin == 93 ? Float(size) / 2 : 0)) < 0.01)
        }
    }

    @Test(arguments: [1, 2, 4, 8, 32, 1024])
    func complexThereAndBack(size: Int) {
        let fft = ComplexFFT(size: size)
        let re = FFTTests.noise(size, seed: 3)
        let im = FFTTests.noise(size, seed: 4)
        var toRe = re
        var toIm = im
        fft.forward(re: &toRe, im: &toIm)
        #expect(abs(toRe[0] - re.reduce(0, +)) < 1e-3)
        fft.inverseUnscaled(re: &toRe, im: &toIm)
        for k in 0..<size {
            #expect(abs(toRe[k] / Float(size) - re[k]) < 1e-5)
            #expect(abs(toIm[k] / Float(size) - im[k]) < 1e-5)
        }
    }

    @Test func hannHalvesSumToOne() {
        let window = Window.hann(512)
        for n in 0..<256 { #expect(abs(window[n] + window[n + 256] - 1) < 1e-6) }
    }
}
