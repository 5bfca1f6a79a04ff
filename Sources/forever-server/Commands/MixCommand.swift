import ForeverCatalogue
import ForeverCodec
import ForeverCore
import ForeverMix
import ForeverRelay
import Foundation

/// `forever-server mix`: a mix rendered to a file. The same arguments give the same bytes.
struct MixCommand {
    private let options: OptionValues
    private let output: String
    private let seed: UInt64
    private let minutes: Double?
    private let taste: TourTaste
    private let progress = ProgressLine()
    private let settings: MixSettings

    /// Minutes of a mix whose length nobody named, of a library or the demo crate.
    static let standardMinutes = 60.0

    init(_ options: OptionValues) throws(OptionError) {
        self.options = options
        try SoundCloudOption.refuse(options, command: "mix")
        guard let output = options.text("o") else {
            throw OptionError("mix needs a file to write: forever-server mix -o mix.wav")
        }
        self.output = output
        seed = UInt64(options.integer("seed") ?? 0)
        minutes = options.number("minutes")
        taste = try TourTaste(options)
        let isCoded = output.lowercased().hasSuffix(".mp3")
        settings = MixOptions.settings(
            options, bitrateKbps: isCoded ? Int(options.text("bitrate") ?? "") ?? 128 : nil)
        if !options.arguments.isEmpty, !options.texts("library").isEmpty {
            throw OptionError("mix takes files or --library, not both")
        }
    }

    func run() throws(OptionError) -> Int32 {
        if let place = options.text("at") { return try replay(place) }
        do {
            return try render()
        } catch {
            progress.clear()
            Program.say("forever-server mix: \(error)")
            return 1
        }
    }

    private func render() throws -> Int32 {
        let crate = DemoCrate(seed: DemoShelf.crateSeed)
        let opener = SoundOpener(crate: crate)
        let catalogue = try options.text("data").map { try Catalogue(path: DataFiles(folder: $0).catalogue) }
        let collection =
            options.arguments.isEmpty
            ? Collection(libraries: options.texts("library"), orElse: crate, progress: progress)
            : Collection(files: options.arguments)
        report(collection.problems)
        let analyst = Analyst(opener: opener, catalogue: catalogue, sidecars: collection.sidecars)

        let isGiven = (options.text("order") ?? (options.arguments.isEmpty ? "tour" : "given")) == "given"
        let wanted = minutes ?? (options.arguments.isEmpty ? MixCommand.standardMinutes : nil)
        let drawn = draw(collection.items, seconds: wanted.map { $0 * 60 }, keepsOrder: isGiven)
        let analyses = OfflineAnalyses(of: drawn, analyst: analyst, progress: progress)
        report(analyses.problems)
        let playable = drawn.filter { analyses.byID[$0.track.id] != nil }
        guard !playable.isEmpty else {
            Program.say("forever-server mix: nothing to mix")
            return 1
        }
        let ordered = isGiven ? playable : tour(playable, analyses.byID)
        let script = OfflineScript(
            tracks: ordered.map(\.track), analyses: analyses.byID, settings: settings,
            seconds: wanted.map { $0 * 60 })
        let reports = try write(script, opener: opener)
        if let path = options.text("plan") {
            try script.planJSON(reports).write(to: URL(fileURLWithPath: path))
        }
        if let folder = options.text("plot") {
            try TransitionDrawings(script: script, settings: settings, opener: opener, reports: reports)
                .write(to: folder, progress: progress)
        }
        return 0
    }

    /// What the seed draws: enough tracks for the length asked for, so that a large library is not analysed whole.
    private func draw(_ items: [Collection.Item], seconds: Double?, keepsOrder: Bool) -> [Collection.Item] {
        guard let seconds, !keepsOrder else { return items }
        var generator = SeededGenerator(seed: seed)
        var drawn: [Collection.Item] = []
        // Overlaps and silent ends cost up to a third of what the tracks last.
        var left = seconds * 1.5 + 120
        for item in generator.shuffled(items) where left > 0 {
            drawn.append(item)
            left -= item.track.durationSeconds > 0 ? item.track.durationSeconds : 180
        }
        return drawn
    }

    private func tour(_ items: [Collection.Item], _ analyses: [String: TrackAnalysis]) -> [Collection.Item] {
        let summaries = analyses.mapValues(SoundSummary.init)
        let facts = items.compactMap { item in summaries[item.track.id]?.facts(of: item.track) }
        let cost = TourCost.withPlanner(
            TransitionPlanner(settings: settings), weights: taste.weights, profiles: summaries.mapValues(\.profile))
        let solver = TourSolver(cost: cost)
        // The tour begins where the draw did, so that another seed begins elsewhere.
        guard
            let tour = try? solver.path(
                from: facts.first?.id, through: facts, course: taste.curve.map { DayCourse(curve: $0, startHour: 0) },
                seed: seed)
        else { return items }
        let byID = Dictionary(items.map { ($0.track.id, $0) }, uniquingKeysWith: { first, _ in first })
        return tour.order.compactMap { byID[$0] }
    }

    private func write(_ script: OfflineScript, opener: SoundOpener) throws -> [TransitionReport] {
        let renderer = MixRenderer(settings: settings) { try opener.open(try script.track($0)) }
        let reports = ReportList()
        if options.text("plan") != nil || options.text("plot") != nil { renderer.onReport = { reports.all.append($0) } }
        let writer = try AudioFileWriter(path: output, bitrateKbps: Int(options.text("bitrate") ?? "") ?? 128)
        try OfflineRender(
            renderer: renderer, timeline: { _ in script.timeline }, from: 0, frameCount: script.frameCount
        )
        .run(into: writer, progress: progress)
        renderer.finishReports()
        return reports.all
    }

    private final class ReportList {
        var all: [TransitionReport] = []
    }

    /// `--at EPOCH:POSITION`: the hour again from the journal.
    private func replay(_ place: String) throws(OptionError) -> Int32 {
        let parts = place.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let epoch = Epoch(String(parts[0])), let position = Int64(parts[1]), position >= 0
        else { throw OptionError("--at must be EPOCH:POSITION, 16 hexadecimal digits and a number, not \"\(place)\"") }
        guard let folder = options.text("data") else {
            throw OptionError("--at needs the --data folder of the station that played it")
        }
        guard let minutes else { throw OptionError("--at needs --minutes") }
        do {
            try Replay(folder: folder, epoch: epoch, position: position, seconds: minutes * 60)
                .write(to: output, progress: progress)
            return 0
        } catch {
            progress.clear()
            Program.say("forever-server mix: \(error)")
            return 1
        }
    }

    private func report(_ problems: [String]) {
        for problem in problems { Program.say(problem) }
    }
}

/// A track that a plan names and nobody has.
struct UnknownTrack: Error, CustomStringConvertible {
    let id: String
    var description: String { "no track has the id \(id)" }
}
