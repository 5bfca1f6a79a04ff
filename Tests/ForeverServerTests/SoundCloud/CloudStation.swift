import ForeverCatalogue
import ForeverCodec
import ForeverCore
import ForeverMix
import ForeverRelay
import ForeverTestKit
import Foundation
import Synchronization
import forever_server

/// A station's mixing half on the fake SoundCloud, its hours passing 60 times as fast as ours. Where the machine does not
/// mix as fast as that they pass as ours do, as at a real station: whoever has nothing to play then falls silent.
final class CloudStation: @unchecked Sendable {
    /// The stream's time. Whoever sleeps by it sleeps a sixtieth.
    final class Clock: CloudClock {
        static let speed = 60.0
        private let elapsed = Mutex(0.0)
        static let begin = 1_795_000_000.0
        var wallSeconds: Double { Clock.begin + elapsed.withLock { $0 } }
        var elapsedSeconds: Double { elapsed.withLock { $0 } }
        func advance(_ seconds: Double) { elapsed.withLock { $0 += seconds } }
        func sleep(seconds: Double) { Thread.sleep(forTimeInterval: seconds / Clock.speed) }
    }

    static let leadSeconds = 20.0
    /// With less than that ahead the stream's time goes as ours. **Units:** s.
    static let slackSeconds = 4.0

    let clock = Clock()
    let fake: FakeCloud
    private let folder: TemporaryFolder
    private let memory: StationMemory
    private let feed: StreamFeed
    private let mixer: StationMixer
    private let cloud: SoundCloudCrate
    private let shelf = CloudShelf()
    private let crate = Crate()
    private let isStopping = Atomic<Bool>(false)
    private let ended = DispatchSemaphore(value: 0)
    /// The stream's bytes as a listener gets them.
    private(set) var heard: [UInt8] = []
    private(set) var shelfPeak = 0

    init(tokenSeconds: Double, signatureSeconds: Double, from: String = #""soundcloud:playlists:7""#) throws {
        let format = StreamFormat(bitrateKbps: 64)!
        let clock = clock
        fake = try FakeCloud(tokenSeconds: tokenSeconds, signatureSeconds: signatureSeconds) { clock.wallSeconds }
        folder = try TemporaryFolder()
        let settings = try CloudSettings(
            file: Array((fake.settingsJSON + #","from":[\#(from)],"minimumSeconds":20}"#).utf8), environment: [:])
        let files = DataFiles(folder: folder.path)
        memory = try StationMemory(
            files: files, format: format, ringSeconds: 300, seed: 1, wallMilliseconds: 1, cloud: settings, say: { _ in }
        )
        feed = StreamFeed(
            ring: memory.ring,
            settings: LiveClock.Settings(startPosition: 0, resumeBytes: format.bytes(seconds: 1)), now: Instant.at(0))
        let opener = SoundOpener(crate: DemoCrate(seed: 1), cloud: shelf)
        let analyst = Analyst(opener: opener, catalogue: memory.catalogue)
        let wanted = WantedAnalyses()
        let ring = memory.ring
        let said = Said()
        let client = CloudClient(
            settings: settings, transport: URLSessionTransport(), clock: clock,
            file: try TokenFile(path: files.cloudToken),
            say: { said.add($0) })
        let cloud = SoundCloudCrate(
            client: client, crate: crate, shelf: shelf, analyst: analyst, wanted: wanted,
            rules: RulesBoard(HouseRules()), seed: 1,
            mixedFrames: { ring.edge / Int64(ring.format.frameBytes) * StreamFormat.frameSamples },
            say: { said.add($0) })
        self.cloud = cloud
        let box = Entries()
        mixer = StationMixer(
            settings: StationMixer.Settings(leadSeconds: Self.leadSeconds, seed: 1, cloud: settings), ring: ring,
            catalogue: memory.catalogue, crate: crate, analyst: analyst, wanted: wanted, covers: CoverShelf(),
            rules: RulesBoard(HouseRules()), wishes: WishDesk(catalogue: memory.catalogue),
            waitsForLibrary: false, journal: nil, sequence: 0, history: [],
            publish: { news in
                cloud.heard(news)
                box.add(news.timeline.entries)
            }, fail: { said.add("FAILED: \($0)") })
        words = said
        decided = box
    }

    private let words: Said
    private let decided: Entries
    var lines: [String] { words.lines }
    var timeline: [MixEntry] { decided.all }
    var catalogue: Catalogue { memory.catalogue }
    var epoch: String { memory.ring.epoch.description }
    var starvedCount: Int { feed.clock.starvedCount }
    var soundBytes: Int { shelf.byteCount }

    private final class Said: Sendable {
        private let kept = Mutex<[String]>([])
        func add(_ line: String) { kept.withLock { $0.append(line) } }
        var lines: [String] { kept.withLock { $0 } }
    }

    private final class Entries: Sendable {
        private let kept = Mutex<[Int: MixEntry]>([:])
        func add(_ entries: [MixEntry]) { kept.withLock { kept in for entry in entries { kept[entry.index] = entry } } }
        var all: [MixEntry] { kept.withLock { $0.values.sorted { $0.index < $1.index } } }
    }

    /// Lives for so much of the stream's time; `at` is asked after every moment of it.
    ///
    /// **Errors:** no music within a minute of ours, or an hour that does not pass.
    func live(seconds: Double, realSecondsMax: Double, at moment: (Double) -> Void) throws {
        let (mixer, cloud) = (mixer, cloud)
        Thread.detachNewThread { [self] in
            mixer.run()
            ended.signal()
        }
        Thread.detachNewThread { [self] in
            cloud.run { isStopping.load(ordering: .relaxed) }
            ended.signal()
        }
        defer {
            mixer.stop()
            isStopping.store(true, ordering: .relaxed)
            ended.wait()
            ended.wait()
        }
        let ring = memory.ring
        // On the air once the lead is there, as every station is.
        let lead = ring.format.bytes(seconds: Self.leadSeconds - 1)
        try waitUntil("the first music", seconds: 60) { ring.edge >= lead }
        let deadline = Deadline(seconds: realSecondsMax)
        let start = clock.elapsedSeconds
        var last = ContinuousClock.now
        var read: StreamPosition = 0
        while clock.elapsedSeconds - start < seconds {
            Thread.sleep(forTimeInterval: 0.002)
            let now = ContinuousClock.now
            let passed = (now - last) / Duration.seconds(1)
            last = now
            // The clock never stands: a mixer that does not come on is overtaken.
            let isAhead = ring.format.seconds(bytes: ring.edge - feed.live) > Self.slackSeconds
            clock.advance(min(passed * (isAhead ? Clock.speed : 1), 0.5))
            feed.advance(to: Instant.at(clock.elapsedSeconds))
            read = listen(from: read, to: feed.live)
            shelfPeak = max(shelfPeak, shelf.byteCount)
            moment(clock.elapsedSeconds - start)
            if deadline.passed { throw TestKitFailure("only \(clock.elapsedSeconds - start) s of the stream passed") }
        }
    }

    /// Nothing new is mixed any more.
    func stopMixing() { mixer.stop() }

    private func listen(from: StreamPosition, to: StreamPosition) -> StreamPosition {
        guard to > from else { return from }
        memory.ring.withBytes(at: from, count: Int(to - from)) { heard += $0 }
        return to
    }
}

extension Instant {
    static func at(_ seconds: Double) -> Instant {
        Instant(monotonicNanoseconds: Int64(seconds * 1e9), wallMilliseconds: Int64(seconds * 1000))
    }
}
