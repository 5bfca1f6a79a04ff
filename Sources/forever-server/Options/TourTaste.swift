import ForeverCore
import ForeverRelay
import Foundation

/// How the operator likes tours: what counts how much, and the energy that the hours ask for. May change while the
/// station runs.
package struct TourTaste: Hashable, Sendable {
    package var weights = TourWeights()
    package var curve: EnergyCurve?

    static let specifications: [OptionSpecification] = [
        OptionSpecification(
            "weight", .text, placeholder: "TERM=N", repeats: true,
            help: "how much a term of the tour counts, as in key=20 (Docs/Crate.md names them)"),
        OptionSpecification(
            "energy-curve", .text, placeholder: "CURVE",
            help: "energy by hour of the day, as in \"7=0.3 12=0.5 22=0.9\" (standard: none)"),
    ]

    package init(weights: TourWeights = TourWeights(), curve: EnergyCurve? = nil) {
        self.weights = weights
        self.curve = curve
    }

    /// **Errors:** a weight or a curve that is none.
    init(_ options: OptionValues) throws(OptionError) {
        for text in options.texts("weight") {
            do { try weights.set(text) } catch { throw OptionError("--weight: \(error)") }
        }
        if let text = options.text("energy-curve") {
            do { curve = try EnergyCurve(text) } catch { throw OptionError("--energy-curve: \(error)") }
        }
    }

    /// The day from a moment on; nil without a curve.
    ///
    /// - Parameters:
    ///   - seconds: the moment, since 1970
    ///   - secondsFromGMT: of the place whose day it is
    package func day(fromSeconds seconds: Double, secondsFromGMT: Int) -> DayCourse? {
        curve.map { curve in
            DayCourse(
                curve: curve,
                startHour: (seconds + Double(secondsFromGMT)).truncatingRemainder(dividingBy: 86_400) / 3600)
        }
    }
}
