import ForeverCatalogue
import ForeverCodec
import ForeverCore
import ForeverMix
import ForeverRelay
import Foundation
import Synchronization

/// Makes the stream: decides, writes down, renders, encodes, appends to the ring, always ahead of live by the lead.
///
/// **Thread:** its own from `run` on; `stop` from any.
package final class StationMixer: @unchecked Sendable {
    package struct Settings: Sendable {
        var mix = MixSettings()
        var leadSeconds: Double
        var seed: UInt64
        /// Tracks come from SoundCloud: what is written about them ends with their use, unless it may be kept.
        var cloud: CloudSettings?

        package init(
            mix: MixSettings = MixSettings(), leadSeconds: Double, seed: UInt64, cloud: CloudSettings? = nil
        ) {
            self.mix = mix
            self.leadSeconds = leadSeconds
            self.seed = seed
            self.cloud = cloud
        }
    }

    /// Once ahead by the lead, the mixer sleeps until this much of it is used up. **Units:** s.
    static let refillSeconds = 0.5
    /// The longest sleep, so that a stop is seen soon. **Units:** s.
    static let napSecondsMax = 0.25
    /// Plays of the past that are handed to the programme.
    static let historyMax = 2_000
    /// How long it is waited before another track is looked for where none could be found to go on with. **Units:** s.
    static let searchAgainSeconds = 1.0
    /// Tracks tried for one decision before the last resort.
    static let triesMax = 8

    private let settings: Settings
    private let ring: StreamRing
    private let isStopping = Atomic<Bool>(false)
    private let catalogue: Catalogue
    let crate: Crate
    let analyst: Analyst
    private let wanted: WantedAnalyses
    private let covers: CoverShelf
    private let rules: RulesBoard
    private let wishes: WishDesk
    private let waitsForLibrary: Bool
    private let publish: @Sendable (StationNews) -> Void
    private let fail: @Sendable (String) -> Void

    private(set) var timeline: MixTimeline
    private(set) var cast: [String: CastMember] = [:]
    private(set) var newestAnalysis: TrackAnalysis?
    private var history: [PlayedTrack] = []
    private var sequence: Int64 = 0
    /// Output frames that have been rendered: nothing before it may change.
    private(set) var mixedFrames: Int64 = 0
    /// What the tour foresaw after the latest decision, and the taste it was made with.
    private var planned: [String] = []
    private var plannedTaste = TourTaste()
    private var log: TransitionLog
    /// The newest entry whose sound was lost and that has not been answered yet, and when it is looked at again.
    private var lostIndex: Int?
    private var searchAgainFrame: Int64 = 0
    /// The newest entry that plays because somebody wanted it next.
    private var wishedIndex: Int?

    package init(
        settings: Settings, ring: StreamRing, catalogue: Catalogue, crate: Crate, analyst: Analyst,
        wanted: WantedAnalyses, covers: CoverShelf, rules: RulesBoard, wishes: WishDesk, waitsForLibrary: Bool,
        journal: JournalRecord?, sequence: Int64, history: [PlayedTrack],
        publish: @escaping @Sendable (StationNews) -> Void, fail: @escaping @Sendable (String) -> Void
    ) {
        self.settings = settings
        self.ring = ring
        self.catalogue = catalogue
        self.crate = crate
        self.analyst = analyst
        self.wanted = wanted
        self.publish = publish
        self.fail = fail
        self.history = history
        self.sequence = sequence
        self.covers = covers
        self.rules = rules
        self.wishes = wishes
        self.waitsForLibrary = waitsForLibrary
        log = TransitionLog(catalogue: catalogue, epoch: ring.epoch.description)
        timeline = journal?.timeline ?? MixTimeline(settings: settings.mix)
        timeline.adopt(settings.mix)
        cast = journal?.cast ?? [:]
        mixedFrames = ring.edge / Int64(ring.format.frameBytes) * StreamFormat.frameSamples
    }

    /// Ends `run` at the next frame.
    package func stop() { isStopping.store(true, ordering: .relaxed) }

    /// Mixes until stopped. What cannot be mended is told to `fail`.
    package func run() {
        takeUp()
        do {
            let renderer = MixRenderer(settings: timeline.settings) { [unowned self] id in
                guard let track = crate[id]?.track ?? cast[id]?.track else { throw UnknownTrack(id: id) }
                return try analyst.opener.open(track)
            }
            renderer.onReport = { [unowned self] in keep($0) }
            renderer.onSourceFailure = { [unowned self] in sourceFailed($0) }
            let encoder = try StreamEncoder(
                bitrateKbps: ring.format.bitrateKbps, firstFrame: ring.edge / ring.format.frameBytes
            ) { [unowned self] frame, block in
                renderer.render(timeline, from: frame, into: &block)
                mixedFrames = max(mixedFrames, frame + Int64(block.frameCount))
            }
            try mix(with: encoder)
        } catch {
            fail("\(error)")
        }
    }

    private func mix(with encoder: StreamEncoder) throws {
        let lead = ring.format.bytes(seconds: settings.leadSeconds)
        let refill = ring.format.bytes(seconds: min(StationMixer.refillSeconds, settings.leadSeconds / 4))
        var isFull = false
        var frame: [UInt8] = []
        while !isStopping.load(ordering: .relaxed) {
            for (question, reply) in wishes.takeQuestions() { reply(answer(question), question.wishID) }
            let ahead = ring.edge - ring.live
            if ahead >= lead { isFull = true }
            if isFull, ahead > lead - refill {
                let seconds = ring.format.seconds(bytes: ahead - (lead - refill))
                Thread.sleep(forTimeInterval: min(StationMixer.napSecondsMax, max(0.005, seconds)))
                continue
            }
            isFull = false
            decideIfDue()
            frame.removeAll(keepingCapacity: true)
            try encoder.nextFrame(into: &frame)
            ring.append(frame)
        }
    }

    // MARK: Deciding

    /// Tells what a journal brought back, and what is needed to go on from there.
    private func takeUp() {
        log.takeUp(timeline)
        guard let newest = timeline.entries.last, let member = cast[newest.trackID] else { return waitForLibrary() }
        for entry in timeline.entries {
            if let track = cast[entry.trackID]?.track { covers.put(track, opener: analyst.opener) }
        }
        newestAnalysis = analyst.stored(of: member.track, contentKey: member.contentKey)
        if newestAnalysis == nil { wanted.ask(for: member.track.id) }
        tell()
    }

    /// Gives the scan a moment, so that the library itself opens the mix. With SoundCloud there is nothing else to
    /// open with, and the station is silent until the first track is here.
    private func waitForLibrary() {
        while settings.cloud != nil, crate.hasOnlyStandIns, !isStopping.load(ordering: .relaxed) {
            Thread.sleep(forTimeInterval: 0.02)
        }
        guard waitsForLibrary else { return }
        let deadline = ContinuousClock.now + .seconds(Opening.patienceSeconds)
        while crate.hasOnlyStandIns, ContinuousClock.now < deadline, !isStopping.load(ordering: .relaxed) {
            Thread.sleep(forTimeInterval: 0.02)
        }
    }

    private func decideIfDue() {
        if let lost = lostIndex, mixedFrames >= searchAgainFrame {
            searchAgainFrame = mixedFrames + AudioFormat.frames(StationMixer.searchAgainSeconds)
            if goOn(without: lost) { lostIndex = nil }
            return
        }
        if let newest = timeline.entries.last, newestAnalysis == nil || newestAnalysis?.analysisVersion == 0,
            let member = cast[newest.trackID], wanted.takeNews()
        {
            if let known = analyst.stored(of: member.track, contentKey: member.contentKey) {
                newestAnalysis = known
                cast[newest.trackID] = CastMember(
                    track: member.track, contentKey: member.contentKey, analysis: known, reason: member.reason)
                tell()
            }
        }
        let advice = DecisionTiming().advice(
            timeline: timeline, mixedFrames: mixedFrames,
            isNewestAnalysed: newestAnalysis.map { $0.analysisVersion > 0 } ?? false,
            choiceCount: crate.choiceCount(besides: timeline.entries.last?.trackID),
            waitingCount: crate.waitingCount)
        switch advice {
        case .wait: return
        case .decide, .decideAtAnyPrice: decide(.inTime)
        }
    }

    /// Whether the newest entry is decided and nothing that was rendered knows of it.
    var canReplaceNewest: Bool {
        guard let transition = timeline.transitions.last, transition.fromIndex != nil,
            transition.toIndex == timeline.entries.last?.index
        else { return false }
        return mixedFrames + MixTimeline.settleFrames < transition.changesFrom
    }

    /// False where no track could be opened: the mix is as it was.
    ///
    /// - replacing: an entry that is decided and has not begun; another takes its place
    @discardableResult
    func decide(_ leaving: Leaving, replacing: Int? = nil) -> Bool {
        let entry = timeline.entries.last { $0.index < replacing ?? .max }
        let current = entry.flatMap { cast[$0.trackID] }
        let analysis =
            replacing == nil
            ? newestAnalysis : current.flatMap { analyst.stored(of: $0.track, contentKey: $0.contentKey) }
        let list = wishesAtHand
        let past = replacing == nil ? history : history.dropLast()
        let proposal = current.map {
            propose(after: $0, analysis, past: past, list, beginningAt: entry?.endFrame ?? mixedFrames)
        }
        let choices = proposal?.ids ?? list.tracks(.next) + Opening.choices(from: crate, seed: settings.seed)
        // Rather a track that nobody has analysed yet than the same one again, unless somebody wants just that.
        let others = choices.filter { $0 != current?.track.id || list.tracks(.next).contains($0) }
        let last = LastResort.trackID(after: current, crate: crate, seed: settings.seed).map { [$0] } ?? []
        for id in others + last + choices {
            guard let entry = crate[id], !entry.isNever, isAllowed(entry.track) else { continue }
            do {
                let look = try analyst.quickLook(at: entry.track, contentKey: entry.contentKey)
                if replacing != nil { forgetLastPlay() }
                follow(
                    with: entry, analysis: look, reason: proposal?.reasons[id] ?? lastResortReason(id), leaving,
                    replacing: replacing, previous: analysis)
                return true
            } catch {
                crate.learn(id, .unplayable(reason: "\(error)"))
                settleWish(for: id)
                Program.say(Program.passedOver(entry.track.spokenOrigin, error))
            }
        }
        return false
    }

    /// Why a track plays that nobody proposed, where that is against a rule.
    private func lastResortReason(_ id: String) -> CastReason? {
        crate.objection(to: id).map { CastReason(leg: nil, relaxed: [Relaxation(objection: "\($0)")]) }
    }

    /// Who should follow, as the tour goes on from its last plan and the wishes want it.
    ///
    /// - past: what has played, `current` last
    private func propose(
        after current: CastMember, _ analysis: TrackAnalysis?, past: [PlayedTrack], _ wanted: WishList,
        beginningAt frame: Int64
    ) -> Casting.Proposal {
        let (separation, taste) = (rules.now.separation, rules.now.taste)
        let casting = Casting(
            crate: crate, planner: TransitionPlanner(settings: settings.mix), separation: separation, taste: taste,
            seed: settings.seed)
        let untilThen = AudioFormat.seconds(frame - ring.format.sample(at: ring.live))
        let day = taste.day(
            fromSeconds: Date().timeIntervalSince1970 + untilThen, secondsFromGMT: TimeZone.current.secondsFromGMT())
        let proposal = casting.next(
            after: current, analysis: analysis, history: past.dropLast(), count: StationMixer.triesMax,
            wishes: wanted, waited: wishes.waited, planned: taste == plannedTaste ? planned : [], day: day)
        (planned, plannedTaste) = (proposal.later, taste)
        return proposal
    }

    /// A station is either SoundCloud or local: neither is mixed into the other, whoever wishes for it.
    private func isAllowed(_ track: Track) -> Bool { track.isFromSoundCloud == (settings.cloud != nil) }

    // MARK: Wishes

    /// What people asked for and can have now.
    private var wishesAtHand: WishList { wishes.list.only { crate[$0] != nil } }

    /// A wish for the track is fulfilled, or cannot be.
    private func settleWish(for trackID: String) { wishes.decided(trackID) { crate[$0] != nil } }

    private func answer(_ question: WishDesk.Question) -> WishDesk.Answer {
        switch question {
        case .wish(let wish): grant(wish)
        case .leave(let trackID): leave(trackID)
        }
        let settled = timeline.transitions.last?.settledFrame ?? mixedFrames
        var answer = WishDesk.Answer(notBeforeFrame: max(mixedFrames, settled))
        guard let newest = timeline.entries.last, let transition = timeline.transitions.last else { return answer }
        if case .wish(let wish) = question, newest.trackID != wish.trackID { return answer }
        answer.startFrame = transition.changesFrom
        answer.titleFrame = newest.titleFrame
        answer.notBeforeFrame = transition.changesFrom
        return answer
    }

    /// What plays next takes the place of what is decided, unless that was wished for too, or can be heard already.
    private func grant(_ wish: WishList.Wish) {
        guard wish.kind == .next, wishesAtHand.first(.next)?.id == wish.id,
            let newest = timeline.entries.last,
            canReplaceNewest, wishedIndex != newest.index
        else { return }
        if newest.trackID == wish.trackID {
            wishedIndex = newest.index
            return settleWish(for: wish.trackID)
        }
        decide(.inTime, replacing: newest.index)
    }

    /// The track is left at the first good place, or never begun.
    private func leave(_ trackID: String) {
        guard let newest = timeline.entries.last else { return }
        if newest.trackID == trackID {
            if canReplaceNewest { decide(.inTime, replacing: newest.index) } else { goOn(after: newest.index) }
        } else if let entry = timeline.entries.last(where: { $0.trackID == trackID }) {
            goOn(after: entry.index)
        }
    }

    /// Decides, writes down, then plays.
    func follow(
        with entry: CrateTrack, analysis: TrackAnalysis, reason: CastReason?, _ leaving: Leaving,
        replacing: Int? = nil, previous: TrackAnalysis? = nil
    ) {
        let previous = replacing == nil ? newestAnalysis : previous
        let atOnce =
            leaving == .lost
            ? timeline.decideAfterLoss(
                trackID: entry.track.id, analysis: analysis, previous: previous, notBefore: mixedFrames,
                replacing: replacing) : nil
        let decision =
            atOnce
            ?? timeline.decide(
                trackID: entry.track.id, analysis: analysis, previous: previous, notBefore: mixedFrames,
                isSoon: leaving != .inTime, replacing: replacing)
        carryOut(
            decision,
            with: CastMember(track: entry.track, contentKey: entry.contentKey, analysis: analysis, reason: reason))
        covers.put(entry.track, opener: analyst.opener)
        newestAnalysis = analysis
        if analysis.analysisVersion == 0 { wanted.ask(for: entry.track.id) }
        if history.last?.trackID != entry.track.id || replacing == nil {
            remember(entry.track, position: ring.format.position(ofSample: decision.entry.titleFrame))
        }
        if wishesAtHand.tracks(.next).first == entry.track.id {
            wishedIndex = decision.entry.index
        }
        settleWish(for: entry.track.id)
        tell()
    }

    /// Writes the decision down and makes it the timeline.
    ///
    /// A journal that cannot be written is said loudly, and the music goes on: what is lost then is that a restart
    /// goes on from the same place.
    func carryOut(_ decision: MixDecision, with member: CastMember) {
        var next = timeline
        next.apply(decision)
        next.forget(
            before: JournalRecord.pastFrame(
                mixedFrames: mixedFrames, liveFrame: ring.format.sample(at: ring.live)))
        cast[member.track.id] = member
        let named = Set(next.entries.map(\.trackID))
        cast = cast.filter { named.contains($0.key) }

        let record = JournalRecord(decision: decision, timeline: next, cast: cast)
        let position = max(0, ring.format.position(ofSample: decision.changesFrom))
        do {
            try write(try JSONEncoder().encode(record), position: position)
            log.decided(decision, number: sequence)
            sequence += 1
            // A restart needs the last one. The ones before would only serve to play the hour again.
            if settings.cloud != nil {
                try catalogue.forgetDecisions(epoch: ring.epoch.description, before: sequence - 1)
            }
        } catch {
            Program.say("the journal cannot be written, a restart will not go on from here: \(error)")
        }
        covers.keep(named)
        timeline = next
        log.forget(outside: next)
    }

    private func write(_ json: Data, position: StreamPosition) throws(CatalogueError) {
        let epoch = ring.epoch.description
        do throws(CatalogueError) {
            try catalogue.appendDecision(
                epoch: epoch, sequence: sequence, effectivePosition: position, json: json)
        } catch {
            // What met damage was replaced by a new file with this epoch in it.
            guard error.isDamage else { throw error }
            try catalogue.appendDecision(
                epoch: epoch, sequence: sequence, effectivePosition: position, json: json)
        }
    }

    private func remember(_ track: Track, position: StreamPosition) {
        let artist = track.artist == Track.unknownArtist ? nil : track.artist
        history.append(PlayedTrack(trackID: track.id, artist: artist))
        if history.count > StationMixer.historyMax { history.removeFirst(history.count - StationMixer.historyMax) }
        let wall = Int64(Date().timeIntervalSince1970 * 1000)
        // How a SoundCloud track is called is not kept beyond its play; that it played is.
        let keepsNames = settings.cloud?.keepsData ?? true
        try? catalogue.appendHistory(
            HistoryRecord(
                trackID: track.id, artist: keepsNames ? artist : nil, title: keepsNames ? track.title : nil,
                source: track.origin.source, link: keepsNames ? track.link : nil,
                epoch: ring.epoch.description, position: position, wallMilliseconds: wall))
    }

    /// What was decided is not played after all.
    private func forgetLastPlay() {
        guard !history.isEmpty else { return }
        let last = history.removeLast()
        try? catalogue.removeLatestPlay(of: last.trackID)
    }

    /// A transition has been heard: its report goes where its decision is, and to the pages.
    private func keep(_ report: TransitionReport) {
        log.keep(report)
        tell()
    }

    func tell() {
        publish(StationNews(timeline: timeline, cast: cast, reports: log.reports, counts: log.counts))
    }

    private func sourceFailed(_ failure: SourceFailure) {
        let name = cast[failure.trackID]?.track.spokenOrigin ?? failure.trackID
        Program.say(Program.passedOver(name, failure.error))
        crate.learn(failure.trackID, .unplayable(reason: "\(failure.error)"))
        lostIndex = max(failure.index, lostIndex ?? failure.index)
        searchAgainFrame = mixedFrames
    }
}
