import ForeverMix

/// When the next track is decided. Pure.
///
/// Late enough that wishes still count, early enough that no good place to leave is missed and pages can say what
/// comes next: as soon as the last transition is over and the playing track is analysed.
package struct DecisionTiming: Sendable {
    package init() {}

    package enum Advice: Hashable, Sendable {
        /// Nothing to decide yet.
        case wait
        /// Decide with what is known.
        case decide
        /// Decide whatever is known: the music would end.
        case decideAtAnyPrice
    }

    /// How long before a track's sound ends something must follow, whatever is known. **Units:** s.
    package static let lastMomentSeconds = 20.0
    /// How long after a transition the next is decided. **Units:** s.
    package static let restSeconds = 4.0
    /// At the start, tracks analysed before there is a choice worth the name.
    package static let choiceTracksMin = 6

    /// - Parameters:
    ///   - mixedFrames: output frames rendered so far
    ///   - isNewestAnalysed: whether the newest entry's whole analysis is known
    ///   - choiceCount: analysed tracks to choose from, without the newest entry's
    ///   - waitingCount: tracks whose analysis is still to come
    package func advice(
        timeline: MixTimeline, mixedFrames: Int64, isNewestAnalysed: Bool, choiceCount: Int, waitingCount: Int
    ) -> Advice {
        guard let newest = timeline.entries.last else { return .decideAtAnyPrice }
        let lastMoment = newest.endFrame - AudioFormat.frames(DecisionTiming.lastMomentSeconds)
        if mixedFrames >= lastMoment { return .decideAtAnyPrice }
        let settled = timeline.transitions.last?.settledFrame ?? newest.startFrame
        guard mixedFrames >= settled + AudioFormat.frames(DecisionTiming.restSeconds) else { return .wait }
        guard isNewestAnalysed, choiceCount > 0 || waitingCount == 0 else { return .wait }
        if waitingCount == 0 || choiceCount >= DecisionTiming.choiceTracksMin { return .decide }
        // A short track is given half of itself before the choice is made from few.
        let half = newest.startFrame + (newest.endFrame - newest.startFrame) / 2
        return mixedFrames >= max(timeline.renderableUntil, half) ? .decide : .wait
    }
}
