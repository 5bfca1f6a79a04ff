import ForeverCatalogue
import ForeverCodec
import ForeverCore
import ForeverMix
import ForeverRelay
import ForeverTestKit
import Foundation
import Synchronization
import forever_server

/// A station's mixing half on files in a folder, its time in the test's hand.
final class FileStation {
    static let leadSeconds = 10.0
    static let tempo = 120.0

    /// The files, and all that is remembered from one life to the next.
    final class Home {
        let folder: TemporaryFolder
        let ids: [String]
        let seconds: Double
        /// Of each track. **Units:** LUFS.
        private(set) var loudness = 0.0

        /// Steady music of so many seconds each: chords and drums.
        init(tracks: Int, seconds: Double) throws {
            folder = try TemporaryFolder()
            ids = (0..<tracks).map { "track\($0)" }
            self.seconds = seconds
            for (number, id) in ids.enumerated() {
                let writer = try AudioFileWriter(path: path(id))
                let music = Home.music(seconds: seconds, pitch: 220 * pow(1.26, Double(number)))
                try writer.write(music)
                try writer.finish()
                let meter = LoudnessMeter()
                meter.push(left: music.left, right: music.right, count: music.frameCount)
                loudness = meter.integrated
            }
        }

        func path(_ id: String) -> String { folder(id + ".wav") }

        /// Cuts the file off, as somebody who writes a new one over it does.
        func cutOff(_ id: String) throws {
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: path(id)))
            try file.truncate(atOffset: 100_000)
            try file.close()
        }

        private static func music(seconds: Double, pitch: Double) -> StereoBuffer {
            let beat = 60 / FileStation.tempo
            let samples = (0..<Int(seconds * 48_000)).map { frame -> Float in
                let time = Double(frame) / 48_000
                let since = time.truncatingRemainder(dividingBy: beat)
                let drum = 0.5 * exp(-since * 25) * sin(2 * .pi * 60 * since)
                return Float(0.15 * sin(2 * .pi * pitch * time) + 0.1 * sin(3 * .pi * pitch * time) + drum)
            }
            return StereoBuffer(left: samples, right: samples)
        }
    }

    private let memory: StationMemory
    private let feed: StreamFeed
    private let mixer: StationMixer
    private let ended = DispatchSemaphore(value: 0)
    private let news = News()
    private var nowSeconds = 0.0

    private final class News: Sendable {
        private let kept = Mutex<StationNews?>(nil)
        func keep(_ news: StationNews) { kept.withLock { $0 = news } }
        var newest: StationNews? { kept.withLock { $0 } }
    }

    /// Goes on where an earlier life in the same home stopped. Of the tracks as many as `analysed` are analysed.
    init(_ home: Home, analysed: Int = .max) throws {
        let format = StreamFormat(bitrateKbps: 128)!
        // The thread of an earlier life may hold its ring for a moment after its last word.
        memory = try eventually("the ring of the earlier life") {
            do {
                return try StationMemory(
                    files: DataFiles(folder: home.folder.path), format: format, ringSeconds: 300, seed: 1,
                    wallMilliseconds: 1, say: { _ in })
            } catch is RingError { return nil }
        }
        feed = StreamFeed(
            ring: memory.ring,
            settings: LiveClock.Settings(startPosition: 0, resumeBytes: format.bytes(seconds: 1)), now: Instant.at(0))
        let analyst = Analyst(opener: SoundOpener(crate: DemoCrate(seed: 1)), catalogue: memory.catalogue)
        let crate = Crate()
        var analysis = Samples.analysis(tempo: FileStation.tempo, seconds: home.seconds)
        analysis.loudness = home.loudness
        analysis.loudnessCurve = analysis.loudnessCurve.map { _ in Float(home.loudness) }
        for (number, id) in home.ids.enumerated() {
            let track = Track(
                id: id, title: "Title \(id)", artist: "Artist \(id)", durationSeconds: home.seconds,
                origin: .file(path: home.path(id)))
            var entry = CrateTrack(track: track, contentKey: id, knowledge: .unknown)
            if number < analysed {
                entry.knowledge = .analysed(
                    facts: SoundSummary(analysis).facts(of: track), profile: TransitionProfile(analysis))
                try memory.catalogue.storeAnalysis(
                    JSONEncoder().encode(analysis), forContent: id, version: analysis.analysisVersion)
            }
            crate.put(entry)
        }
        let said = news
        mixer = StationMixer(
            settings: StationMixer.Settings(leadSeconds: Self.leadSeconds, seed: 1), ring: memory.ring,
            catalogue: memory.catalogue, crate: crate, analyst: analyst, wanted: WantedAnalyses(), covers: CoverShelf(),
            rules: RulesBoard(HouseRules()), wishes: WishDesk(catalogue: memory.catalogue), waitsForLibrary: false,
            journal: memory.journal, sequence: memory.sequence, history: memory.history, publish: { said.keep($0) },
            fail: { _ in })
        let (mixer, ended) = (mixer, ended)
        Thread.detachNewThread {
            mixer.run()
            ended.signal()
        }
    }

    deinit { mixer.stop() }

    var catalogue: Catalogue { memory.catalogue }
    var epoch: String { memory.ring.epoch.description }
    var timeline: MixTimeline { news.newest?.timeline ?? MixTimeline(settings: MixSettings()) }
    var counts: TransitionCounts { news.newest?.counts ?? TransitionCounts() }
    /// How far the stream is made. **Units:** s.
    var madeSeconds: Double { memory.ring.format.seconds(bytes: memory.ring.edge) }

    /// Lets time pass until the stream is made that far.
    func make(until seconds: Double) throws {
        try waitUntil("\(seconds) s of the stream", seconds: 120) {
            if feed.leadSeconds >= Self.leadSeconds - 1 {
                nowSeconds += min(2, max(0.1, seconds - madeSeconds))
                feed.advance(to: Instant.at(nowSeconds))
            }
            return madeSeconds >= seconds
        }
        // What is being rendered at this moment is there too.
        Thread.sleep(forTimeInterval: 0.1)
    }

    /// Ends this life.
    func stop() {
        mixer.stop()
        ended.wait()
    }

    /// The stream as a listener decodes it; mix frame n sounds at n + 1105.
    func sound() throws -> [Float] {
        var bytes: [UInt8] = []
        memory.ring.withBytes(at: 0, count: Int(memory.ring.edge)) { bytes += $0 }
        let file = try AudioFile(bytes: bytes, name: "stream.mp3")
        var samples = StereoBuffer(frameCount: Int(file.frameCount))
        try file.read(from: 0, count: samples.frameCount, into: &samples, at: 0)
        return samples.left
    }
}
