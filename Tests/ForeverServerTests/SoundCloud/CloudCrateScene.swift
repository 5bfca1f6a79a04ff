import ForeverCatalogue
import ForeverCodec
import ForeverCore
import ForeverMix
import ForeverTestKit
import Foundation
import Synchronization
import forever_server

/// The SoundCloud crate alone on the fake one, step by step, its clock moved by hand and no mixer behind it.
final class CloudCrateScene {
    final class Clock: CloudClock {
        private let seconds = Mutex(1_795_000_000.0)
        var wallSeconds: Double { seconds.withLock { $0 } }
        func sleep(seconds: Double) { advance(seconds) }
        func advance(_ seconds: Double) { self.seconds.withLock { $0 += seconds } }
    }

    /// Sounds of 22 s, made once.
    static let sounds: [FakeTrack] = {
        let folder = try! TemporaryFolder()
        return try! CloudSounds.tracks(6, seconds: 22, in: folder)
    }()

    let clock = Clock()
    let fake: FakeCloud
    let crate: Crate
    let shelf = CloudShelf()
    let catalogue: Catalogue
    let analyst: Analyst
    let rules: RulesBoard
    let cloud: SoundCloudCrate
    private let folder: TemporaryFolder
    private let edge = Edge()
    private let words = Words()
    private var timeline = MixTimeline(settings: MixSettings())

    private final class Edge: Sendable {
        let frames = Mutex<Int64>(0)
    }

    private final class Words: Sendable {
        let said = Mutex<[String]>([])
    }

    init(
        from: String = #""soundcloud:playlists:7""#, admission: AdmissionRules = AdmissionRules(),
        history: [CloudURN] = [], catalogue: Catalogue? = nil,
        change: (inout SoundCloudCrate.Settings) -> Void = { _ in }
    ) throws {
        let clock = clock
        fake = try FakeCloud { clock.wallSeconds }
        folder = try TemporaryFolder()
        let cloudSettings = try CloudSettings(
            file: Array((fake.settingsJSON + #","from":[\#(from)],"minimumSeconds":20}"#).utf8), environment: [:])
        self.catalogue = try catalogue ?? Catalogue(path: ":memory:")
        var house = HouseRules()
        house.admission = admission
        rules = RulesBoard(house)
        crate = Crate(rules: admission)
        analyst = Analyst(opener: SoundOpener(crate: DemoCrate(seed: 1), cloud: shelf), catalogue: self.catalogue)
        var settings = SoundCloudCrate.Settings()
        settings.readyMax = 3
        settings.keptMin = 1
        settings.poolMin = 0
        change(&settings)
        let (words, edge) = (words, edge)
        let say: @Sendable (String) -> Void = { line in words.said.withLock { $0.append(line) } }
        let client = CloudClient(
            settings: cloudSettings, transport: URLSessionTransport(), clock: clock,
            file: try TokenFile(path: folder("token")), say: say)
        cloud = SoundCloudCrate(
            client: client, crate: crate, shelf: shelf, analyst: analyst, wanted: WantedAnalyses(), rules: rules,
            history: history, seed: 1, settings: settings,
            mixedFrames: { edge.frames.withLock { $0 } },
            givenUp: { urn in words.said.withLock { $0.append("given up: \(urn)") } }, say: say)
    }

    var lines: [String] { words.said.withLock { $0 } }
    /// Numbers of the tracks at hand.
    var atHand: Set<String> { Set(shelf.urns.map(\.name)) }
    /// Numbers of those that can be decided upon.
    var choices: Set<String> { Set(crate.candidates().map { String($0.facts.id.split(separator: ":")[2]) }) }
    /// How often a track's streams were asked for.
    func plays(_ number: Int) -> Int {
        fake.log.count { $0.path == "/tracks/soundcloud:tracks:\(number)/streams" }
    }

    /// So many things; where there is nothing to do the time passes.
    func step(_ count: Int) {
        for _ in 0..<count where !cloud.step({ false }) { clock.advance(5) }
    }

    /// The mix takes a track, and is over it where `isOver`.
    func play(_ number: String, isOver: Bool = true) throws {
        let urn = CloudURN(.tracks, number)!
        guard let item = shelf[urn], let analysis = item.analysis else {
            throw TestKitFailure("\(number) is not at hand")
        }
        let previous = timeline.entries.isEmpty ? nil : analysis
        timeline.apply(
            timeline.decide(
                trackID: "\(urn)", analysis: analysis, previous: previous, notBefore: edge.frames.withLock { $0 }))
        let member = CastMember(track: item.track, contentKey: "x", analysis: analysis)
        cloud.heard(StationNews(timeline: timeline, cast: ["\(urn)": member]))
        let end = timeline.entries.last?.endFrame ?? 0
        if isOver { edge.frames.withLock { $0 = max($0, end) } }
    }
}
