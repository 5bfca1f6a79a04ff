import ForeverCatalogue
import ForeverCore
import ForeverMix
import ForeverRelay
import Foundation

/// `forever-server order`: the tour, every leg's cost and why.
struct OrderCommand {
    private let options: OptionValues
    private let taste: TourTaste
    private let progress = ProgressLine()

    init(_ options: OptionValues) throws(OptionError) {
        self.options = options
        taste = try TourTaste(options)
        if options.text("tracks") != nil, !options.texts("library").isEmpty {
            throw OptionError("order takes --library or --tracks, not both")
        }
    }

    func run() -> Int32 {
        let began = ProcessTime.cpuSeconds()
        do {
            let (tracks, cost) = try gather()
            if let path = options.text("costs") { try writeCosts(tracks, cost, to: path) }
            let gap = options.integer("artist-gap") ?? SeparationRules().artistGap
            let tour = try TourSolver(cost: cost, artistGap: gap).path(
                from: options.text("start"), through: tracks,
                course: taste.curve.map { DayCourse(curve: $0, startHour: options.number("start-hour") ?? 0) },
                seed: UInt64(options.integer("seed") ?? 0), seconds: options.number("seconds") ?? 1)
            Terminal.line(
                options.flag("json")
                    ? try json(tour, cpuSeconds: ProcessTime.cpuSeconds() - began)
                    : words(tour, tracks))
            return 0
        } catch {
            progress.clear()
            Program.say("forever-server order: \(error)")
            return 1
        }
    }

    /// What is to be put in order, and what each leg costs.
    private func gather() throws -> ([TrackFacts], TourCost) {
        if let path = options.text("tracks") {
            return (
                try TrackFacts.list(fromJSON: try Data(contentsOf: URL(fileURLWithPath: path))),
                TourCost(weights: taste.weights)
            )
        }
        let crate = DemoCrate(seed: DemoShelf.crateSeed)
        let collection = Collection(libraries: options.texts("library"), orElse: crate, progress: progress)
        let catalogue = try options.text("data").map { try Catalogue(path: DataFiles(folder: $0).catalogue) }
        let analyst = Analyst(
            opener: SoundOpener(crate: crate), catalogue: catalogue, sidecars: collection.sidecars)
        let analyses = OfflineAnalyses(of: collection.items, analyst: analyst, progress: progress)
        for problem in collection.problems + analyses.problems { Program.say(problem) }
        let summaries = analyses.byID.mapValues(SoundSummary.init)
        let facts = collection.items.compactMap { item in summaries[item.track.id]?.facts(of: item.track) }
        let planner = TransitionPlanner(settings: MixOptions.settings(options, bitrateKbps: nil))
        return (
            facts, .withPlanner(planner, weights: taste.weights, profiles: summaries.mapValues(\.profile))
        )
    }

    private func writeCosts(_ tracks: [TrackFacts], _ cost: TourCost, to path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path]) }
        defer { try? file.close() }
        try CostMatrix(tracks: tracks, cost: cost).write { try file.write(contentsOf: $0) }
    }

    /// The JSON of design: ids in order, legs with named terms.
    private struct Answer: Encodable {
        var order: [String]
        var cost: Double
        var legs: [TourLeg]
        var relaxed: [String]
        var cpu_s: Double
    }

    private func json(_ tour: Tour, cpuSeconds: Double) throws -> String {
        let answer = Answer(
            order: tour.order, cost: tour.cost, legs: tour.legs, relaxed: tour.relaxed, cpu_s: cpuSeconds)
        return try SortedJSON.line(answer)
    }

    private func words(_ tour: Tour, _ tracks: [TrackFacts]) -> String {
        let names = Dictionary(tracks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        func line(_ id: String) -> String {
            guard let facts = names[id] else { return id }
            let tempo = facts.tempo.map { String(format: "%6.2f BPM", $0) } ?? "          "
            let key = facts.key.map { "\($0.tonic) \($0.mode)" } ?? ""
            return "\(tempo)  \(key.padding(toLength: 9, withPad: " ", startingAt: 0)) \(facts.spokenName)"
        }
        var lines = tour.order.first.map { [line($0)] } ?? []
        for leg in tour.legs {
            // Every term, the one that costs most first.
            func share(_ name: String) -> Double {
                (TourTerm(rawValue: name).map { taste.weights[$0] } ?? 0) * (leg.terms[name] ?? 0)
            }
            let terms = leg.terms.sorted { (share($1.key), $0.key) < (share($0.key), $1.key) }
                .map { "\($0.key) \(String(format: "%.2f", $0.value))" }.joined(separator: ", ")
            lines.append(
                "   \(leg.style ?? leg.kind), cost \(String(format: "%.3f", leg.cost))"
                    + (terms.isEmpty ? "" : " (\(terms))"))
            lines.append("   \(leg.inWords(weights: taste.weights))")
            lines.append(line(leg.to))
        }
        let matched = tour.legs.filter { $0.kind == TourCost.beatMatchedKind }.count
        lines.append(
            "\(tour.order.count) tracks, cost \(String(format: "%.3f", tour.cost)), "
                + "\(matched) of \(tour.legs.count) legs beat-matched")
        lines += tour.relaxed.map { "relaxed: \($0)" }
        return lines.joined(separator: "\n")
    }
}
