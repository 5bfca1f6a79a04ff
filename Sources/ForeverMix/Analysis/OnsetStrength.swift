import Foundation

/// One onset strength from the bands: what the beat tracker listens to.
package enum OnsetStrength {
    /// Weights of low, middle, high and linear flux after each is brought to one scale.
    package static let weights: (low: Float, middle: Float, high: Float, linear: Float) = (2, 0.6, 0.3, 1)

    /// **Shape:** one value a frame, about 0 ... 1 and sometimes above.
    package static func combined(_ frames: OnsetFrames) -> [Float] {
        let low = normalised(frames.low)
        let middle = normalised(frames.middle)
        let high = normalised(frames.high)
        let linear = normalised(frames.linear)
        let raw = (0..<frames.count).map { k in
            weights.low * low[k] + weights.middle * middle[k] + weights.high * high[k] + weights.linear * linear[k]
        }
        return normalised(raw, subtractsMean: false)
    }

    /// What stands out of the mean of 0.4 s around it, divided by the track's 98th percentile.
    package static func normalised(_ values: [Float], subtractsMean: Bool = true) -> [Float] {
        let count = values.count
        guard count > 0 else { return [] }
        var result = values
        if subtractsMean {
            let reach = 20
            var sum: Float = 0
            var from = 0
            var to = 0
            // Running sums in Float drift over hours; start anew every so often.
            for k in 0..<count {
                if k % 4_096 == 0 {
                    from = max(0, k - reach)
                    to = from
                    sum = 0
                }
                while to < min(count, k + reach + 1) {
                    sum += values[to]
                    to += 1
                }
                while from < k - reach {
                    sum -= values[from]
                    from += 1
                }
                result[k] = max(0, values[k] - sum / Float(to - from))
            }
        }
        let scale = percentile(result, 0.98)
        guard scale > 1e-9 else { return result.map { _ in 0 } }
        for k in 0..<count { result[k] = result[k] / scale }
        return result
    }

    /// The value below which `share` of the values lie; long arrays are sampled.
    package static func percentile(_ values: [Float], _ share: Double) -> Float {
        guard !values.isEmpty else { return 0 }
        let step = max(1, values.count / 60_000)
        var sample: [Float] = []
        sample.reserveCapacity(values.count / step + 1)
        var k = 0
        while k < values.count {
            sample.append(values[k])
            k += step
        }
        sample.sort()
        return sample[min(sample.count - 1, Int(Double(sample.count) * share))]
    }
}
