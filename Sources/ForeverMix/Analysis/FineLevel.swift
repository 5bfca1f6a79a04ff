import Foundation

/// The level of a sound every half millisecond, a byte a step: fine enough to see where a note begins.
package struct FineLevel: Sendable {
    /// Half decibels above `floorDecibels`.
    private var steps: [UInt8] = []

    /// Steps in a second.
    package static let stepsPerSecond = 2_000.0
    private static let floorDecibels: Float = -110

    package var count: Int { steps.count }

    package init() {}

    /// Adds a step of mean square `power`.
    package mutating func append(power: Float) {
        let decibels = 10 * log10(max(power, 1e-12))
        steps.append(UInt8(max(0, min(255, (2 * (decibels - FineLevel.floorDecibels)).rounded()))))
    }

    /// The mean square of a step.
    package subscript(step: Int) -> Float { FineLevel.powers[Int(steps[step])] }

    private static let powers: [Float] = (0...255).map { pow(10, (Float($0) / 2 + floorDecibels) / 10) }
}
