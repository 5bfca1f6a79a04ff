import ForeverMix

/// What the mixing thread tells the loop after every decision.
package struct StationNews: Sendable {
    package var timeline: MixTimeline
    /// By track id.
    package var cast: [String: CastMember]
    /// What was measured of the timeline's transitions.
    package var reports: [TransitionReport]
    /// Of all transitions since the start.
    package var counts: TransitionCounts

    package init(
        timeline: MixTimeline, cast: [String: CastMember], reports: [TransitionReport] = [],
        counts: TransitionCounts = TransitionCounts()
    ) {
        self.timeline = timeline
        self.cast = cast
        self.reports = reports
        self.counts = counts
    }
}
