import Foundation

/// A value for each of 24 bands, counted with together.
struct BandRow: Sendable {
    static let count = EndSpectra.bandCount

    var low: SIMD8<Float>
    var middle: SIMD8<Float>
    var high: SIMD8<Float>

    init(_ low: SIMD8<Float>, _ middle: SIMD8<Float>, _ high: SIMD8<Float>) {
        self.low = low
        self.middle = middle
        self.high = high
    }

    init(repeating value: Float) {
        self.init(.init(repeating: value), .init(repeating: value), .init(repeating: value))
    }

    /// The powers of stored rows (`EndSpectra`), raised by a gain. What is left of a row is left out.
    static func powers(_ bytes: [UInt8], gainDecibels: Double = 0) -> [BandRow] {
        let powers = (0..<256).map { byte in
            pow(10, (Float(byte) * EndSpectra.stepDecibels + EndSpectra.floorDecibels + Float(gainDecibels)) / 10)
        }
        return (0..<bytes.count / count).map { row in BandRow { powers[Int(bytes[row * count + $0])] } }
    }

    /// `value` of each band, from the lowest on.
    init(_ value: (Int) -> Float) {
        self.init(repeating: 0)
        for k in 0..<8 {
            low[k] = value(k)
            middle[k] = value(8 + k)
            high[k] = value(16 + k)
        }
    }

    @inline(__always) static func + (a: BandRow, b: BandRow) -> BandRow {
        BandRow(a.low + b.low, a.middle + b.middle, a.high + b.high)
    }

    @inline(__always) static func - (a: BandRow, b: BandRow) -> BandRow {
        BandRow(a.low - b.low, a.middle - b.middle, a.high - b.high)
    }

    @inline(__always) static func * (a: BandRow, b: BandRow) -> BandRow {
        BandRow(a.low * b.low, a.middle * b.middle, a.high * b.high)
    }

    @inline(__always) static func * (a: BandRow, b: Float) -> BandRow { BandRow(a.low * b, a.middle * b, a.high * b) }

    @inline(__always) var sum: Float { (low + middle + high).sum() }
    var largest: Float { max(low.max(), middle.max(), high.max()) }

    /// Powers in decibels, within 0.001; none may be 0 or less.
    @inline(__always) var decibels: BandRow {
        BandRow(BandRow.decibels(low), BandRow.decibels(middle), BandRow.decibels(high))
    }

    /// Exponent and mantissa apart: log2 of 1 ... 2 by a series in (m - 1) / (m + 1), the same on every machine.
    @inline(__always) private static func decibels(_ powers: SIMD8<Float>) -> SIMD8<Float> {
        let bits = unsafeBitCast(powers, to: SIMD8<UInt32>.self)
        let exponent = SIMD8<Float>(SIMD8<Int32>(truncatingIfNeeded: bits &>> 23)) - 127
        let mantissa = unsafeBitCast((bits & 0x7F_FFFF) | 0x3F80_0000, to: SIMD8<Float>.self)
        let ratio = (mantissa - 1) / (mantissa + 1)
        let square = ratio * ratio
        let series = ratio * (2.885_390 + square * (0.961_797 + square * (0.577_078 + square * 0.412_199)))
        return 3.010_300 * (exponent + series)
    }
}
