import Foundation

/// The rows that are printed, and every value of every run for whoever wants them.
struct Table {
    struct Row: Codable {
        var what: String
        var ours: String
        var against: String
        /// Median over the rounds of ours divided by the other's in the same round.
        var ratio: Double?
        var bar: String
        /// "ok", "over", or nothing where there is no bar.
        var verdict: String
    }

    /// One server's turn in one round.
    struct Run: Codable {
        var part: String
        var server: String
        var round: Int
        var values: [String: Double]
        var report: LoadReport?
    }

    private(set) var rows: [Row] = []
    private(set) var runs: [Run] = []

    /// A server that was kept waiting for so much of the time was measured on a busy machine.
    private static let waitShareMax = 0.1

    /// Which runs the machine's other work has spoilt. The mission's threads share their core among themselves.
    var spoilt: [Run] {
        runs.filter { run in
            run.part != Part.mission.rawValue
                && ["wait_share", "ramp_wait_share"].contains { run.values[$0, default: 0] > Self.waitShareMax }
        }
    }

    mutating func keep(_ run: Run) { runs.append(run) }

    /// One value of one server, round by round.
    func values(_ name: String, part: Part, server: String) -> [Double] {
        runs.filter { $0.part == part.rawValue && $0.server == server }.compactMap { $0.values[name] }
    }

    /// A ratio of two servers' values in the same rounds.
    ///
    /// - atMost: the bar; nil: none
    /// - within: the ratio must be so near to 1, in both directions
    mutating func compare(
        _ what: String, _ name: String, part: Part, _ ours: String, to other: String, digits: Int = 2,
        atMost: Double? = nil, within: Double? = nil
    ) {
        let left = values(name, part: part, server: ours)
        let right = values(name, part: part, server: other)
        let ratio = Self.median(zip(left, right).filter { $0.1 > 0 }.map { $0.0 / $0.1 })
        guard let ratio, let a = Self.median(left), let b = Self.median(right) else {
            rows.append(Row(what: what, ours: "not measured", against: other, ratio: nil, bar: "", verdict: ""))
            return
        }
        var bar = ""
        var isOk: Bool?
        if let atMost {
            bar = "≤ " + Self.text(atMost, 2)
            isOk = ratio <= atMost
        }
        if let within {
            bar = "1 ± " + Self.text(within, 2)
            isOk = abs(ratio - 1) <= within
        }
        rows.append(
            Row(
                what: what, ours: Self.text(a, digits), against: "\(other) \(Self.text(b, digits))", ratio: ratio,
                bar: bar, verdict: isOk.map { $0 ? "ok" : "over" } ?? ""))
    }

    /// A value that has a bar of its own.
    mutating func state(_ what: String, _ value: String, bar: String = "", isOk: Bool? = nil) {
        rows.append(
            Row(
                what: what, ours: value, against: "", ratio: nil, bar: bar,
                verdict: isOk.map { $0 ? "ok" : "over" } ?? ""))
    }

    var markdown: String {
        var lines = ["| measured | Forever | against | ratio | bar | |", "|---|---|---|---|---|---|"]
        for row in rows {
            let ratio = row.ratio.map { Self.text($0, 2) } ?? ""
            lines.append("| \(row.what) | \(row.ours) | \(row.against) | \(ratio) | \(row.bar) | \(row.verdict) |")
        }
        return lines.joined(separator: "\n")
    }

    func json(_ facts: [String: String]) -> String {
        struct All: Codable {
            var machine: [String: String]
            var rows: [Row]
            var runs: [Run]
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let data = try? encoder.encode(All(machine: facts, rows: rows, runs: runs))
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    static func text(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
