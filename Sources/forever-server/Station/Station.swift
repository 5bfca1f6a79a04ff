import ForeverCatalogue
import ForeverCore
import ForeverHTTP
import ForeverMix
import ForeverRelay
import ForeverTLS
import Foundation
import Glibc

/// The station: one thread for the loop, one that mixes and encodes, and two in the background that scan and analyse.
///
/// Only values and bytes pass between them: the mixer appends to the ring and posts news to the loop; the loop tells
/// the mixer how far live has come. **Thread:** the one that runs the loop.
final class Station {
    /// How long a stop waits for each thread. **Units:** s.
    static let joinSecondsMax = 3.0

    private let settings: StationSettings
    private let loop: EventLoop
    private let memory: StationMemory
    private let service: StreamService
    private let feed: StreamFeed
    private let desk: RelayDesk
    private let budget: BudgetKeeper
    private let books: TrafficBooks
    private let server: HTTPServer
    private let certificate: TLSServerContext?
    private let watch: FileWatch
    private let crate: Crate
    private let rules: RulesBoard
    private let wishes: WishDesk
    private let operatorDesk: OperatorDesk
    private let shelf: LibraryShelf
    private let finder: WishFinder
    private let covers = CoverShelf()
    private let wanted = WantedAnalyses()
    private let analyst: Analyst
    private let cloudShelf: CloudShelf?
    /// Fills the crate in place of a library.
    private let cloud: SoundCloudCrate?
    private let demo: DemoCrate
    private var mixer: StationMixer?
    private var timeline: TimelineJSON?
    private var exitStatus: Int32 = 0
    private var drain: Drain?
    private let journalQueue = DispatchQueue(label: "forever.anchors")

    /// **Errors:** what keeps the station from starting, in words.
    init(_ settings: StationSettings) throws {
        self.settings = settings
        loop = try EventLoop()
        memory = try StationMemory(
            files: settings.files, format: settings.format, ringSeconds: settings.ringSeconds, seed: settings.seed,
            wallMilliseconds: loop.wallMilliseconds, retention: settings.retention, cloud: settings.cloud,
            say: Program.say)
        rules = RulesBoard(settings.rules)
        crate = Crate(rules: settings.rules.admission)
        wishes = WishDesk(catalogue: memory.catalogue)
        demo = DemoCrate(seed: DemoShelf.crateSeed)
        cloudShelf = settings.cloud.map { _ in CloudShelf() }
        analyst = Analyst(opener: SoundOpener(crate: demo, cloud: cloudShelf), catalogue: memory.catalogue)
        cloud = try settings.cloud.map { [crate, cloudShelf, analyst, wanted, rules, wishes, memory] cloud in
            try Station.cloudCrate(
                cloud, settings, memory, crate: crate, shelf: cloudShelf!, analyst: analyst, wanted: wanted,
                rules: rules, wishes: wishes)
        }

        var serviceSettings = ServiceSettings(role: .root, version: ServerOptions.version)
        serviceSettings.profile = StationProfile(name: settings.name)
        serviceSettings.publicURL = settings.facing.publicURL
        serviceSettings.fanout.loops = settings.loops
        serviceSettings.fanout.burstSeconds = settings.burstSeconds
        serviceSettings.relayLimit = settings.relayLimit
        serviceSettings.relayFanout = settings.relayFanout
        serviceSettings.listenerLimit = settings.listenerLimit
        serviceSettings.answersRangeProbes = settings.facing.answersRangeProbes
        serviceSettings.isInsecure = settings.facing.isInsecure
        service = StreamService(loop: loop, settings: serviceSettings)
        // Live begins a burst after the epoch's first byte, so that the first listener has one too.
        let burst = settings.format.bytes(seconds: settings.burstSeconds)
        feed = StreamFeed(
            ring: memory.ring,
            settings: LiveClock.Settings(
                startPosition: burst, resumeBytes: settings.format.bytes(seconds: min(1, settings.leadSeconds / 2))),
            now: service.now)
        certificate = try settings.facing.protected.map {
            try TLSServerContext(certificateFile: $0.certificateFile, keyFile: $0.keyFile)
        }
        let authorities = try TLSClientContext(authoritiesFile: settings.facing.authoritiesFile)
        let files: [any ReloadedFiles] = [authorities] + (certificate.map { [$0] } ?? [])
        watch = FileWatch(loop: loop, files) { Program.say("forever-server: \($0)") }
        desk = RelayDesk(service: service, generator: SecureRandom(), keys: try Station.relayKeys(settings))
        desk.directory.regions = settings.regions
        let meter = WireMeter()
        let client = HTTPClient(loop: loop)
        client.meter = meter
        client.speakTLS(authorities)
        budget = BudgetKeeper(
            service: service, client: client, meter: meter,
            settings: BudgetKeeper.Settings(
                budget: settings.budget.settings, webhook: settings.budget.webhook, levels: settings.budget.levels,
                dataFolder: settings.files.folder), generator: SecureRandom())
        budget.say = { Program.say("forever-server: \($0)") }
        books = TrafficBooks(
            service: service, directory: desk.directory, budget: budget, dataFolder: settings.files.folder,
            earlier: TrafficArchive.earlier(memory.catalogue, wallMilliseconds: loop.wallMilliseconds),
            say: budget.say)
        desk.books = books
        desk.inspect(with: client, say: Program.say)
        if settings.facing.logsListeners { service.onListener = { Program.say("\($0)") } }
        let router = Router()
        PageFiles.install(into: router)
        service.install(into: router)
        desk.install(into: router)
        shelf = LibraryShelf(catalogue: memory.catalogue, crate: crate, analyst: analyst, say: Program.say)
        finder = WishFinder(shelf: shelf, cloud: cloud?.wishes)
        operatorDesk = OperatorDesk(
            loop: loop, feed: feed, shelf: shelf, finder: finder, wishes: wishes,
            token: try OperatorToken(settings.operatorTokenFile, files: settings.files, say: Program.say),
            isInsecure: settings.facing.isInsecure)
        operatorDesk.install(into: router)
        server = HTTPServer(
            loop: loop, router: router, limits: settings.facing.limits, proxies: settings.facing.proxies)
        server.meter = meter
        service.connectionsTurnedAway = { [unowned server] in (server.refusedCount, server.evictedCount) }
        router.on(.GET, "/covers/:id") { [covers] request in
            covers[request.parameters["id"] ?? ""].map { .file($0) } ?? .status(.notFound)
        }
        service.stationMetrics = { [unowned self] in TransitionMetrics.rows(timeline?.news.counts ?? TransitionCounts())
        }
        service.timelineJSON = { [unowned self] onlyNow in timelineBytes(onlyNow: onlyNow) }
    }

    /// Serves until a signal. **Returns** the exit status.
    func run() throws -> Int32 {
        let signals = try SignalWatch(loop: loop) { [unowned self] signal in
            guard signal == SIGHUP else { return leave() }
            watch.look()
            desk.reload()
            reloadRegions()
            reloadRules()
        }
        var addresses = [
            Station.address("http", settings.host, try server.listen(host: settings.host, port: settings.port))
        ]
        if let certificate, let protected = settings.facing.protected {
            let port = try server.listen(host: settings.host, port: protected.port, certificate)
            addresses.append(Station.address("https", settings.host, port))
        }
        keepAnchors()
        books.onHours = { [journalQueue, catalogue = memory.catalogue] hours in
            journalQueue.async { TrafficArchive.add(hours, to: catalogue) }
        }
        budget.start()
        followConfiguration(settings.configFile.flatMap { WholeFile.Stamp($0) })
        fillCrate()
        let threads = startThreads()
        service.play(feed)
        Terminal.line("Forever is on the air: \(addresses.joined(separator: " and "))")
        loop.run()
        for thread in threads { thread.stop() }
        mixer?.stop()
        service.stop()
        server.stop()
        budget.stop()
        books.stop()
        for thread in threads { thread.join(seconds: Station.joinSecondsMax) }
        journalQueue.sync {}
        withExtendedLifetime(signals) {}
        return exitStatus
    }

    /// Takes no more listeners and lets those here go to the relays; at once when nobody asked for time, or is told twice.
    private func leave() {
        guard settings.drainSeconds > 0, !service.isLeaving else { return loop.stop() }
        service.isLeaving = true
        drain = Drain(service, seconds: settings.drainSeconds) { [loop] in loop.stop() }
    }

    private static func address(_ scheme: String, _ host: String?, _ port: UInt16) -> String {
        let shown = host ?? "localhost"
        return "\(scheme)://\(shown.contains(":") ? "[\(shown)]" : shown):\(port)/"
    }

    // MARK: Starting

    private static func relayKeys(_ settings: StationSettings) throws -> RelayKeys {
        var token = settings.relayToken
        if token == nil {
            let own = try RelayToken.own(settings.files.relayToken, random: SecureRandom.bytes)
            token = own.token
            if own.isNew { Program.say("made a token for relays: \(settings.files.relayToken)") }
        }
        return RelayKeys(
            shared: token.map { token -> MessageSigner in { MessageDigest.hmacSHA256($0, key: token) } },
            digest: { MessageDigest.hmacSHA256($0, key: $1) }, file: RelayKeyringFile(path: settings.files.relays),
            say: Program.say)
    }

    private static func cloudCrate(
        _ cloud: CloudSettings, _ settings: StationSettings, _ memory: StationMemory, crate: Crate, shelf: CloudShelf,
        analyst: Analyst, wanted: WantedAnalyses, rules: RulesBoard, wishes: WishDesk
    ) throws -> SoundCloudCrate {
        let client = CloudClient(
            settings: cloud, transport: URLSessionTransport(), file: try TokenFile(path: settings.files.cloudToken),
            say: Program.say)
        let ring = memory.ring
        return SoundCloudCrate(
            client: client, crate: crate, shelf: shelf, analyst: analyst, wanted: wanted, rules: rules,
            history: memory.history.compactMap { CloudURN(text: $0.trackID) }, seed: memory.seed,
            mixedFrames: { ring.edge / Int64(ring.format.frameBytes) * StreamFormat.frameSamples },
            givenUp: { [wishes] urn in _ = wishes.cancel(forTrack: "\(urn)") }, say: Program.say)
    }

    /// The demo crate, alone or until the library is found; nothing beside SoundCloud.
    private func fillCrate() {
        guard cloud == nil else { return }
        for track in demo.tracks {
            let key = DemoShelf.contentKey(track)
            crate.put(
                CrateTrack(DemoShelf.track(track), contentKey: key, stored: analyst),
                standIn: !settings.libraries.isEmpty)
        }
    }

    private func startThreads() -> [WorkThread] {
        let carried = LoopBound(self, loop: loop)
        let mixer = StationMixer(
            settings: StationMixer.Settings(
                mix: settings.mix, leadSeconds: settings.leadSeconds, seed: memory.seed, cloud: settings.cloud),
            ring: memory.ring,
            catalogue: memory.catalogue, crate: crate, analyst: analyst, wanted: wanted, covers: covers,
            rules: rules, wishes: wishes, waitsForLibrary: !settings.libraries.isEmpty, journal: memory.journal,
            sequence: memory.sequence, history: memory.history,
            publish: { [loop, cloud] news in
                cloud?.heard(news)
                loop.post { carried.value.show(news) }
            },
            fail: { [loop] reason in loop.post { carried.value.fail(reason) } })
        self.mixer = mixer
        let worker = AnalysisWorker(
            crate: crate, analyst: analyst, twins: SoundTwins(crate: crate, catalogue: memory.catalogue),
            wanted: wanted, seed: memory.seed, say: Program.say)
        let again = LookAgain()
        let intake = WishIntake(
            finder: finder, crate: crate, wishes: wishes, files: settings.files, rules: rules, say: Program.say)
        let care = Housekeeping(shelf: shelf, intake: intake) {
            [catalogue = memory.catalogue, cloud = settings.cloud] in
            try? StationMemory.forgetCloud(catalogue, cloud: cloud)
            again.ask()
        }
        var threads = [
            WorkThread(name: "mix", niceness: 0) { _ in mixer.run() },
            WorkThread(name: "care", niceness: Station.backgroundNiceness) { care.run(isStopped: $0) },
        ]
        if let cloud {
            // Nothing from here beside it: no files are looked for.
            Program.say(String(CloudTerms.notice.prefix { $0 != "\n" }))
            threads.append(
                WorkThread(name: "soundcloud", niceness: Station.backgroundNiceness) { cloud.run(isStopped: $0) })
            return threads
        }
        threads.append(
            WorkThread(name: "analysis", niceness: Station.backgroundNiceness) { worker.run(isStopped: $0) })
        threads.append(
            WorkThread(name: "scan", niceness: 0) { [shelf, settings, seed = memory.seed] isStopped in
                LibraryScan(
                    roots: settings.libraries, shelf: shelf, wishes: intake, again: again,
                    roundSeconds: settings.rescanSeconds, seed: seed
                ).run(isStopped: isStopped)
            })
        return threads
    }

    /// Scanning and analysing never take the processor from the music.
    static let backgroundNiceness: Int32 = 10

    /// Anchors go into the journal, off the loop: a disk may take its time.
    private func keepAnchors() {
        let catalogue = memory.catalogue
        let epoch = feed.epoch.description
        feed.onAnchor = { [journalQueue] anchor in
            journalQueue.async {
                do {
                    try catalogue.appendAnchor(
                        epoch: epoch, position: anchor.position,
                        monotonicNanoseconds: anchor.monotonicNanoseconds, wallMilliseconds: anchor.wallMilliseconds)
                } catch {
                    Program.say("the journal cannot be written: \(error)")
                }
            }
        }
    }

    private func reloadRegions() {
        guard let path = settings.regionsFile else { return }
        do throws(OptionError) {
            desk.directory.regions = try RegionTable(file: path)
            Program.say("forever-server: read again: \(path)")
        } catch {
            Program.say("forever-server: what is in use stays in use, since \(error)")
        }
    }

    /// How often it is looked whether the configuration file has changed.
    private static let configurationSeconds: Int64 = 5

    private func followConfiguration(_ known: WholeFile.Stamp?) {
        guard let path = settings.configFile else { return }
        loop.schedule(after: .seconds(Station.configurationSeconds)) { [weak self] in
            let stamp = WholeFile.Stamp(path)
            // One that is being replaced may not be there for a moment.
            if let stamp, stamp != known { self?.reloadRules() }
            self?.followConfiguration(stamp ?? known)
        }
    }

    /// The rules as the configuration file gives them now: tracks are judged anew, and what is decided stays.
    private func reloadRules() {
        do throws(OptionError) {
            guard let new = try HouseRules.again(), rules.replace(with: new) else { return }
            crate.apply(new.admission)
            Program.say("forever-server: the rules have changed: \(crate.refusedCount) tracks are not let in")
        } catch {
            Program.say("forever-server: the rules in use stay in use, since \(error)")
        }
    }

    // MARK: Running

    /// The mixer has decided: pages, titles and events say so.
    private func show(_ news: StationNews) {
        timeline = TimelineJSON(
            epoch: feed.epoch, format: feed.format, stationName: settings.name, news: news)
        feed.titles.replace(
            with: news.timeline.entries.map { entry in
                StreamTitle(
                    position: max(0, feed.format.position(ofSample: entry.titleFrame)),
                    text: news.cast[entry.trackID]?.track.streamTitle ?? entry.trackID)
            })
        if let bytes = timelineBytes(onlyNow: false) { service.events.broadcast(event: "timeline", data: bytes) }
    }

    private func timelineBytes(onlyNow: Bool) -> [UInt8]? {
        // Before the first decision there is a station, and nothing on it yet.
        let shown =
            timeline
            ?? TimelineJSON(
                epoch: feed.epoch, format: feed.format, stationName: settings.name,
                news: StationNews(timeline: MixTimeline(settings: MixSettings()), cast: [:]))
        return shown.value(
            live: feed.live, edge: feed.edge, wallMilliseconds: loop.wallMilliseconds, onlyNow: onlyNow
        ).bytes
    }

    private func fail(_ reason: String) {
        Program.say("forever-server: the mix has stopped: \(reason)")
        exitStatus = 1
        loop.stop()
    }
}
