/// What is decided when a track falls silent before its time: nothing waits for a good place, and nothing rises slowly
/// over silence.
extension MixTimeline {
    /// How long a track takes to come up then: long enough not to click. **Units:** output frames.
    static let riseFrames: Int64 = 2_400

    /// Decides that `track` follows the newest entry, whose sound was lost, at once and in full, from the beginning of its
    /// sound. Nothing is applied.
    ///
    /// While the lost entry was only coming in, the one before it sounds on until the lost one should have become the
    /// louder. With `replacing`, entries from that index on are taken back first. `previous` is the lost entry's
    /// analysis, from which the level is known that it had. nil where there is no entry.
    public func decideAfterLoss(
        trackID: String, analysis: TrackAnalysis, previous: TrackAnalysis?, notBefore: Int64, replacing: Int? = nil
    ) -> MixDecision? {
        var base = self
        if let replacing { base.withdraw(from: replacing) }
        guard let lost = base.entries.last else { return nil }
        let start = max(notBefore + MixTimeline.settleFrames, lost.titleFrame)
        let end = start + MixTimeline.riseFrames
        let gain = settings.gainDecibels(forLoudness: analysis.loudness)
        let soundStart = SoundingPart(analysis).start
        let source = max(0, AudioFormat.frames(soundStart) - MixTimeline.riseFrames)
        let fade = Fade(startFrame: start, endFrame: end)
        let entry = MixEntry(
            index: lost.index + 1, trackID: trackID, startFrame: start,
            endFrame: max(end, start + soundEndFrame(analysis) - source),
            map: [MapKnot(sourceFrame: Double(source), outputFrame: start)], gainDecibels: gain,
            dcOffset: offset(analysis), fadeIn: fade,
            titleFrame: start)
        let step = previous.map { analysisLost -> Double in
            let left = lost.tempoMap.sourceFrame(atOutput: Double(start)) / Double(AudioFormat.sampleRate)
            let before = LevelCurve(analysisLost, gainDecibels: lost.gainDecibels).powerBefore(left)
            let after = LevelCurve(analysis, gainDecibels: gain).powerAfter(soundStart)
            return decibels(after) - decibels(before)
        }
        let transition = MixTransition(
            fromIndex: lost.index, toIndex: entry.index, kind: .fade, style: .cut, startFrame: start, endFrame: end,
            changesFrom: start, settledFrame: end, reason: "the track before broke off, comes in at once",
            expectedStepLoudnessUnits: step ?? 0)
        return MixDecision(
            transition: transition, entry: entry,
            previous: MixDecision.PreviousEntry(index: lost.index, endFrame: end, map: lost.map, fadeOut: fade))
    }

    /// Decides that the newest entry, which is coming in over one whose sound was lost, is at its level at once. nil where
    /// it has not begun by then, or is as good as there. Nothing is applied.
    public func decideToRise(notBefore: Int64) -> MixDecision? {
        guard var entry = entries.last, let fade = entry.fadeIn, var transition = transitions.last,
            transition.toIndex == entry.index, let lost = entries.last(where: { $0.index == transition.fromIndex })
        else { return nil }
        let start = notBefore + MixTimeline.settleFrames
        let lift = Fade.Span(startFrame: start, endFrame: start + MixTimeline.riseFrames)
        let risen = [fade.endFrame, fade.bassSwap?.endFrame, fade.middle?.endFrame, fade.treble?.endFrame]
            .compactMap { $0 }.max()
        guard start >= entry.startFrame, fade.lift == nil, let risen, lift.endFrame < risen else { return nil }
        entry.fadeIn?.lift = lift
        entry.titleFrame = min(entry.titleFrame, start)
        transition.changesFrom = start
        transition.reason += ", cut short: the track before broke off"
        return MixDecision(
            transition: transition, entry: entry,
            previous: MixDecision.PreviousEntry(
                index: lost.index, endFrame: lost.endFrame, map: lost.map, fadeOut: lost.fadeOut))
    }
}
