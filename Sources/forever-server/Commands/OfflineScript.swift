import ForeverCore
import ForeverMix
import Foundation

/// A mix decided from beginning to end.
struct OfflineScript {
    private(set) var timeline: MixTimeline
    /// By id.
    private(set) var tracks: [String: Track] = [:]
    /// Frames to render.
    let frameCount: Int64
    /// By id.
    let analyses: [String: TrackAnalysis]

    /// `tracks` one after the other, from the first again while `seconds` are not filled; without `seconds` each once.
    init(tracks order: [Track], analyses: [String: TrackAnalysis], settings: MixSettings, seconds: Double?) {
        precondition(!order.isEmpty, "a mix needs a track")
        self.analyses = analyses
        var timeline = MixTimeline(settings: settings)
        let wanted = seconds.map { AudioFormat.frames($0) }
        var previous: TrackAnalysis?
        var index = 0
        while let track = wanted == nil && index == order.count ? nil : order[index % order.count] {
            if let analysis = analyses[track.id] {
                let decision = timeline.decide(
                    trackID: track.id, analysis: analysis, previous: previous, notBefore: 0)
                timeline.apply(decision)
                tracks[track.id] = track
                previous = analysis
            }
            index += 1
            if let wanted, let end = timeline.entries.last?.endFrame, end >= wanted { break }
            if index >= OfflineScript.tracksMax { break }
        }
        self.timeline = timeline
        let end = timeline.entries.last?.endFrame ?? 0
        frameCount = min(wanted ?? end, end)
    }

    /// Tracks in one offline mix at most; a day of one-minute tracks.
    static let tracksMax = 1_440

    /// The track with this id.
    func track(_ id: String) throws -> Track {
        guard let track = tracks[id] else { throw UnknownTrack(id: id) }
        return track
    }

    /// The plan as the JSON of `mix --plan`; files by their absolute paths, demo tracks by their ids.
    func planJSON(_ reports: [TransitionReport]) throws -> Data {
        let plan = MixPlanFile(
            timeline, reports: reports, path: { tracks[$0]?.absolutePath ?? $0 }, analysis: { analyses[$0] })
        return try SortedJSON.data(plan)
    }
}
