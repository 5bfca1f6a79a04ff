import ForeverMix

/// One decision as the journal keeps it: what was decided, and the timeline that it makes.
///
/// The timeline is kept with every decision, so that a restart, and a rendering of any hour, needs one record and not
/// the whole past.
package struct JournalRecord: Codable, Sendable {
    package var decision: MixDecision
    /// After the decision; entries long past are left out.
    package var timeline: MixTimeline
    /// Who plays, by track id: everybody in `timeline`.
    package var cast: [String: CastMember]

    package init(decision: MixDecision, timeline: MixTimeline, cast: [String: CastMember]) {
        self.decision = decision
        self.timeline = timeline
        self.cast = cast
    }

    /// How much of the past stays on a timeline, for pages and for rendering on after a restart. **Units:** s.
    package static let pastSeconds = 900.0

    /// Where that past begins: counted from what listeners hear, however far ahead of it the mix is. **Units:** output frames.
    package static func pastFrame(mixedFrames: Int64, liveFrame: Int64) -> Int64 {
        min(mixedFrames, liveFrame) - AudioFormat.frames(pastSeconds)
    }
}
