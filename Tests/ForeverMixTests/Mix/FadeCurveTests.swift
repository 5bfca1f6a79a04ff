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

    @Test func blocksAreCutsOfOneCurve() {
        for direction in [FadeCurve.Direction.rising, .falling] {
            let curve = FadeCurve(startFrame: 300, endFrame: 5000, direction)
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
