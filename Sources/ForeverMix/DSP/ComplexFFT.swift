import Foundation

/// A plan for the complex discrete Fourier transform of one power-of-two size, on split real and imaginary parts.
///
/// Radix-4 Stockham autosort, decimation in frequency (Stockham, 1966; Van Loan, "Computational Frameworks for the
/// Fast Fourier Transform", 1992): no bit reversal, every stage reads and writes in order.
/// **Thread:** one user at a time. **Cost:** no allocation after `init`.
public final class ComplexFFT {
    /// Points of the transform.
    public let size: Int

    /// Twiddle factors stage after stage; for each `p` of a radix-4 stage: w, w², w³ as (cos, -sin) pairs.
    private let twiddles: UnsafeMutablePointer<Float>
    private let twiddleCount: Int
    private let scratchRe: UnsafeMutablePointer<Float>
    private let scratchIm: UnsafeMutablePointer<Float>

    /// `size` is a power of two, at least 1.
    public init(size: Int) {
        precondition(size >= 1 && size & (size - 1) == 0, "FFT size is a power of two")
        self.size = size
        var count = 0
        var n = size
        while n >= 4 {
            count += 6 * (n / 4)
            n /= 4
        }
        twiddleCount = max(count, 1)
        twiddles = .allocate(capacity: twiddleCount)
        twiddles.initialize(repeating: 0, count: twiddleCount)
        var at = 0
        n = size
        while n >= 4 {
            for p in 0..<(n / 4) {
                for power in 1...3 {
                    let angle = -2 * Double.pi * Double(p * power) / Double(n)
                    twiddles[at] = Float(cos(angle))
                    twiddles[at + 1] = Float(sin(angle))
                    at += 2
                }
            }
            n /= 4
        }
        scratchRe = .allocate(capacity: size)
        scratchIm = .allocate(capacity: size)
        scratchRe.initialize(repeating: 0, count: size)
        scratchIm.initialize(repeating: 0, count: size)
    }

    deinit {
        twiddles.deallocate()
        scratchRe.deallocate()
        scratchIm.deallocate()
    }

    /// Replaces the `size` points by their transform, unnormalised.
    public func forward(re: UnsafeMutablePointer<Float>, im: UnsafeMutablePointer<Float>) {
        var fromRe = re
        var fromIm = im
        var toRe = scratchRe
        var toIm = scratchIm
        var n = size
        var stride = 1
        var stageTwiddles = UnsafePointer(twiddles)
        while n >= 4 {
            if stride == 1 {
                firstStage(n / 4, fromRe, fromIm, toRe, toIm, stageTwiddles)
            } else {
                radix4Stage(n / 4, stride, fromRe, fromIm, toRe, toIm, stageTwiddles)
            }
            stageTwiddles += 6 * (n / 4)
            swap(&fromRe, &toRe)
            swap(&fromIm, &toIm)
            n /= 4
            stride *= 4
        }
        if n == 2 {
            radix2Stage(stride, fromRe, fromIm, toRe, toIm)
            swap(&fromRe, &toRe)
            swap(&fromIm, &toIm)
        }
        if fromRe != re {
            re.update(from: fromRe, count: size)
            im.update(from: fromIm, count: size)
        }
    }

    /// Replaces the points by `size` times their inverse transform (divide by `size` for the inverse proper).
    public func inverseUnscaled(re: UnsafeMutablePointer<Float>, im: UnsafeMutablePointer<Float>) {
        forward(re: im, im: re)
    }
}

private typealias Quad = SIMD4<Float>

@inline(__always)
private func load(_ from: UnsafePointer<Float>) -> Quad {
    UnsafeRawPointer(from).loadUnaligned(as: Quad.self)
}

@inline(__always)
private func store(_ value: Quad, _ to: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(to).storeBytes(of: value, as: Quad.self)
}

/// The stage of stride 1: vectors run over `p`, and the four outputs of each `p` are transposed into order.
private func firstStage(
    _ quarter: Int, _ xRe: UnsafePointer<Float>, _ xIm: UnsafePointer<Float>,
    _ yRe: UnsafeMutablePointer<Float>, _ yIm: UnsafeMutablePointer<Float>, _ twiddles: UnsafePointer<Float>
) {
    guard quarter >= 4 else {
        radix4Stage(quarter, 1, xRe, xIm, yRe, yIm, twiddles)
        return
    }
    var p = 0
    while p < quarter {
        let aRe = load(xRe + p)
        let aIm = load(xIm + p)
        let bRe = load(xRe + p + quarter)
        let bIm = load(xIm + p + quarter)
        let cRe = load(xRe + p + 2 * quarter)
        let cIm = load(xIm + p + 2 * quarter)
        let dRe = load(xRe + p + 3 * quarter)
        let dIm = load(xIm + p + 3 * quarter)
        let sumACRe = aRe + cRe
        let sumACIm = aIm + cIm
        let differenceACRe = aRe - cRe
        let differenceACIm = aIm - cIm
        let sumBDRe = bRe + dRe
        let sumBDIm = bIm + dIm
        // j (b - d)
        let turnedRe = dIm - bIm
        let turnedIm = bRe - dRe
        let w = twiddles + 6 * p
        let w1Re = Quad(w[0], w[6], w[12], w[18])
        let w1Im = Quad(w[1], w[7], w[13], w[19])
        let w2Re = Quad(w[2], w[8], w[14], w[20])
        let w2Im = Quad(w[3], w[9], w[15], w[21])
        let w3Re = Quad(w[4], w[10], w[16], w[22])
        let w3Im = Quad(w[5], w[11], w[17], w[23])
        let y0Re = sumACRe + sumBDRe
        let y0Im = sumACIm + sumBDIm
        let u1Re = differenceACRe - turnedRe
        let u1Im = differenceACIm - turnedIm
        let u2Re = sumACRe - sumBDRe
        let u2Im = sumACIm - sumBDIm
        let u3Re = differenceACRe + turnedRe
        let u3Im = differenceACIm + turnedIm
        let y1Re = u1Re * w1Re - u1Im * w1Im
        let y1Im = u1Re * w1Im + u1Im * w1Re
        let y2Re = u2Re * w2Re - u2Im * w2Im
        let y2Im = u2Re * w2Im + u2Im * w2Re
        let y3Re = u3Re * w3Re - u3Im * w3Im
        let y3Im = u3Re * w3Im + u3Im * w3Re
        storeTransposed(y0Re, y1Re, y2Re, y3Re, yRe + 4 * p)
        storeTransposed(y0Im, y1Im, y2Im, y3Im, yIm + 4 * p)
        p += 4
    }
}

@inline(__always)
private func storeTransposed(_ a: Quad, _ b: Quad, _ c: Quad, _ d: Quad, _ to: UnsafeMutablePointer<Float>) {
    store(Quad(a[0], b[0], c[0], d[0]), to)
    store(Quad(a[1], b[1], c[1], d[1]), to + 4)
    store(Quad(a[2], b[2], c[2], d[2]), to + 8)
    store(Quad(a[3], b[3], c[3], d[3]), to + 12)
}

/// A later stage: vectors run over the `stride` independent transforms.
private func radix4Stage(
    _ quarter: Int, _ stride: Int, _ xRe: UnsafePointer<Float>, _ xIm: UnsafePointer<Float>,
    _ yRe: UnsafeMutablePointer<Float>, _ yIm: UnsafeMutablePointer<Float>, _ twiddles: UnsafePointer<Float>
) {
    let leap = stride * quarter
    for p in 0..<quarter {
        let w = twiddles + 6 * p
        let w1Re = w[0]
        let w1Im = w[1]
        let w2Re = w[2]
        let w2Im = w[3]
        let w3Re = w[4]
        let w3Im = w[5]
        let inRe = xRe + stride * p
        let inIm = xIm + stride * p
        let outRe = yRe + 4 * stride * p
        let outIm = yIm + 4 * stride * p
        if stride >= 4 {
            var q = 0
            while q < stride {
                let aRe = load(inRe + q)
                let aIm = load(inIm + q)
                let bRe = load(inRe + q + leap)
                let bIm = load(inIm + q + leap)
                let cRe = load(inRe + q + 2 * leap)
                let cIm = load(inIm + q + 2 * leap)
                let dRe = load(inRe + q + 3 * leap)
                let dIm = load(inIm + q + 3 * leap)
                let sumACRe = aRe + cRe
                let sumACIm = aIm + cIm
                let differenceACRe = aRe - cRe
                let differenceACIm = aIm - cIm
                let sumBDRe = bRe + dRe
                let sumBDIm = bIm + dIm
                let turnedRe = dIm - bIm
                let turnedIm = bRe - dRe
                store(sumACRe + sumBDRe, outRe + q)
                store(sumACIm + sumBDIm, outIm + q)
                let u1Re = differenceACRe - turnedRe
                let u1Im = differenceACIm - turnedIm
                store(u1Re * w1Re - u1Im * w1Im, outRe + q + stride)
                store(u1Re * w1Im + u1Im * w1Re, outIm + q + stride)
                let u2Re = sumACRe - sumBDRe
                let u2Im = sumACIm - sumBDIm
                store(u2Re * w2Re - u2Im * w2Im, outRe + q + 2 * stride)
                store(u2Re * w2Im + u2Im * w2Re, outIm + q + 2 * stride)
                let u3Re = differenceACRe + turnedRe
                let u3Im = differenceACIm + turnedIm
                store(u3Re * w3Re - u3Im * w3Im, outRe + q + 3 * stride)
                store(u3Re * w3Im + u3Im * w3Re, outIm + q + 3 * stride)
                q += 4
            }
        } else {
            for q in 0..<stride {
                let sumACRe = inRe[q] + inRe[q + 2 * leap]
                let sumACIm = inIm[q] + inIm[q + 2 * leap]
                let differenceACRe = inRe[q] - inRe[q + 2 * leap]
                let differenceACIm = inIm[q] - inIm[q + 2 * leap]
                let sumBDRe = inRe[q + leap] + inRe[q + 3 * leap]
                let sumBDIm = inIm[q + leap] + inIm[q + 3 * leap]
                let turnedRe = inIm[q + 3 * leap] - inIm[q + leap]
                let turnedIm = inRe[q + leap] - inRe[q + 3 * leap]
                outRe[q] = sumACRe + sumBDRe
                outIm[q] = sumACIm + sumBDIm
                let u1Re = differenceACRe - turnedRe
                let u1Im = differenceACIm - turnedIm
                outRe[q + stride] = u1Re * w1Re - u1Im * w1Im
                outIm[q + stride] = u1Re * w1Im + u1Im * w1Re
                let u2Re = sumACRe - sumBDRe
                let u2Im = sumACIm - sumBDIm
                outRe[q + 2 * stride] = u2Re * w2Re - u2Im * w2Im
                outIm[q + 2 * stride] = u2Re * w2Im + u2Im * w2Re
                let u3Re = differenceACRe + turnedRe
                let u3Im = differenceACIm + turnedIm
                outRe[q + 3 * stride] = u3Re * w3Re - u3Im * w3Im
                outIm[q + 3 * stride] = u3Re * w3Im + u3Im * w3Re
            }
        }
    }
}

/// The last stage where `size` is an odd power of two.
private func radix2Stage(
    _ stride: Int, _ xRe: UnsafePointer<Float>, _ xIm: UnsafePointer<Float>,
    _ yRe: UnsafeMutablePointer<Float>, _ yIm: UnsafeMutablePointer<Float>
) {
    for q in 0..<stride {
        let aRe = xRe[q]
        let aIm = xIm[q]
        let bRe = xRe[q + stride]
        let bIm = xIm[q + stride]
        yRe[q] = aRe + bRe
        yIm[q] = aIm + bIm
        yRe[q + stride] = aRe - bRe
        yIm[q + stride] = aIm - bIm
    }
}
