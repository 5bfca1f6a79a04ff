import Foundation
import ForeverMix
import Testing

@Suite struct FadeCurveTests {
    @Test func powersAddUpToOne() {
        let up = FadeCurve(startFrame: 1000, endFrame: 301_000, .rising)
        let down = FadeCurve(startFrame: 1000, endFrame: 301_000, .falling)
        for frame in stride(from: Int64(0), to: 302_000, by: 97) {
            let (a, b) = (up.gain(at: frame), down.gain(at: frame))
            #expect(abs(a * a + b * b - 1) < 2e-5)
        }
        #expect(up.gain(at: 999) == 0 && up.gain(at: 301_000) == 1)
        #expect(down.gain(at: 999) == 1 && down.gain(at: 301_000) == 0)
        #expect(abs(up.gain(at: 151_000) - 0.70710677) < 1e-5)
    }

    @Test func aSteadyFadesRatioGoesEvenly() {
        let up = FadeCurve(startFrame: 0, endFrame: 480_000, .rising, shape: .steady)
        let down = FadeCurve(startFrame: 0, endFrame: 480_000, .falling, shape: .steady)
        func ratio(_ share: Double) -> Double {
            let frame = Int64(share * 480_000)
            return 20 * log10(Double(up.gain(at: frame) / down.gain(at: frame)))
        }
        for frame in stride(from: Int64(0), to: 480_001, by: 991) {
            let (a, b) = (up.gain(at: frame), down.gain(at: frame))
            #expect(abs(a * a + b * b - 1) < 1e-4)
        }
        #expect(up.gain(at: 0) == 0 && up.gain(at: 480_000) == 1)
        #expect(abs(ratio(0.5)) < 0.01)
        #expect(abs(ratio(0.75) - 15) < 0.2)
        #expect(abs(ratio(0.6) - ratio(0.4) - 12) < 0.1)
    }

    @Test func blocksAreCutsOfOneCurve() {
        for (direction, shape) in [
            (FadeCurve.Direction.rising, Fade.Shape.equalPower), (.falling, .equalPower), (.rising, .steady),
            (.falling, .steady),
        ] {
            let curve = FadeCurve(startFrame: 300, endFrame: 5000, direction, shape: shape)
            var block = [Float](repeating: 9, count: 777)
            var last: Float = direction == .rising ? 0 : 1
            for start in stride(from: Int64(-777), to: 6000, by: 777) {
                block.withUnsafeMutableBufferPointer { curve.write(from: start, count: 777, into: $0.baseAddress!) }
                for (i, gain) in block.enumerated() {
                    #expect(gain == curve.gain(at: start + Int64(i)))
                    #expect(direction == .rising ? gain >= last - 1e-6 : gain <= last + 1e-6)
                    last = gain
                }
            }
        }
    }
}
