import Foundation
import ForeverMix
import Testing

@Suite struct LookAheadLimiterTests {
    static let chunk = 4096

    /// Limits a whole signal chunk by chunk; silence around it.
    static func limited(_ samples: [Float], ceilingDecibels: Double) -> [Float] {
        let limiter = LookAheadLimiter(ceilingDecibels: ceilingDecibels, chunkFrames: chunk)
        let before = LookAheadLimiter.framesBefore
        let total = before + chunk + LookAheadLimiter.framesAfter
        var result: [Float] = []
        for start in stride(from: 0, to: samples.count, by: chunk) {
            var work = (0..<total).map { i -> Float in
                let at = start - before + i
                return samples.indices.contains(at) ? samples[at] : 0
            }
            var other = work.map { -$0 * 0.5 }
            work.withUnsafeMutableBufferPointer { left in
                other.withUnsafeMutableBufferPointer { right in
                    limiter.limit(left: left.baseAddress!, right: right.baseAddress!)
                }
            }
            result += work[before..<before + chunk]
        }
        return result
    }

    /// The largest magnitude at 16 times the rate, by an interpolator that is not the limiter's own.
    static func truePeak(_ samples: [Float]) -> Double {
        let reach = 24
        var tables: [[Double]] = []
        for phase in 0..<16 {
            tables.append(
                (-reach...reach).map { k in
                    let x = Double(k) - Double(phase) / 16
                    let window = 0.5 + 0.5 * cos(.pi * x / Double(reach + 1))
                    return (x == 0 ? 1 : sin(.pi * x) / (.pi * x)) * window
                })
        }
        var most = 0.0
        for i in stride(from: reach, to: samples.count - reach, by: 1) where abs(samples[i]) > 0.3 {
            for table in tables {
                var sum = 0.0
                for k in -reach...reach { sum += Double(samples[i + k]) * table[k + reach] }
                most = max(most, abs(sum))
            }
        }
        return most
    }

    @Test func belowTheCeilingNothingChanges() {
        var numbers = SeededNumbers(state: 3)
        let samples = (0..<chunkCount(4)).map { _ in Float.random(in: -0.3...0.3, using: &numbers) }
        #expect(LookAheadLimiterTests.limited(samples, ceilingDecibels: -2) == samples)
    }

    @Test func clippedMusicStaysUnderTheCeiling() {
        let samples = (0..<chunkCount(6)).map { i -> Float in
            let time = Double(i) / 48_000
            let value = 3 * sin(2 * .pi * 55 * time) + 2 * sin(2 * .pi * 1234 * time) + sin(2 * .pi * 7001 * time)
            return Float(max(-1, min(1, value)))
        }
        let result = LookAheadLimiterTests.limited(samples, ceilingDecibels: -2)
        #expect(20 * log10(LookAheadLimiterTests.truePeak(result)) < -1.7)
        #expect(result.map(abs).max()! <= Float(pow(10, -2.0 / 20)))
        #expect(result.map(abs).max()! > 0.5, "no more than needed")
    }

    @Test func noiseStaysUnderTheCeiling() {
        var numbers = SeededNumbers(state: 4)
        let samples = (0..<chunkCount(4)).map { _ in Float.random(in: -2...2, using: &numbers) }
        let result = LookAheadLimiterTests.limited(samples, ceilingDecibels: -2)
        #expect(result.map(abs).max()! <= Float(pow(10, -2.0 / 20)))
        // Sound right up to half the sample rate is the worst there is for four-fold oversampling.
        #expect(20 * log10(LookAheadLimiterTests.truePeak(result)) < -0.9)
    }

    @Test func aPeakIsDuckedSmoothlyAndOnlyAroundIt() {
        var samples = [Float](repeating: 0.25, count: chunkCount(4))
        samples[8000] = 1.5
        let result = LookAheadLimiterTests.limited(samples, ceilingDecibels: -2)
        #expect(abs(result[8000]) <= Float(pow(10, -2.0 / 20)))
        #expect(result[8000 - 1100] == 0.25 && result[8000 + 2200] == 0.25)
        for i in 1..<7990 { #expect(abs(result[i] - result[i - 1]) < 0.001) }
    }

    private func chunkCount(_ chunks: Int) -> Int { chunks * LookAheadLimiterTests.chunk }
}
