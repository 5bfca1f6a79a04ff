/// A track's way through the mix: which source frame sounds at which output frame.
///
/// Piecewise linear between its knots, of slope 1 before the first and after the last.
public struct TempoMap: Hashable, Sendable {
    /// At least one; both coordinates ascend.
    public let knots: [MapKnot]

    /// Takes `knots` as they are.
    public init(_ knots: [MapKnot]) {
        precondition(!knots.isEmpty, "a map has at least one knot")
        self.knots = knots
    }

    /// The output frame at which `sourceFrame` sounds.
    public func outputFrame(ofSource sourceFrame: Double) -> Double {
        let upper = firstKnot { $0.sourceFrame > sourceFrame }
        guard upper > 0 else { return Double(knots[0].outputFrame) + sourceFrame - knots[0].sourceFrame }
        let a = knots[upper - 1]
        guard upper < knots.count else { return Double(a.outputFrame) + sourceFrame - a.sourceFrame }
        let b = knots[upper]
        let slope = Double(b.outputFrame - a.outputFrame) / (b.sourceFrame - a.sourceFrame)
        return Double(a.outputFrame) + (sourceFrame - a.sourceFrame) * slope
    }

    /// The source frame that sounds at `outputFrame`.
    public func sourceFrame(atOutput outputFrame: Double) -> Double {
        let upper = firstKnot { Double($0.outputFrame) > outputFrame }
        guard upper > 0 else { return knots[0].sourceFrame + outputFrame - Double(knots[0].outputFrame) }
        let a = knots[upper - 1]
        guard upper < knots.count else { return a.sourceFrame + outputFrame - Double(a.outputFrame) }
        let b = knots[upper]
        let slope = (b.sourceFrame - a.sourceFrame) / Double(b.outputFrame - a.outputFrame)
        return a.sourceFrame + (outputFrame - Double(a.outputFrame)) * slope
    }

    /// Index of the first knot that `isAfter`, or the count.
    private func firstKnot(_ isAfter: (MapKnot) -> Bool) -> Int {
        var low = 0
        var high = knots.count
        while low < high {
            let middle = (low + high) / 2
            if isAfter(knots[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
