import ForeverCore
import ForeverMix

/// A track on the timeline, with what pages show of it.
struct CastMember: Codable, Hashable, Sendable {
    var track: Track
    var contentKey: String
    var tempoBPM: Double?
    var key: String?
    var durationSeconds: Double

    init(track: Track, contentKey: String, analysis: TrackAnalysis) {
        self.track = track
        self.contentKey = contentKey
        tempoBPM = analysis.trusted.beats ? analysis.tempo : nil
        key = analysis.trusted.key ? analysis.key?.description : nil
        durationSeconds = analysis.duration
    }
}
