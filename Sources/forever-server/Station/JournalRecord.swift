import ForeverMix

/// One decision as the journal keeps it: what was decided, and the timeline that it makes.
///
/// The timeline is kept with every decision, so that a restart, and a rendering of any hour, needs one record and not
/// the whole past.
struct JournalRecord: Codable, Sendable {
    var decision: MixDecision
    /// After the decision; entries long past are left out.
    var timeline: MixTimeline
    /// Who plays, by track id: everybody in `timeline`.
    var cast: [String: CastMember]

    /// How much of the past stays on a timeline, for pages and for rendering on after a restart. **Units:** s.
    static let pastSeconds = 900.0
}
