/// How long to wait before the next try: doubled after every failure up to a limit, each time a random half of it taken
/// off or not, so that a hundred relays of one root do not come back in the same instant. Pure.
public struct Backoff: Sendable {
    public static let firstSeconds = 0.25
    public static let secondsMax = 10.0
    private var failures = 0

    public init() {}

    /// Seconds until the next try.
    public mutating func next(using generator: inout some RandomNumberGenerator) -> Double {
        let full = min(Self.secondsMax, Self.firstSeconds * Double(1 << min(failures, 10)))
        failures += 1
        return full * Double.random(in: 0.5...1, using: &generator)
    }

    /// Something worked: the next failure is the first.
    public mutating func reset() { failures = 0 }
}
