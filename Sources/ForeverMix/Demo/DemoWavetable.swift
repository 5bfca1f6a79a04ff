import Foundation

/// One cycle of a tone made of whole harmonics, so that nothing aliases.
struct DemoWavetable: Sendable {
    static let sizeBits = 11
    static let size = 1 << sizeBits

    /// `size` + 1 samples, the last equal to the first.
    let values: [Float]

    /// One cycle of a sine.
    static let sine = DemoWavetable(
        values: (0...size).map { Float(sin(2 * Double.pi * Double($0 % size) / Double(size))) })

    private init(values: [Float]) { self.values = values }

    /// `amplitudes[0]` is the fundamental.
    init(amplitudes: [Float]) {
        var values = [Float](repeating: 0, count: DemoWavetable.size + 1)
        let sine = DemoWavetable.sine.values
        let mask = DemoWavetable.size - 1
        values.withUnsafeMutableBufferPointer { out in
            sine.withUnsafeBufferPointer { sine in
                for (index, amplitude) in amplitudes.enumerated() where amplitude != 0 {
                    let harmonic = index + 1
                    // A turn per harmonic keeps the peaks from piling up.
                    var place = harmonic * harmonic * 37
                    for sample in 0...mask {
                        out[sample] += amplitude * sine[place & mask]
                        place += harmonic
                    }
                }
                out[mask + 1] = out[0]
            }
        }
        self.values = values
    }

    /// The shapes that instruments are made from.
    enum Shape: Sendable { case saw, square, triangle, organ }

    /// `shape` at `frequency` through a low-pass of 12 dB an octave at `cutoff`. **Units:** Hz.
    init(_ shape: Shape, frequency: Double, cutoff: Double) {
        let highest = max(1, min(64, Int(min(13_000, cutoff * 5) / frequency)))
        self.init(
            amplitudes: (1...highest).map { harmonic in
                let ratio = Double(harmonic) * frequency / cutoff
                return Float(DemoWavetable.amplitude(shape, harmonic) / (1 + ratio * ratio))
            })
    }

    private static func amplitude(_ shape: Shape, _ harmonic: Int) -> Double {
        let number = Double(harmonic)
        switch shape {
        case .saw: return 0.6 / number
        case .square: return harmonic % 2 == 1 ? 0.8 / number : 0
        case .triangle: return harmonic % 2 == 1 ? 1 / (number * number) : 0.06 / number
        case .organ:
            let drawbars = [1.0, 0.6, 0.45, 0.28, 0.08, 0.14, 0, 0.12]
            return harmonic <= drawbars.count ? drawbars[harmonic - 1] : 0
        }
    }

    /// Phase added a frame, as a fraction of 2^32.
    static func increment(frequency: Double) -> UInt32 {
        UInt32(frequency / Double(AudioFormat.sampleRate) * 4_294_967_296)
    }

    /// The sample at a phase, interpolated.
    @inline(__always)
    static func sample(_ table: UnsafePointer<Float>, _ phase: UInt32) -> Float {
        let index = Int(phase >> 21)
        let part = Float(phase & 0x1F_FFFF) * 0x1p-21
        let low = table[index]
        return low + (table[index + 1] - low) * part
    }
}
