import ForeverMix

/// What the mixing thread tells the loop after every decision.
struct StationNews: Sendable {
    var timeline: MixTimeline
    /// By track id.
    var cast: [String: CastMember]
}
