/// What a soak says at its end: one table, then what broke.
struct Report {
    private var rows: [(String, String)] = []

    mutating func add(_ what: String, _ value: String) { rows.append((what, value)) }

    /// **Shape:** a table of two columns, and the findings with their moments.
    func text(_ findings: [Soak.Finding], repeatWith command: String) -> String {
        var lines = ["| soaked | |", "|---|---|"] + rows.map { "| \($0.0) | \($0.1) |" }
        lines.append("")
        if findings.isEmpty { lines.append("Nothing broke.") } else { lines.append("Broken:") }
        lines += findings.map { "  \(Self.text($0.seconds)) s: \($0.what)" }
        lines.append("Again with the same faults: \(command)")
        return lines.joined(separator: "\n")
    }

    /// A number with one decimal.
    static func text(_ value: Double) -> String {
        let tenths = Int64((value * 10).rounded())
        return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }

    /// The median, the 99th of a hundred and the largest.
    static func spread(_ values: [Double]) -> String {
        guard !values.isEmpty else { return "none" }
        let sorted = values.sorted()
        func quantile(_ share: Double) -> String {
            text(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))])
        }
        return "half within \(quantile(0.5)), 99 % within \(quantile(0.99)), all within \(text(sorted.last!)) s"
    }
}
