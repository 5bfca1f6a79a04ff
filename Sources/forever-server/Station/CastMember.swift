import ForeverCore
import ForeverMix

/// A track on the timeline, with what pages show of it.
package struct CastMember: Codable, Hashable, Sendable {
    package var track: Track
    package var contentKey: String
    package var tempoBPM: Double?
    package var key: String?
    package var durationSeconds: Double
    /// Why it plays; nil in journals of before, and where it was nobody's choice.
    package var reason: CastReason?

    package init(track: Track, contentKey: String, analysis: TrackAnalysis, reason: CastReason? = nil) {
        self.track = track
        self.contentKey = contentKey
        tempoBPM = analysis.trusted.beats ? analysis.tempo : nil
        key = analysis.trusted.key ? analysis.key?.description : nil
        durationSeconds = analysis.duration
        self.reason = reason
    }
}
