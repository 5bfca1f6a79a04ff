import Foundation

/// A plan for the discrete Fourier transform of real samples, one power-of-two size.
///
/// The real transform of `size` points is a complex one of half the size and one pass that parts even from odd
/// (Sorensen et al., "Real-Valued Fast Fourier Transform Algorithms", IEEE ASSP 1987).
/// **Thread:** one user at a time. **Cost:** no allocation after `init`.
public final class FFT {
    /// Samples of the transform.
    public let size: Int
    /// Bins of the transform: `size / 2 + 1`, bin `k` at `k / size` of the sample rate.
    public var binCount: Int { size / 2 + 1 }

    private let half: ComplexFFT
    private let halfCount: Int
    private let workRe: UnsafeMutablePointer<Float>
    private let workIm: UnsafeMutablePointer<Float>
    /// cos and -sin of 2 pi k / size, k = 0 ... size / 4.
    private let turnRe: UnsafeMutablePointer<Float>
    private let turnIm: UnsafeMutablePointer<Float>

    /// `size` is a power of two, at least 2.
    public init(size: Int) {
        precondition(size >= 2 && size & (size - 1) == 0, "FFT size is a power of two")
        self.size = size
        halfCount = size / 2
        half = ComplexFFT(size: size / 2)
        workRe = .allocate(capacity: halfCount)
        workIm = .allocate(capacity: halfCount)
        workRe.initialize(repeating: 0, count: halfCount)
        workIm.initialize(repeating: 0, count: halfCount)
        let turns = halfCount / 2 + 1
        turnRe = .allocate(capacity: turns)
        turnIm = .allocate(capacity: turns)
        for k in 0..<turns {
            let angle = -2 * Double.pi * Double(k) / Double(size)
            (turnRe + k).initialize(to: Float(cos(angle)))
            (turnIm + k).initialize(to: Float(sin(angle)))
        }
    }

    deinit {
        workRe.deallocate()
        workIm.deallocate()
        turnRe.deallocate()
        turnIm.deallocate()
    }

    /// Transforms `size` real samples to `binCount` bins, unnormalised: a sine of amplitude 1 on a bin gives `size / 2`.
    public func forward(
        real: UnsafePointer<Float>, into re: UnsafeMutablePointer<Float>, _ im: UnsafeMutablePointer<Float>
    ) {
        let m = halfCount
        let zRe = workRe
        let zIm = workIm
        for k in 0..<m {
            zRe[k] = real[2 * k]
            zIm[k] = real[2 * k + 1]
        }
        half.forward(re: zRe, im: zIm)
        re[0] = zRe[0] + zIm[0]
        im[0] = 0
        re[m] = zRe[0] - zIm[0]
        im[m] = 0
        let cosines = turnRe
        let sines = turnIm
        var k = 1
        while k <= m / 2 {
            let mirror = m - k
            let evenRe = 0.5 * (zRe[k] + zRe[mirror])
            let evenIm = 0.5 * (zIm[k] - zIm[mirror])
            let oddRe = 0.5 * (zIm[k] + zIm[mirror])
            let oddIm = 0.5 * (zRe[mirror] - zRe[k])
            let wRe = cosines[k]
            let wIm = sines[k]
            let turnedRe = oddRe * wRe - oddIm * wIm
            let turnedIm = oddRe * wIm + oddIm * wRe
            re[k] = evenRe + turnedRe
            im[k] = evenIm + turnedIm
            re[mirror] = evenRe - turnedRe
            im[mirror] = turnedIm - evenIm
            k += 1
        }
    }

    /// Transforms `binCount` bins back to `size` samples, so that `inverse(forward(x))` is `x`.
    ///
    /// The imaginary parts of the first and last bin are taken as 0, which they are for real samples.
    public func inverse(
        re: UnsafePointer<Float>, im: UnsafePointer<Float>, into real: UnsafeMutablePointer<Float>
    ) {
        let m = halfCount
        let zRe = workRe
        let zIm = workIm
        zRe[0] = 0.5 * (re[0] + re[m])
        zIm[0] = 0.5 * (re[0] - re[m])
        let cosines = turnRe
        let sines = turnIm
        var k = 1
        while k <= m / 2 {
            let mirror = m - k
            let evenRe = 0.5 * (re[k] + re[mirror])
            let evenIm = 0.5 * (im[k] - im[mirror])
            let turnedRe = 0.5 * (re[k] - re[mirror])
            let turnedIm = 0.5 * (im[k] + im[mirror])
            let wRe = cosines[k]
            let wIm = -sines[k]
            let oddRe = turnedRe * wRe - turnedIm * wIm
            let oddIm = turnedRe * wIm + turnedIm * wRe
            zRe[k] = evenRe - oddIm
            zIm[k] = evenIm + oddRe
            zRe[mirror] = evenRe + oddIm
            zIm[mirror] = oddRe - evenIm
            k += 1
        }
        half.inverseUnscaled(re: zRe, im: zIm)
        let scale = 1 / Float(m)
        for k in 0..<m {
            real[2 * k] = zRe[k] * scale
            real[2 * k + 1] = zIm[k] * scale
        }
    }
}
