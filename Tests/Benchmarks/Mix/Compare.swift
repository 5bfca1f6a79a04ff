import ForeverMix
import Foundation

/// `bench-mix compare`: several mixes of the same tracks in the same order, bar by bar.
struct Compare {
    /// `NAME=MIX` or `NAME=MIX=PLAN`, the first with a plan: it says which pairs can be beat-matched.
    private let mixes: [(name: String, path: String, plan: String?)]

    init?(_ arguments: [String]) {
        mixes = arguments.map { argument in
            let parts = argument.split(separator: "=").map(String.init)
            return (parts[0], parts.count > 1 ? parts[1] : "", parts.count > 2 ? parts[2] : nil)
        }
        guard mixes.first?.plan != nil, mixes.allSatisfy({ !$0.path.isEmpty }) else { return nil }
    }

    private struct Result {
        var name: String
        var sound: SoundFeatures
        var layout: MixLayout
        var transitions: [TransitionFigures]
    }

    /// Prints the table. Beside a mix without a plan it writes the one that it found, as `.json`.
    func run() throws {
        var first = try MixLayout(plan: mixes[0].plan!)
        for at in first.tracks.indices { first.tracks[at] = try Compare.withTruth(first.tracks[at]) }
        let sounds = try first.tracks.map { try SoundFeatures(path: $0.path) }
        var results: [Result] = []
        for mix in mixes {
            let sound = try SoundFeatures(path: mix.path)
            var layout = first
            if let plan = mix.plan {
                layout = try MixLayout(plan: plan)
                for at in layout.tracks.indices { layout.tracks[at] = try Compare.withTruth(layout.tracks[at]) }
            } else {
                layout = MixLayout(finding: first.tracks, sounds, in: sound)
                try layout.write(to: mix.path + ".json")
            }
            let transitions = layout.transitions.map { TransitionFigures($0, layout, mix: sound, sounds: sounds) }
            results.append(Result(name: mix.name, sound: sound, layout: layout, transitions: transitions))
        }
        let matched = first.transitions.indices.filter { at in
            ["longBlend", "shortBlend", "drumBlend"].contains(first.transitions[at].style)
        }
        print(Compare.table(results, matched: matched))
        print(Compare.reported(first))
    }

    /// The track with its true beats, where a file of the same name ending in `.json` knows them.
    private static func withTruth(_ track: MixLayout.Track) throws -> MixLayout.Track {
        struct Truth: Decodable {
            var beats: [Double]
            var downbeats: [Double]
        }
        let path = URL(fileURLWithPath: track.path).deletingPathExtension().appendingPathExtension("json")
        guard let data = try? Data(contentsOf: path) else { return track }
        let truth = try JSONDecoder().decode(Truth.self, from: data)
        var result = track
        result.beats = truth.beats
        result.downbeats = truth.downbeats
        return result
    }

    private static func table(_ results: [Result], matched: [Int]) -> String {
        func figure(_ value: Double) -> String { String(format: "%.1f", value) }
        /// Median over transitions and the worst of them.
        func cell(_ values: [Double?], worst: ([Double]) -> Double?) -> String {
            let known = values.compactMap { $0 }.sorted()
            guard !known.isEmpty, let worst = worst(known) else { return "-" }
            return "\(figure(known[known.count / 2])), \(figure(worst))"
        }
        func largest(_ values: [Double]) -> Double? { values.max { abs($0) < abs($1) } }
        func percentile(_ values: [Double], _ share: Double) -> Double? {
            let sizes = values.map(abs).sorted()
            return sizes.isEmpty ? nil : sizes[Int((share * Double(sizes.count - 1)).rounded(.up))]
        }
        func jitter(_ values: [Double]) -> Double? {
            guard values.count > 2 else { return nil }
            let mean = values.reduce(0, +) / Double(values.count)
            return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
        }
        let pairs = results.map { result in matched.map { result.transitions[$0] } }
        var rows: [(String, (Int) -> String)] = [
            (
                "beats apart, median of a transition (ms; 8)",
                { k in
                    cell(pairs[k].map { percentile($0.beats, 0.5) }, worst: largest)
                }
            ),
            ("beats apart, p95 (ms; 15)", { k in cell(pairs[k].map { percentile($0.beats, 0.95) }, worst: largest) }),
            ("beats apart, most (ms; 25)", { k in cell(pairs[k].map { percentile($0.beats, 1) }, worst: largest) }),
            ("jitter (ms; 4)", { k in cell(pairs[k].map { jitter($0.beats) }, worst: largest) }),
            (
                "bar lines on each other (95 %)",
                { k in
                    let known = pairs[k].compactMap(\.downbeat)
                    return known.isEmpty ? "-" : "\(known.filter { $0 < 0.25 }.count) of \(known.count)"
                }
            ),
        ]
        if matched.isEmpty { rows = [] }
        rows += [
            ("level step (LU; 1)", { k in cell(results[k].transitions.map(\.levelStep), worst: largest) }),
            ("dip (LU; -3)", { k in cell(results[k].transitions.map(\.dip), worst: { $0.min() }) }),
            ("bump (LU; +1.5)", { k in cell(results[k].transitions.map(\.bump), worst: { $0.max() }) }),
            ("both basses (s; 2)", { k in cell(results[k].transitions.map(\.bothBasses), worst: { $0.max() }) }),
            ("bass bump (dB; +1.5)", { k in cell(results[k].transitions.map(\.bassBump), worst: { $0.max() }) }),
            ("spectral jump (dB; 8)", { k in cell(results[k].transitions.map(\.spectralJump), worst: { $0.max() }) }),
            ("clicks (0)", { k in "\(results[k].transitions.reduce(0) { $0 + $1.clicks })" }),
            ("gaps over 50 ms (0)", { k in "\(results[k].transitions.reduce(0) { $0 + $1.gaps })" }),
            ("integrated loudness (LUFS; -16 ± 0.5)", { k in figure(results[k].sound.integrated) }),
            ("true peak (dBTP; -1)", { k in figure(results[k].sound.truePeak) }),
            ("clipped runs (0)", { k in "\(results[k].sound.clippedRuns)" }),
        ]
        let head =
            "| median, worst of \(results[0].transitions.count); beats of the \(matched.count) that can be matched | "
        return
            ([
                head + results.map(\.name).joined(separator: " | ") + " |",
                "|---" + String(repeating: "|---", count: results.count) + "|",
            ]
            + rows.map { name, value in "| \(name) | " + results.indices.map(value).joined(separator: " | ") + " |" })
            .joined(separator: "\n")
    }

    /// What the reports of our own mix say, in words.
    private static func reported(_ layout: MixLayout) -> String {
        let styles = Dictionary(grouping: layout.transitions, by: { $0.style ?? "?" }).mapValues(\.count)
        let reports = layout.transitions.compactMap(\.report)
        let misses = Dictionary(grouping: reports.flatMap(\.misses), by: \.rawValue).mapValues(\.count)
        func words(_ counts: [String: Int]) -> String {
            counts.isEmpty
                ? "none" : counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        }
        // The rows above know where our plan puts beats; this is where the renderer heard their attacks.
        let heard = reports.compactMap(\.beats)
        func figures(_ value: KeyPath<BeatAgreement, Double>) -> String {
            let sorted = heard.map { $0[keyPath: value] }.sorted()
            return sorted.isEmpty
                ? "-" : String(format: "%.1f, %.1f", sorted[sorted.count / 2], sorted[sorted.count - 1])
        }
        let attacks =
            "Attacks apart as heard in \(heard.count) of our overlaps (ms; median, worst): median "
            + figures(\.medianMilliseconds) + "; p95 " + figures(\.p95Milliseconds) + "; most "
            + figures(\.maxMilliseconds) + "; jitter " + figures(\.jitterMilliseconds) + "."
        return "\nOurs: \(words(styles)). Bars missed by our own reports: \(words(misses)).\n\(attacks)\n"
    }
}
