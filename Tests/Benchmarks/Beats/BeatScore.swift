/// How far two lists of times agree, by the measures of the field (Davies, Degara & Plumbley, "Evaluation Methods for
/// Musical Audio Beat Tracking Algorithms", 2009). The first five seconds are left out, as is usual.
enum BeatScore {
    static let trimSeconds = 5.0

    static func trimmed(_ times: [Double]) -> [Double] { times.filter { $0 >= trimSeconds } }

    /// F-measure: a time counts where one of the others, not taken yet, lies within `window` s.
    static func fMeasure(_ truth: [Double], _ found: [Double], window: Double = 0.07) -> Double {
        guard !truth.isEmpty, !found.isEmpty else { return truth.isEmpty && found.isEmpty ? 1 : 0 }
        var hits = 0
        var (i, j) = (0, 0)
        while i < truth.count, j < found.count {
            let distance = found[j] - truth[i]
            if abs(distance) <= window {
                hits += 1
                i += 1
                j += 1
            } else if distance < 0 {
                j += 1
            } else {
                i += 1
            }
        }
        return 2 * Double(hits) / Double(truth.count + found.count)
    }

    /// AMLt: the share of beats that carry on rightly, at the true level, its double, its half or off the beat.
    static func anyLevel(_ truth: [Double], _ found: [Double]) -> Double {
        guard truth.count > 1, found.count > 1 else { return 0 }
        let between = zip(truth, truth.dropFirst()).map { ($0 + $1) / 2 }
        let double = zip(truth, between).flatMap { [$0, $1] } + [truth[truth.count - 1]]
        let odd = truth.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        let even = truth.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        return [truth, between, double, odd, even].map { carried($0, found) }.max() ?? 0
    }

    /// Beats whose place and interval are both within 17.5 % of the true ones.
    private static func carried(_ truth: [Double], _ found: [Double]) -> Double {
        guard truth.count > 1 else { return 0 }
        var used = Set<Int>()
        var right = 0
        for (at, time) in found.enumerated() {
            let near = nearest(truth, time)
            guard used.insert(near).inserted else { continue }
            let interval = near > 0 ? truth[near] - truth[near - 1] : truth[1] - truth[0]
            let own = at > 0 ? time - found[at - 1] : found[1] - found[0]
            if abs(time - truth[near]) < 0.175 * interval, abs(1 - own / interval) < 0.175 { right += 1 }
        }
        return Double(right) / Double(max(truth.count, found.count))
    }

    /// Median of found less true time, over the beats that match. **Units:** s.
    static func offset(_ truth: [Double], _ found: [Double]) -> Double? {
        guard !truth.isEmpty else { return nil }
        let offsets = found.map { $0 - truth[nearest(truth, $0)] }.filter { abs($0) < 0.07 }.sorted()
        return offsets.isEmpty ? nil : offsets[offsets.count / 2]
    }

    private static func nearest(_ times: [Double], _ time: Double) -> Int {
        var (low, high) = (0, times.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if times[middle] <= time { low = middle } else { high = middle }
        }
        return abs(times[low] - time) <= abs(times[high] - time) ? low : high
    }
}
