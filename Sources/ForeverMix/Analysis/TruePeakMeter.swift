import Foundation

/// True peak of a stereo stream: the highest point of the signal oversampled four times (ITU-R BS.1770-4, annex 2).
///
/// Only runs of samples that could raise the maximum are oversampled: a point between samples is at most the sum of
/// the filter's magnitudes times the largest sample near it, so what is left out changes nothing. **Thread:** one.
package final class TruePeakMeter {
    /// The highest so far. **Units:** linear, full scale 1.
    package private(set) var peak: Float = 0

    private static let taps = 16
    private static let runFrames = 64
    /// Three phases between two samples, `taps` each.
    private let phases: [[Float]]
    private let boundFactor: Float
    /// Per channel: the last `taps` samples of the stream and then the pushed ones.
    private let left: UnsafeMutablePointer<Float>
    private let right: UnsafeMutablePointer<Float>
    private let pushMax: Int

    package init(pushMax: Int) {
        self.pushMax = pushMax
        let taps = TruePeakMeter.taps
        phases = (1...3).map { phase in
            let raw = (0..<taps).map { tap -> Double in
                let x = Double(tap - taps / 2 + 1) - Double(phase) / 4
                let reach = Double(taps) / 2
                let shape = 0.5 + 0.5 * cos(.pi * x / reach)
                return x == 0 ? 1 : sin(.pi * x) / (.pi * x) * shape
            }
            let sum = raw.reduce(0, +)
            return raw.map { Float($0 / sum) }
        }
        boundFactor = phases.map { $0.reduce(0) { $0 + abs($1) } }.max() ?? 2
        left = .allocate(capacity: pushMax + taps)
        right = .allocate(capacity: pushMax + taps)
        left.initialize(repeating: 0, count: pushMax + taps)
        right.initialize(repeating: 0, count: pushMax + taps)
    }

    deinit {
        left.deallocate()
        right.deallocate()
    }

    /// Adds `count` frames, at most `pushMax`.
    package func push(left newLeft: UnsafePointer<Float>, right newRight: UnsafePointer<Float>, count: Int) {
        precondition(count <= pushMax)
        push(newLeft, count, left)
        push(newRight, count, right)
    }

    /// Ends the stream with silence, so that its last samples are looked at on both sides.
    package func finish() {
        let silence = [Float](repeating: 0, count: min(TruePeakMeter.taps, pushMax))
        silence.withUnsafeBufferPointer { push(left: $0.baseAddress!, right: $0.baseAddress!, count: $0.count) }
    }

    /// **Units:** dBTP; -144 for silence.
    package var decibels: Double { max(-144, 20 * log10(Double(max(peak, 1e-9)))) }

    private func push(_ more: UnsafePointer<Float>, _ count: Int, _ buffer: UnsafeMutablePointer<Float>) {
        let taps = TruePeakMeter.taps
        (buffer + taps).update(from: more, count: count)
        var highest = peak
        var start = 0
        while start < count {
            let run = min(TruePeakMeter.runFrames, count - start)
            // Outputs of this run look at samples start ..< start + run + taps of the buffer.
            let near = buffer + start
            let samplePeak = maximumMagnitude(near, run + taps)
            highest = max(highest, samplePeak)
            if samplePeak * boundFactor > highest {
                for phase in phases {
                    phase.withUnsafeBufferPointer { filter in
                        highest = max(highest, peakBetween(near + 1, run, filter.baseAddress!))
                    }
                }
            }
            start += run
        }
        peak = highest
        buffer.update(from: buffer + count, count: taps)
    }
}

private func maximumMagnitude(_ samples: UnsafePointer<Float>, _ count: Int) -> Float {
    var top = SIMD8<Float>.zero
    var n = 0
    while n + 8 <= count {
        let x = UnsafeRawPointer(samples + n).loadUnaligned(as: SIMD8<Float>.self)
        top = top.replacing(with: x, where: x .> top)
        let y = -x
        top = top.replacing(with: y, where: y .> top)
        n += 8
    }
    var result = top.max()
    while n < count {
        result = max(result, abs(samples[n]))
        n += 1
    }
    return result
}

/// The largest magnitude of one phase of the oversampled signal over `count` outputs.
private func peakBetween(_ samples: UnsafePointer<Float>, _ count: Int, _ filter: UnsafePointer<Float>) -> Float {
    var top = SIMD8<Float>.zero
    var n = 0
    while n + 8 <= count {
        var sum = SIMD8<Float>.zero
        for tap in 0..<16 {
            let x = UnsafeRawPointer(samples + n + tap).loadUnaligned(as: SIMD8<Float>.self)
            sum += x * filter[tap]
        }
        top = top.replacing(with: sum, where: sum .> top)
        let opposite = -sum
        top = top.replacing(with: opposite, where: opposite .> top)
        n += 8
    }
    var result = top.max()
    while n < count {
        var sum: Float = 0
        for tap in 0..<16 { sum += samples[n + tap] * filter[tap] }
        result = max(result, abs(sum))
        n += 1
    }
    return result
}
