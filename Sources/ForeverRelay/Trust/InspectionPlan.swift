/// When one relay is looked at again, and what it is worth until then. Pure: time and randomness are handed in.
///
/// Its address is challenged when it comes and every few minutes; its sound is compared at moments that it cannot foresee,
/// while it has listeners: one that sleeps is not woken for it.
public struct InspectionPlan: Hashable, Sendable {
    /// Between two challenges that went well. **Units:** s.
    public static let challengeSeconds = 120.0...300.0
    /// Between two samples, drawn anew each time. **Units:** s.
    public static let sampleSeconds = 60.0...360.0
    /// After something went wrong. **Units:** s.
    public static let retrySeconds = 8.0...20.0
    /// The first sample comes soon after the first listener. **Units:** s.
    public static let firstSampleSeconds = 2.0...30.0

    public enum Act: Hashable, Sendable {
        case challenge, sample
    }

    /// What comparing a relay's sound came to.
    public enum SampleOutcome: Hashable, Sendable {
        case good
        /// it sends other sound than the station
        case altered(String)
        /// silent, too slow, too far behind
        case poor(String)
        /// nothing can be said: it is full, or just between two epochs
        case open(String)
    }

    private var hasAnswered = false
    private var addressProblem: String?
    private var soundProblem: String?
    private var challengeNanoseconds: Int64
    private var sampleNanoseconds: Int64?
    /// another relay's sound may have been spoilt by it
    private var isSuspect = false

    /// To be challenged at once.
    public init(now: Int64) { challengeNanoseconds = now }

    /// What it is worth now.
    public var standing: RelayStanding {
        if let problem = addressProblem ?? soundProblem { return .unreachable(problem) }
        return hasAnswered ? .good : .unproven
    }

    /// What is to be done now; nil for nothing. `isUsed`: it has listeners, or has been sent some.
    public mutating func due(now: Int64, isUsed: Bool, using generator: inout some RandomNumberGenerator) -> Act? {
        if now >= challengeNanoseconds { return .challenge }
        guard hasAnswered, addressProblem == nil else { return nil }
        guard isUsed || soundProblem != nil || isSuspect else {
            // The next listener begins it anew.
            sampleNanoseconds = nil
            return nil
        }
        guard let sampleNanoseconds else {
            sampleNanoseconds = Self.later(now, Self.firstSampleSeconds, &generator)
            return nil
        }
        return now >= sampleNanoseconds ? .sample : nil
    }

    /// It answered the challenge (nil), or why that was no answer.
    public mutating func challenged(_ problem: String?, now: Int64, using generator: inout some RandomNumberGenerator) {
        addressProblem = problem
        if problem == nil { hasAnswered = true }
        challengeNanoseconds = Self.later(
            now, problem == nil ? Self.challengeSeconds : Self.retrySeconds, &generator)
    }

    public mutating func sampled(
        _ outcome: SampleOutcome, now: Int64, using generator: inout some RandomNumberGenerator
    ) {
        switch outcome {
        case .good:
            soundProblem = nil
            isSuspect = false
        case .altered(let reason), .poor(let reason): soundProblem = reason
        case .open: break
        }
        sampleNanoseconds = Self.later(
            now, outcome == .good ? Self.sampleSeconds : Self.retrySeconds, &generator)
    }

    /// Its sound is to be compared at once, used or not.
    public mutating func suspect(now: Int64) {
        isSuspect = true
        sampleNanoseconds = now
    }

    private static func later(
        _ now: Int64, _ seconds: ClosedRange<Double>, _ generator: inout some RandomNumberGenerator
    ) -> Int64 {
        now + Int64(Double.random(in: seconds, using: &generator) * 1e9)
    }
}
