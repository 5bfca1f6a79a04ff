import Foundation

/// One onset strength from the bands: what the beat tracker listens to.
package enum OnsetStrength {
    /// Weights of low, middle, high and linear flux after each is brought to one scale.
    package struct Weights: Sendable {
        package var low: Float
        package var middle: Float
        package var high: Float
        package var linear: Float

        /// All that is heard.
        package static let all = Weights(low: 2, middle: 0.6, high: 0.3, linear: 1)
        /// What is loud: kicks and snares, no hats.
        package static let drums = Weights(low: 2, middle: 0.2, high: 0, linear: 2)
    }

    /// **Shape:** one value a frame, about 0 ... 1 and sometimes above.
    package static func combined(_ frames: OnsetFrames, _ weights: Weights = .all) -> [Float] {
        let bands = bands(frames)
        let (low, middle, high, linear) = (bands[0], bands[1], bands[2], bands[3])
        var raw = [Float](repeating: 0, count: frames.count)
        for k in raw.indices {
            raw[k] = weights.low * low[k] + weights.middle * middle[k]
            raw[k] += weights.high * high[k] + weights.linear * linear[k]
        }
        return normalised(raw, subtractsMean: false, floor: 0.2)
    }

    /// Low, middle, high and linear flux, each brought to one scale.
    package static func bands(_ frames: OnsetFrames) -> [[Float]] {
        let level = frames.level.reduce(0) { $0 + Double($1) } / Double(max(1, frames.count))
        return [
            normalised(frames.low, floor: logFloor), normalised(frames.middle, floor: logFloor),
            normalised(frames.high, floor: logFloor), normalised(frames.linear, floor: linearFloorShare * Float(level)),
        ]
    }

    /// A rise below this is no onset, however little else there is: a steady tone must not look like a drum.
    private static let logFloor: Float = 0.01
    private static let linearFloorShare: Float = 0.02

    /// What stands out of the mean of 0.4 s around it, divided by the track's 98th percentile or by `floor` if that is
    /// more.
    package static func normalised(_ values: [Float], subtractsMean: Bool = true, floor: Float) -> [Float] {
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
        let scale = max(percentile(result, 0.98), max(floor, 1e-9))
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
