import ForeverCatalogue
import ForeverCodec
import ForeverCore
import ForeverMix
import Foundation
import Synchronization

/// Fills the crate from SoundCloud: lists what may play, fetches a few tracks ahead, analyses them, drops the played.
///
/// The crate holds only tracks whose sound is in memory, so whatever is decided can be played, outage or not. While
/// nothing new can be had the last played ones stay and come again. **Thread:** its own, at low priority.
package final class SoundCloudCrate: @unchecked Sendable {
    package struct Settings: Sendable {
        /// Sounds that have not played and are kept ready: some twenty-five minutes of music.
        package var readyMax = 8
        /// Played ones stay until so many others are at hand: what an outage is filled with.
        package var keptMin = 4
        /// Bytes of all sounds; a long one may be fetched beyond it. **Units:** bytes.
        package var bytesMax = 256 << 20
        /// Lists are read again after that. **Units:** s.
        package var refreshSeconds = 1_800.0
        /// A sound at hand is asked about again after that: it may have been withdrawn. **Units:** s.
        package var recheckSeconds = 1_800.0
        /// A pool with fewer tracks is widened by tracks like the last one.
        package var poolMin = 12
        package init() {}
    }

    /// Refusals in a row that are more than bad luck.
    static let refusalsMax = 20
    /// A clock that goes back further than that was set. **Units:** s.
    static let clockSlackSeconds = 60.0
    /// Between two looks when there is nothing to do. **Units:** s.
    static let idleSeconds = 0.25

    private let client: CloudClient
    private let crate: Crate
    private let shelf: CloudShelf
    private let analyst: Analyst
    private let wanted: WantedAnalyses
    private let settings: Settings
    private let say: @Sendable (String) -> Void
    /// Where the mixing edge is, in output frames.
    private let mixedFrames: @Sendable () -> Int64
    private let decided = Mutex<[CloudURN: Int64]>([:])

    private var pool: CloudPool
    private var gate: CloudGate
    private var lists: [CloudSource: [CloudTrack]] = [:]
    private var dueSeconds: [CloudSource: Double] = [:]
    private var likeTheLast: (source: CloudSource, tracks: [CloudTrack])?
    private var likeTheLastDueSeconds = 0.0
    private var refusalsInARow = 0
    private var lastSeconds = 0.0
    private var lastSaid = ""
    private var isInTrouble = false

    package init(
        client: CloudClient, crate: Crate, shelf: CloudShelf, analyst: Analyst, wanted: WantedAnalyses, seed: UInt64,
        settings: Settings = Settings(), mixedFrames: @escaping @Sendable () -> Int64,
        say: @escaping @Sendable (String) -> Void
    ) {
        self.client = client
        self.crate = crate
        self.shelf = shelf
        self.analyst = analyst
        self.wanted = wanted
        self.settings = settings
        self.mixedFrames = mixedFrames
        self.say = say
        pool = CloudPool(terms: client.settings.terms, seed: seed)
        gate = CloudGate(seed: seed)
        crate.expect(settings.readyMax)
    }

    /// What was decided, and until which output frame it needs its sound. **Thread:** any.
    package func heard(_ news: StationNews) {
        decided.withLock { decided in
            for entry in news.timeline.entries {
                guard case .soundCloud(let urn)? = news.cast[entry.trackID]?.track.origin else { continue }
                decided[urn] = max(decided[urn] ?? 0, entry.endFrame)
            }
        }
    }

    /// Works until stopped.
    package func run(isStopped: () -> Bool) {
        while !isStopped() {
            if !step(isStopped) { client.clock.sleep(seconds: SoundCloudCrate.idleSeconds) }
        }
    }

    /// One thing, the most pressing. False when there was nothing to do.
    private func step(_ isStopped: () -> Bool) -> Bool {
        let now = client.clock.wallSeconds
        if now < lastSeconds - SoundCloudCrate.clockSlackSeconds {
            gate.forgetTimes()
            dueSeconds = dueSeconds.mapValues { min($0, now + settings.refreshSeconds) }
        }
        lastSeconds = now
        dropPlayed()
        let ready = readyURNs.count
        crate.expect(max(0, settings.readyMax - ready))
        guard gate.isOpen(nowSeconds: now) else { return false }
        if gate.isOpenForPlays(nowSeconds: now) {
            if let urn = shelf.wish() {
                fetch(urn, isStopped)
                return true
            }
            if ready < 2, pool.count > 0, fetchNext(isStopped) { return true }
        }
        if let source = client.settings.sources.first(where: { (dueSeconds[$0] ?? 0) <= now }) {
            refresh(source, nowSeconds: now)
            return true
        }
        if let urn = staleURN(nowSeconds: now) {
            recheck(urn, nowSeconds: now)
            return true
        }
        guard gate.isOpenForPlays(nowSeconds: now), ready < settings.readyMax, shelf.byteCount < settings.bytesMax
        else { return false }
        return fetchNext(isStopped)
    }

    // MARK: At hand

    /// Sounds that are not decided upon yet.
    private var readyURNs: Set<CloudURN> { shelf.urns.subtracting(decided.withLock { Set($0.keys) }) }

    /// Drops what has played, as long as enough else is at hand, and what turned out to be unplayable.
    private func dropPlayed() {
        let edge = mixedFrames()
        for urn in shelf.urns {
            if case .unplayable? = crate["\(urn)"]?.knowledge {
                remove(urn)
                pool.rest(urn)
            }
        }
        let over = decided.withLock { decided in decided.filter { $0.value <= edge } }
        // The one that has been over longest goes first.
        for (urn, _) in over.sorted(by: { ($0.value, $0.key.name) < ($1.value, $1.key.name) }) {
            guard shelf[urn] != nil else {
                forgetDecided(urn)
                continue
            }
            guard shelf.urns.count > settings.keptMin, readyURNs.count >= 2 else { continue }
            remove(urn)
            forgetDecided(urn)
        }
    }

    private func isPromised(_ urn: CloudURN) -> Bool { decided.withLock { $0[urn] != nil } }

    private func forgetDecided(_ urn: CloudURN) { decided.withLock { $0[urn] = nil } }

    private func remove(_ urn: CloudURN) {
        crate.remove(["\(urn)"])
        shelf.drop(urn)
    }

    /// A sound at hand that nobody has asked about for long, unless it is promised already.
    private func staleURN(nowSeconds: Double) -> CloudURN? {
        readyURNs.sorted { $0.name < $1.name }.first { urn in
            (shelf[urn]?.checkedSeconds ?? nowSeconds) + settings.recheckSeconds <= nowSeconds
        }
    }

    private func recheck(_ urn: CloudURN, nowSeconds: Double) {
        shelf.checked(urn, atSeconds: nowSeconds)
        do throws(CloudProblem) {
            let track = try client.track(urn)
            succeeded(play: false)
            guard let objection = client.settings.terms.objection(to: track) else { return }
            withdraw(urn, "\(objection)")
        } catch .notFound {
            withdraw(urn, "\(CloudProblem.notFound)")
        } catch {
            failed(error, nowSeconds: nowSeconds)
        }
    }

    private func withdraw(_ urn: CloudURN, _ why: String) {
        say("SoundCloud: not played: \(urn): \(why)")
        pool.rest(urn)
        remove(urn)
    }

    // MARK: Lists

    private func refresh(_ source: CloudSource, nowSeconds: Double) {
        do throws(CloudProblem) {
            lists[source] = try client.tracks(of: source)
            succeeded(play: false)
            dueSeconds[source] = nowSeconds + settings.refreshSeconds
            fillPool(nowSeconds: nowSeconds)
        } catch {
            failed(error, nowSeconds: nowSeconds)
            if error.consequence == .passOver {
                dueSeconds[source] = nowSeconds + settings.refreshSeconds
                sayOnce("SoundCloud: passed over: \(source): \(error)")
            }
        }
    }

    private func fillPool(nowSeconds: Double) {
        let known = client.settings.sources.compactMap { source in lists[source].map { (source: source, tracks: $0) } }
        pool.replace(with: known + [likeTheLast].compactMap { $0 }, nowSeconds: nowSeconds)
        let isComplete = client.settings.sources.allSatisfy { dueSeconds[$0] != nil }
        guard isComplete else { return }
        let left = pool.leftOut.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
        sayOnce(
            "SoundCloud: \(pool.count) tracks may play"
                + (left.isEmpty ? "" : "; left out: \(left.joined(separator: ", "))"))
    }

    /// Widens a small pool by tracks like the one fetched last.
    private func widen(from urn: CloudURN, nowSeconds: Double) {
        guard pool.count < settings.poolMin, likeTheLastDueSeconds <= nowSeconds,
            let source = try? CloudSource("related: \(urn)")
        else { return }
        likeTheLastDueSeconds = nowSeconds + settings.refreshSeconds
        do throws(CloudProblem) {
            likeTheLast = (source, try client.related(to: urn))
            fillPool(nowSeconds: nowSeconds)
        } catch {
            failed(error, nowSeconds: nowSeconds)
        }
    }

    // MARK: Fetching

    private func fetchNext(_ isStopped: () -> Bool) -> Bool {
        let besides = shelf.urns
        let uploaders = Set(besides.compactMap { shelf[$0]?.cloud.uploader?.name })
        guard let track = pool.next(besides: besides, uploaders: uploaders) else { return false }
        fetch(track.id, isStopped)
        return true
    }

    private func fetch(_ urn: CloudURN, _ isStopped: () -> Bool) {
        do throws(CloudProblem) {
            let sound = try client.sound(of: urn, isCancelled: isStopped)
            succeeded(play: true)
            try take(sound, isStopped)
            refusalsInARow = 0
            widen(from: urn, nowSeconds: client.clock.wallSeconds)
        } catch {
            shelf.giveUp(urn)
            if error == .cancelled { return }
            if error.consequence == .passOver { passOver(urn, error) }
            failed(error, nowSeconds: client.clock.wallSeconds)
        }
    }

    private func passOver(_ urn: CloudURN, _ problem: CloudProblem) {
        pool.rest(urn)
        if !isPromised(urn) { shelf.drop(urn) }
        refusalsInARow += 1
        say("SoundCloud: passed over: \(urn): \(problem)")
        guard refusalsInARow >= SoundCloudCrate.refusalsMax else { return }
        refusalsInARow = 0
        say(
            "SoundCloud: \(SoundCloudCrate.refusalsMax) tracks in a row were refused. Is the application's owner still "
                + "subscribed (Artist Pro), and may the tracks be played outside SoundCloud?")
        gate.failed(.front(status: 403), nowSeconds: client.clock.wallSeconds)
    }

    private func take(_ sound: CloudSound, _ isStopped: () -> Bool) throws(CloudProblem) {
        let track = Track(sound.track)
        let key = CloudShelf.contentKey(sound.track.id, sound.bytes)
        var item = CloudShelf.Item(
            track: track, cloud: sound.track, bytes: sound.bytes, analysis: nil, picture: nil,
            checkedSeconds: client.clock.wallSeconds)
        // A restart waits for it, and must not wait for the analysis too.
        if shelf.isWished(sound.track.id) { shelf.put(item) }
        let analysis: TrackAnalysis
        do {
            analysis = try analyst.analysis(
                ofBytes: sound.bytes, named: track.id, contentKey: key, keeps: client.settings.keepsData,
                isCancelled: isStopped)
        } catch is CancellationError {
            throw .cancelled
        } catch {
            throw .malformed("sound that cannot be played: \(error)")
        }
        item.analysis = analysis
        item.picture = (try? client.picture(of: sound.track)) ?? nil
        shelf.put(item)
        crate.put(
            CrateTrack(
                track: track, contentKey: key,
                knowledge: .init(track, SoundSummary(analysis))))
        pool.took(sound.track.id)
        // What the operator's rules keep out, or what sounds like another at hand, would only take the room of others.
        if let objection = crate.objection(to: track.id), !isPromised(sound.track.id) {
            withdraw(sound.track.id, "\(objection)")
        }
        // After a restart the mixer waits for what it knew.
        wanted.done()
    }

    // MARK: Words

    private func succeeded(play: Bool) {
        gate.succeeded(play: play)
        guard isInTrouble else { return }
        isInTrouble = false
        sayOnce("SoundCloud: answers again")
    }

    private func failed(_ problem: CloudProblem, nowSeconds: Double) {
        gate.failed(problem, nowSeconds: nowSeconds)
        switch problem.consequence {
        case .passOver: break
        case .stop: sayOnce("SoundCloud: nothing new will come: \(problem)")
        case .wait, .waitLong, .waitForPlays:
            isInTrouble = true
            let until =
                problem.consequence == .wait(until: nil) || problem.consequence == .waitLong
                ? gate.opensSeconds : max(gate.opensSeconds, gate.playsOpenSeconds)
            // The wait is different every time; what is wrong is said once.
            sayOnce("SoundCloud: \(problem)", "; the tracks at hand go on, next try in \(Int(until - nowSeconds)) s")
        }
    }

    private func sayOnce(_ line: String, _ more: String = "") {
        guard line != lastSaid else { return }
        lastSaid = line
        say(line + more)
    }
}
