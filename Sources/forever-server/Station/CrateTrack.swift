import ForeverCore
import ForeverMix

/// A track the station may play: who it is, where its sound is, and what is known of it so far.
package struct CrateTrack: Sendable {
    /// What can be said of the track's sound.
    package enum Knowledge: Sendable {
        /// Not looked at yet.
        case unknown
        /// Analysed: `facts` for the tour, `profile` for the planner's opinion.
        case analysed(facts: TrackFacts, profile: TransitionProfile)
        /// Cannot be played; reported once, passed over from then on.
        case unplayable(reason: String)
    }

    package var track: Track
    /// What its stored analysis is found by.
    package var contentKey: String
    package var knowledge: Knowledge
    /// Somebody said by hand that it is never to be played.
    package var isNever: Bool
    /// The track whose sound this one's was found to be.
    package var sameSoundAs: String?

    package init(
        track: Track, contentKey: String, knowledge: Knowledge, isNever: Bool = false, sameSoundAs: String? = nil
    ) {
        self.track = track
        self.contentKey = contentKey
        self.knowledge = knowledge
        self.isNever = isNever
        self.sameSoundAs = sameSoundAs
    }

    /// Its length as the analysis found it. **Units:** s.
    var knownSeconds: Double? {
        if case .analysed(let facts, _) = knowledge { return facts.duration }
        return nil
    }
}
