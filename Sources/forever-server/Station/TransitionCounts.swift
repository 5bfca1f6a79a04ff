import ForeverMix
import ForeverRelay

/// How many transitions were measured, and which bars they missed, since the start.
package struct TransitionCounts: Hashable, Sendable {
    package private(set) var styles: [TransitionStyle: Int] = [:]
    package private(set) var misses: [TransitionReport.Bar: Int] = [:]
    /// On one beat as planned, but not heard to be: neither good nor bad.
    package private(set) var unheard = 0

    package init() {}

    package mutating func add(_ report: TransitionReport) {
        if let style = report.style { styles[style, default: 0] += 1 }
        for bar in report.misses { misses[bar, default: 0] += 1 }
        if report.isUnheard { unheard += 1 }
    }
}

/// The same for `/metrics`: every style and every bar, so that nothing appears only when it first happens.
package enum TransitionMetrics {
    package static func rows(_ counts: TransitionCounts) -> [MetricRow] {
        TransitionStyle.allCases.map { style in
            MetricRow(
                "transitions_total", "counter", "Transitions measured in the render", "\(counts.styles[style] ?? 0)",
                ["style": style.rawValue])
        }
            + TransitionReport.Bar.allCases.map { bar in
                MetricRow(
                    "transition_misses_total", "counter", "Transitions that missed a bar",
                    "\(counts.misses[bar] ?? 0)", ["bar": bar.rawValue])
            } + [
                MetricRow(
                    "transition_unheard_total", "counter",
                    "Beat-matched transitions whose beats could not be measured", "\(counts.unheard)")
            ]
    }
}
