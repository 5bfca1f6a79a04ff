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
    /// Sounds that have not played: with so many, others may go.
    static let readyMin = 2

    /// Where a track stands in the mix.
    private struct Promise {
        /// Until which output frame its sound is needed.
        var endFrame: Int64
        var index: Int
    }

    let client: CloudClient
    let settings: Settings
    let crate: Crate
    let shelf: CloudShelf
    let analyst: Analyst
    let wanted: WantedAnalyses
    private let rules: RulesBoard
    let say: @Sendable (String) -> Void
    /// What was asked for by name will not come.
    let givenUp: @Sendable (CloudURN) -> Void
    /// Where the mixing edge is, in output frames.
    private let mixedFrames: @Sendable () -> Int64
    private let decided = Mutex<[CloudURN: Promise]>([:])
    let asked = AskedTracks()

    var pool: CloudPool
    var gate: CloudGate
    var lists = CloudLists()
    private var hasJustRead = false
    var refusalsInARow = 0
    private var lastSeconds = 0.0
    private var lastSaid = ""
    private var isInTrouble = false

    /// - history: what has played in earlier lives, the oldest first: it comes again after everything else
    package init(
        client: CloudClient, crate: Crate, shelf: CloudShelf, analyst: Analyst, wanted: WantedAnalyses,
        rules: RulesBoard, history: [CloudURN] = [], seed: UInt64, settings: Settings = Settings(),
        mixedFrames: @escaping @Sendable () -> Int64, givenUp: @escaping @Sendable (CloudURN) -> Void = { _ in },
        say: @escaping @Sendable (String) -> Void
    ) {
        self.client = client
        self.crate = crate
        self.shelf = shelf
        self.analyst = analyst
        self.wanted = wanted
        self.rules = rules
        self.settings = settings
        self.mixedFrames = mixedFrames
        self.givenUp = givenUp
        self.say = say
        pool = CloudPool(terms: client.settings.terms, rules: rules.now.admission, seed: seed)
        for urn in history { pool.took(urn) }
        gate = CloudGate(seed: seed)
        crate.expect(settings.readyMax)
    }

    /// What was decided, and until which output frame it needs its sound. **Thread:** any.
    package func heard(_ news: StationNews) {
        for entry in news.timeline.entries {
            guard case .soundCloud(let urn)? = news.cast[entry.trackID]?.track.origin else { continue }
            decided.withLock { decided in
                let known = decided[urn]
                decided[urn] = Promise(
                    endFrame: max(known?.endFrame ?? 0, entry.endFrame), index: max(known?.index ?? 0, entry.index))
            }
            asked.decided(urn, index: entry.index)
        }
    }

    /// Somebody wants this one: it is fetched before all others, whatever lists it stands in, and stays at hand until it
    /// is decided upon. What may not play is said and forgotten. **Thread:** any.
    ///
    /// **Returns** false when too many are asked for.
    @discardableResult
    package func fetchSoon(_ urn: CloudURN) -> Bool {
        guard urn.kind == .tracks else { return false }
        let index = decided.withLock { $0[urn]?.index }
        return asked.ask(urn, after: index, nowSeconds: client.clock.wallSeconds)
    }

    /// Works until stopped.
    package func run(isStopped: () -> Bool) {
        while !isStopped() {
            if !step(isStopped) { client.clock.sleep(seconds: SoundCloudCrate.idleSeconds) }
        }
    }

    /// One thing, the most pressing. False when there was nothing to do. **Thread:** the one that runs it.
    package func step(_ isStopped: () -> Bool) -> Bool {
        let now = client.clock.wallSeconds
        if now < lastSeconds - SoundCloudCrate.clockSlackSeconds { forgetTimes(nowSeconds: now) }
        lastSeconds = now
        pool.apply(rules.now.admission)
        for urn in asked.lapse(atHand: shelf.urns, nowSeconds: now) {
            say("SoundCloud: \(urn) did not come")
            givenUp(urn)
        }
        dropPlayed(nowSeconds: now)
        let ready = readyURNs.count
        crate.expect(max(0, settings.readyMax - ready))
        guard gate.isOpen(nowSeconds: now) else { return false }
        let unread = lists.unread(of: client.settings.sources)
        if gate.isOpenForPlays(nowSeconds: now) {
            if let urn = shelf.wish() ?? asked.next(besides: shelf.urns, nowSeconds: now) {
                fetch(urn, isStopped)
                return true
            }
            // Music first, yet no list waits for ever.
            if ready < SoundCloudCrate.readyMin, pool.count > 0, unread == nil || hasJustRead {
                hasJustRead = false
                if fetchNext(isStopped) { return true }
            }
        }
        if let source = unread ?? lists.due(of: client.settings.sources, nowSeconds: now) {
            hasJustRead = true
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

    /// The clock was put back: times that lie far ahead now say nothing.
    private func forgetTimes(nowSeconds: Double) {
        client.forgetTimes()
        gate.forgetTimes()
        pool.forgetTimes()
        lists.forgetTimes(nowSeconds: nowSeconds, refreshSeconds: settings.refreshSeconds)
        asked.forgetTimes(nowSeconds: nowSeconds)
    }

    // MARK: At hand

    /// Sounds that may be decided upon and are not yet.
    private var readyURNs: Set<CloudURN> {
        shelf.urns.subtracting(decided.withLock { Set($0.keys) }).filter { crate.objection(to: "\($0)") == nil }
    }

    /// Sounds that the mix still needs.
    var promisedURNs: Set<CloudURN> {
        let edge = mixedFrames()
        return decided.withLock { decided in Set(decided.filter { $0.value.endFrame > edge }.keys) }
    }

    /// Drops what has played or is not let in any more, as long as enough else is at hand, and what turned out to be
    /// unplayable.
    private func dropPlayed(nowSeconds now: Double) {
        let promised = promisedURNs
        for urn in shelf.urns {
            if case .unplayable? = crate["\(urn)"]?.knowledge {
                remove(urn)
                pool.rest(urn, nowSeconds: now)
                giveUp(urn)
            }
        }
        // Rather a track against the rules than silence, but none that is never to be played.
        let hasOthers = readyURNs.count >= SoundCloudCrate.readyMin
        let asked = asked.urns
        for urn in shelf.urns.subtracting(promised) {
            guard let objection = crate.objection(to: "\(urn)") else { continue }
            if objection == .never || (hasOthers && !asked.contains(urn)) { withdraw(urn, "\(objection)") }
        }
        let over = decided.withLock { decided in decided.filter { !promised.contains($0.key) } }
        // The one that has been over longest goes first.
        for (urn, _) in over.sorted(by: { ($0.value.endFrame, $0.key.name) < ($1.value.endFrame, $1.key.name) }) {
            guard shelf[urn] != nil else {
                forgetDecided(urn)
                continue
            }
            guard shelf.urns.count > settings.keptMin, readyURNs.count >= SoundCloudCrate.readyMin,
                !asked.contains(urn)
            else { continue }
            remove(urn)
            forgetDecided(urn)
        }
    }

    /// It will not come; whoever asked for it is told.
    func giveUp(_ urn: CloudURN) { if asked.forget(urn) { givenUp(urn) } }

    private func forgetDecided(_ urn: CloudURN) { decided.withLock { $0[urn] = nil } }

    private func remove(_ urn: CloudURN) {
        crate.remove(["\(urn)"])
        shelf.drop(urn)
    }

    /// A sound at hand that nobody has asked about for long, unless the mix needs it: played ones may come again.
    private func staleURN(nowSeconds: Double) -> CloudURN? {
        shelf.urns.subtracting(promisedURNs).sorted { $0.name < $1.name }.first { urn in
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

    func withdraw(_ urn: CloudURN, _ why: String) {
        say("SoundCloud: not played: \(urn): \(why)")
        pool.rest(urn, nowSeconds: client.clock.wallSeconds)
        giveUp(urn)
        // Decided upon meanwhile: it plays once, and is not there a second time.
        guard !promisedURNs.contains(urn) else { return }
        remove(urn)
        forgetDecided(urn)
    }

    // MARK: Words

    func succeeded(play: Bool) {
        gate.succeeded(play: play)
        guard isInTrouble else { return }
        isInTrouble = false
        sayOnce("SoundCloud: answers again")
    }

    func failed(_ problem: CloudProblem, nowSeconds: Double) {
        gate.failed(problem, nowSeconds: nowSeconds)
        let until: Double
        switch problem.consequence {
        case .passOver: return
        case .wait, .waitLong, .waitForOperator: until = gate.opensSeconds
        case .waitForPlays: until = gate.playsOpenSeconds
        }
        isInTrouble = true
        // The wait is different every time; what is wrong is said once.
        sayOnce("SoundCloud: \(problem)", "; the tracks at hand go on, next try in \(Int(until - nowSeconds)) s")
    }

    func sayOnce(_ line: String, _ more: String = "") {
        guard line != lastSaid else { return }
        lastSaid = line
        say(line + more)
    }
}
