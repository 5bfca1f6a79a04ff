import Foundation

/// An end for every wait of a test.
package struct Deadline: Sendable {
    private let end: ContinuousClock.Instant

    package init(seconds: Double) { end = ContinuousClock.now + .seconds(seconds) }

    package var passed: Bool { ContinuousClock.now >= end }

    /// What is left, never negative.
    package var millisecondsLeft: Int32 {
        let left = (end - ContinuousClock.now) / Duration.milliseconds(1)
        return Int32(max(0, min(left, 1e9)))
    }
}

/// Asks `question` again and again until it gives something; throws when `seconds` are over.
package func eventually<Answer>(
    _ what: String, seconds: Double = 15, _ question: () throws -> Answer?
) throws -> Answer {
    let deadline = Deadline(seconds: seconds)
    while true {
        if let answer = try question() { return answer }
        if deadline.passed { throw TestKitFailure("not within \(seconds) s: \(what)") }
        usleep(50_000)
    }
}

/// Waits until `condition` holds; throws when `seconds` are over.
package func waitUntil(_ what: String, seconds: Double = 15, _ condition: () throws -> Bool) throws {
    let _: Bool = try eventually(what, seconds: seconds) { try condition() ? true : nil }
}
