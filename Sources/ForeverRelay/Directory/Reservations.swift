/// Slots promised to listeners who are on their way to a relay, which its reports cannot count yet. Pure.
package struct Reservations: Hashable, Sendable {
    /// Who was sent so shortly before a report may not have been there when it was made.
    static let underWayNanoseconds: Int64 = 1_000_000_000
    /// Those of one bucket were sent within this time; a bucket is 16 bytes, and 10 of them are all there are.
    private static let bucketNanoseconds: Int64 = 125_000_000

    private struct Bucket: Hashable {
        var beganNanoseconds: Int64
        var count: Int
    }

    private var buckets: [Bucket] = []
    /// Slots promised.
    package private(set) var count = 0

    package init() {}

    package mutating func reserve(now: Int64) {
        count += 1
        if let last = buckets.last, now - last.beganNanoseconds < Self.bucketNanoseconds {
            buckets[buckets.count - 1].count += 1
        } else {
            buckets.append(Bucket(beganNanoseconds: now, count: 1))
            forget(before: now - Self.underWayNanoseconds)
        }
    }

    /// The relay has counted its connections: only those who were just sent are still under way.
    package mutating func reported(now: Int64) {
        forget(before: now - Self.underWayNanoseconds)
        count = buckets.reduce(0) { $0 + $1.count }
    }

    private mutating func forget(before time: Int64) {
        buckets.removeAll { $0.beganNanoseconds < time }
    }
}
