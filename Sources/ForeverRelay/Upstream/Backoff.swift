/// How long to wait before the next try: doubled after every failure up to a limit, each time a random half of it taken
/// off or not, so that a hundred relays of one root do not come back in the same instant. Pure.
///
/// For the first minute or two the limit is small: a source that comes back is found long before the lead is used up,
/// also when it was there too shortly to be met before.
public struct Backoff: Sendable {
    public static let firstSeconds = 0.25
    /// A wait's limit at first, and from the `patientFailures`th failure in a row on.
    public static let impatientSecondsMax = 2.0
    public static let secondsMax = 10.0
    public static let patientFailures = 60
    private var failures = 0

    public init() {}

    /// Seconds until the next try.
    public mutating func next(using generator: inout some RandomNumberGenerator) -> Double {
        let limit = failures < Self.patientFailures ? Self.impatientSecondsMax : Self.secondsMax
        let full = min(limit, Self.firstSeconds * Double(1 << min(failures, 10)))
        failures += 1
        return full * Double.random(in: 0.5...1, using: &generator)
    }

    /// Something worked: the next failure is the first.
    public mutating func reset() { failures = 0 }
}
