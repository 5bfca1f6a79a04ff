import ForeverMix
import Foundation

/// All scores and their means, as text.
struct ScoreTable {
    private var scores: [TrackScore] = []

    mutating func add(_ score: TrackScore) { scores.append(score) }

    var text: String {
        var lines = ["group                 n   F70   F20  AMLt  off/ms  down  Acc1  Acc2  sign   key MIREX"]
        for group in Set(scores.map(\.group)).sorted() { lines.append(row(group, scores.filter { $0.group == group })) }
        lines.append(row("all", scores))
        lines.append(ScoreTable.musts)
        let steady = scores.filter { $0.group == "four_floor" || $0.group == "structure" }
        if !steady.isEmpty {
            lines.append(
                "four on the floor and structure: F70 \(figure(mean(steady.map(\.beats70)), 3)) (must be 0.970)")
        }
        let errors = scores.compactMap(\.tempoError).sorted()
        if !errors.isEmpty {
            lines.append(
                "tempo error where constant: mean \(figure(mean(errors), 4)) %, median "
                    + "\(figure(errors[errors.count / 2], 4)) %")
        }
        let cuts = scores.reduce((0, 0, 0)) { ($0.0 + $1.cuts.hit, $0.1 + $1.cuts.truth, $0.2 + $1.cuts.found) }
        lines.append("section starts found \(cuts.0) of \(cuts.1), \(cuts.2) named")
        lines.append(trustLine("beats", scores.filter(\.trusted.beats)) { $0.beats70 >= 0.9 })
        lines.append(trustLine("bars", scores.filter(\.trusted.downbeats)) { $0.downbeats >= 0.9 })
        lines.append(trustLine("keys", scores.filter { $0.trusted.key && $0.keyExact != nil }) { $0.keyExact == 1 })
        let seconds = scores.reduce(0) { $0 + $1.seconds }
        let cpu = scores.reduce(0) { $0 + $1.cpuSeconds }
        lines.append(
            "\(figure(seconds / 3600, 2)) h in \(figure(cpu, 1)) CPU s: \(figure(seconds / max(cpu, 1e-9), 0)) x")
        lines += scores.filter { $0.beats70 < 0.9 || ($0.trusted.downbeats && $0.downbeats < 0.9) }.map { score in
            "  wrong: \(score.name) (\(score.group)): beats \(figure(score.beats70, 2)), any level "
                + "\(figure(score.anyLevel, 2)), bars \(figure(score.downbeats, 2))"
                + (score.trusted.beats ? ", beats trusted" : "") + (score.trusted.downbeats ? ", bars trusted" : "")
        }
        return lines.joined(separator: "\n")
    }

    /// What the analysis must reach on all groups together.
    private static let musts =
        "must                    0.910 0.890 0.970    3.00 0.800 0.880 0.990       0.830 0.900"

    private func trustLine(_ what: String, _ trusted: [TrackScore], _ isRight: (TrackScore) -> Bool) -> String {
        let share = 100 * Double(trusted.count) / Double(max(1, scores.count))
        let right = 100 * Double(trusted.filter(isRight).count) / Double(max(1, trusted.count))
        return "\(what): \(figure(share, 1)) % of tracks trusted, \(figure(right, 1)) % of these right"
    }

    private func row(_ name: String, _ rows: [TrackScore]) -> String {
        let numbers: [(Double, Int, Int)] = [
            (mean(rows.map(\.beats70)), 6, 3), (mean(rows.map(\.beats20)), 6, 3), (mean(rows.map(\.anyLevel)), 6, 3),
            (mean(rows.compactMap(\.offset)), 8, 2), (mean(rows.map(\.downbeats)), 6, 3),
            (mean(rows.map { $0.isTempoRight ? 1 : 0 }), 6, 3),
            (mean(rows.map { $0.isTempoRightToAnOctave ? 1 : 0 }), 6, 3),
            (mean(rows.map { $0.isSignatureRight ? 1 : 0 }), 6, 3), (mean(rows.compactMap(\.keyExact)), 6, 3),
            (mean(rows.compactMap(\.keyWeighted)), 6, 3),
        ]
        let padded = name.padding(toLength: 18, withPad: " ", startingAt: 0)
        return padded + String(format: "%5d", rows.count)
            + numbers.map { value, width, digits in String(format: "%\(width).\(digits)f", value) }.joined()
    }

    private func mean(_ values: [Double]) -> Double {
        values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    }

    private func figure(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
