import ForeverMix

/// What the mixing thread tells the loop after every decision.
package struct StationNews: Sendable {
    package var timeline: MixTimeline
    /// By track id.
    package var cast: [String: CastMember]

    package init(timeline: MixTimeline, cast: [String: CastMember]) {
        self.timeline = timeline
        self.cast = cast
    }
}
