import ForeverCore
import ForeverMix
import forever_server

/// Tracks and analyses as a station might hold them.
enum Samples {
    /// A track of four minutes at `tempo`, with a trusted grid.
    static func analysis(tempo: Double = 120, seconds: Double = 240) -> TrackAnalysis {
        let period = 60 / tempo
        let beats = Array(stride(from: 0.0, to: seconds - period, by: period))
        return TrackAnalysis(
            frameCount: AudioFormat.frames(seconds), tempo: tempo, beats: beats,
            downbeats: stride(from: 0, to: beats.count, by: 4).map { beats[$0] }, beatsPerBar: 4,
            key: MusicalKey(pitchClass: 9, mode: .minor), loudness: -12, truePeak: -1, soundStart: 0,
            soundEnd: seconds, loudnessCurve: Array(repeating: -12, count: Int(seconds * 2)), onsets: beats,
            energy: 0.5, danceability: 0.5, confidence: .init(beats: 1, downbeats: 1, key: 1),
            trusted: .init(beats: true, downbeats: true, key: true))
    }

    static func track(_ id: String, title: String? = nil, artist: String = "Artist") -> Track {
        Track(
            id: id, title: title ?? "Title \(id)", artist: artist, durationSeconds: 240,
            origin: .file(path: "/music/\(id).mp3"))
    }

    static func analysed(_ id: String, tempo: Double = 120) -> CrateTrack {
        let analysis = analysis(tempo: tempo)
        let facts = TrackFacts(id: id, title: "Title", artist: "Artist \(id)", tempo: tempo)
        return CrateTrack(
            track: track(id), contentKey: id, knowledge: .analysed(facts: facts, profile: TransitionProfile(analysis)))
    }

    static func unknown(_ id: String) -> CrateTrack {
        CrateTrack(track: track(id), contentKey: id, knowledge: .unknown)
    }

    /// Two tracks, the second decided.
    static func timeline() -> MixTimeline {
        var timeline = MixTimeline(settings: MixSettings())
        let first = analysis(tempo: 120)
        timeline.apply(timeline.decide(trackID: "a", analysis: first, previous: nil, notBefore: 0))
        timeline.apply(
            timeline.decide(trackID: "b", analysis: analysis(tempo: 122), previous: first, notBefore: 0))
        return timeline
    }
}
