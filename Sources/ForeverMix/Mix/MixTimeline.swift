/// What plays when: every track of the mix and how each goes over into the next.
///
/// A value, rebuilt by applying its decisions in order. Only the newest entry can still change; entries and
/// transitions are in output order.
public struct MixTimeline: Codable, Hashable, Sendable {
    public private(set) var settings: MixSettings
    public private(set) var entries: [MixEntry] = []
    public private(set) var transitions: [MixTransition] = []

    /// Frames between what a decision may not change and the first frame whose making it changes: what the
    /// renderer's filters and limiter look ahead.
    public static let settleFrames: Int64 = 8192
    /// What is played of a track after its last sound. **Units:** s.
    static let tailSeconds = 0.25

    public init(settings: MixSettings) {
        self.settings = settings
    }

    /// Other aims for the decisions to come; what is decided keeps its levels and its times.
    public mutating func adopt(_ settings: MixSettings) { self.settings = settings }

    /// Output frames before this can be rendered now and never change, as long as no decision asks for an earlier
    /// `notBefore`: the next track should be decided when the mix has come this far.
    public var renderableUntil: Int64 {
        guard let newest = entries.last else { return 0 }
        let settled = transitions.last?.settledFrame ?? newest.startFrame
        return max(settled, newest.endFrame - AudioFormat.frames(settings.decisionSeconds))
    }

    /// Decides how `track` follows the newest entry, or opens the mix; no sample before output frame `notBefore`
    /// changes. Nothing is applied.
    ///
    /// `previous` is the newest entry's analysis; without one it is faded. With `isSoon` the newest entry is left at
    /// the first good place. With `replacing`, entries from that index on are taken back and `track` takes their
    /// place; `previous` is then the analysis of the one before.
    public func decide(
        trackID: String, analysis: TrackAnalysis, previous: TrackAnalysis?, notBefore: Int64, isSoon: Bool = false,
        replacing: Int? = nil
    ) -> MixDecision {
        var base = self
        if let replacing { base.withdraw(from: replacing) }
        guard let newest = base.entries.last else {
            return base.open(trackID: trackID, analysis: analysis, at: notBefore)
        }
        let settled = base.transitions.last?.settledFrame ?? newest.startFrame
        let earliest = max(notBefore, settled) + MixTimeline.settleFrames
        let map = newest.tempoMap
        let earliestSource = Int64(map.sourceFrame(atOutput: Double(earliest)).rounded(.up))
        let outgoing = previous ?? base.unknownAnalysis(of: newest)
        let plan = TransitionPlanner(settings: settings)
            .plan(from: outgoing, to: analysis, notBefore: earliestSource, isSoon: isSoon)
        var decision = base.place(plan, trackID: trackID, analysis: analysis, after: newest)
        // How the level of a track goes that was only looked at quickly nobody knows: nothing is promised then.
        if outgoing.loudnessCurve.isEmpty || analysis.loudnessCurve.isEmpty { decision.transition.expectation = nil }
        return decision
    }

    /// Carries out `decision`.
    public mutating func apply(_ decision: MixDecision) {
        withdraw(from: decision.entry.index)
        if let change = decision.previous, let at = entries.lastIndex(where: { $0.index == change.index }) {
            entries[at].endFrame = change.endFrame
            entries[at].map = change.map
            entries[at].fadeOut = change.fadeOut
        }
        entries.append(decision.entry)
        transitions.append(decision.transition)
    }

    /// Drops what ended before `frame`, except the newest entry.
    public mutating func forget(before frame: Int64) {
        let newestIndex = entries.last?.index
        entries.removeAll { $0.endFrame <= frame && $0.index != newestIndex }
        transitions.removeAll { $0.settledFrame <= frame && $0.toIndex != newestIndex }
    }

    /// The entry that is the louder one at `frame`.
    public func entry(at frame: Int64) -> MixEntry? {
        entries.last { $0.titleFrame <= frame } ?? entries.first
    }

    /// Takes back entries from `index` on. The entry before runs on at its own tempo and keeps its end.
    mutating func withdraw(from index: Int) {
        guard let firstGone = transitions.first(where: { $0.toIndex >= index }) else { return }
        entries.removeAll { $0.index >= index }
        transitions.removeAll { $0.toIndex >= index }
        guard let last = entries.indices.last else { return }
        let kept = entries[last].map.prefix { $0.outputFrame < firstGone.changesFrom }
        if !kept.isEmpty { entries[last].map = Array(kept) }
        entries[last].fadeOut = nil
    }

    private func open(trackID: String, analysis: TrackAnalysis, at frame: Int64) -> MixDecision {
        let part = SoundingPart(analysis)
        let start = AudioFormat.frames(max(0, part.start - 0.05))
        let entry = MixEntry(
            index: 0, trackID: trackID, startFrame: frame,
            endFrame: frame + soundEndFrame(analysis) - start,
            map: [MapKnot(sourceFrame: Double(start), outputFrame: frame)],
            gainDecibels: settings.gainDecibels(forLoudness: analysis.loudness), dcOffset: offset(analysis),
            titleFrame: frame)
        let transition = MixTransition(
            fromIndex: nil, toIndex: 0, kind: .opening, startFrame: frame, endFrame: frame, changesFrom: frame,
            settledFrame: frame, reason: "opens the mix", expectedStepLoudnessUnits: 0)
        return MixDecision(transition: transition, entry: entry, previous: nil)
    }

    private func place(
        _ plan: TransitionPlan, trackID: String, analysis: TrackAnalysis, after newest: MixEntry
    ) -> MixDecision {
        // The first frame that changes lies on slope 1, where the map is known.
        let firstChange = plan.outgoingMap.first ?? MapKnot(sourceFrame: Double(plan.outgoingFrame), outputFrame: 0)
        let changesAt = Int64(newest.tempoMap.outputFrame(ofSource: firstChange.sourceFrame).rounded())
        let start = changesAt - firstChange.outputFrame
        let end = start + plan.overlapFrames
        func moved(_ knots: [MapKnot]) -> [MapKnot] {
            knots.map { MapKnot(sourceFrame: $0.sourceFrame, outputFrame: $0.outputFrame + start) }
        }
        let incomingMap = moved(plan.incomingMap)
        let soundEnd = TempoMap(incomingMap).outputFrame(ofSource: Double(soundEndFrame(analysis)))
        let entry = MixEntry(
            index: newest.index + 1, trackID: trackID, startFrame: start,
            endFrame: max(end, Int64(soundEnd.rounded())), map: incomingMap,
            gainDecibels: settings.gainDecibels(forLoudness: analysis.loudness), dcOffset: offset(analysis),
            fadeIn: plan.fadeIn.moved(by: start),
            titleFrame: start + plan.titleFrame)
        let transition = MixTransition(
            fromIndex: newest.index, toIndex: entry.index, kind: plan.kind, style: plan.style, startFrame: start,
            endFrame: end, changesFrom: changesAt,
            settledFrame: max(end, incomingMap[incomingMap.count - 1].outputFrame),
            reason: plan.reason, expectedStepLoudnessUnits: plan.expectedStepLoudnessUnits,
            expectation: plan.expectation, beatFrames: plan.beatFrames.map { $0 + start },
            attackDelays: plan.attackDelays)
        return MixDecision(
            transition: transition, entry: entry,
            previous: MixDecision.PreviousEntry(
                index: newest.index, endFrame: end, map: newest.map + moved(plan.outgoingMap),
                fadeOut: plan.fadeOut.moved(by: start)))
    }

    func offset(_ analysis: TrackAnalysis) -> DCOffset? {
        analysis.dcOffset.isZero ? nil : analysis.dcOffset
    }

    /// Source frame at which a track's sound is over.
    func soundEndFrame(_ analysis: TrackAnalysis) -> Int64 {
        let end = AudioFormat.frames(SoundingPart(analysis).end + MixTimeline.tailSeconds)
        return min(max(analysis.frameCount, 0), end)
    }

    /// Stands in for the analysis of an entry of which only its place is known: it sounds to its end.
    private func unknownAnalysis(of entry: MixEntry) -> TrackAnalysis {
        let end = entry.tempoMap.sourceFrame(atOutput: Double(entry.endFrame))
        return TrackAnalysis(
            frameCount: Int64(end.rounded()), tempo: nil, beats: [], downbeats: [], beatsPerBar: 4, key: nil,
            loudness: settings.targetLoudness - entry.gainDecibels, truePeak: 0, soundStart: 0,
            soundEnd: end / Double(AudioFormat.sampleRate), loudnessCurve: [], onsets: [], energy: 0,
            danceability: 0, confidence: .init(beats: 0, downbeats: 0, key: 0),
            trusted: .init(beats: false, downbeats: false, key: false))
    }
}
