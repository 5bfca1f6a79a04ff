import ForeverCore
import ForeverMix

/// A track on the timeline, with what pages show of it.
package struct CastMember: Codable, Hashable, Sendable {
    package var track: Track
    package var contentKey: String
    package var tempoBPM: Double?
    package var key: String?
    package var durationSeconds: Double

    package init(track: Track, contentKey: String, analysis: TrackAnalysis) {
        self.track = track
        self.contentKey = contentKey
        tempoBPM = analysis.trusted.beats ? analysis.tempo : nil
        key = analysis.trusted.key ? analysis.key?.description : nil
        durationSeconds = analysis.duration
    }
}
