/// The plan of a rendered mix as measuring tools read it. **Units:** seconds.
public struct MixPlanFile: Codable, Hashable, Sendable {
    public var tracks: [Track]
    public var transitions: [Transition]

    public struct Track: Codable, Hashable, Sendable {
        public var path: String
        /// Times in the track.
        public var beats: [Double]
        public var downbeats: [Double]
        /// Pairs of source and output time; linear between them.
        public var map: [[Double]]
    }

    public struct Transition: Codable, Hashable, Sendable {
        /// Indexes into `tracks`.
        public var out: Int
        public var `in`: Int
        /// Output time of the overlap.
        public var start: Double
        public var end: Double
        public var kind: TransitionKind
        public var style: TransitionStyle?
        public var expectedStepLoudnessUnits: Double
        public var reason: String
        /// What was measured in the render; nil where nothing was.
        public var report: TransitionReport?

        enum CodingKeys: String, CodingKey {
            case out, `in`, start, end, kind, style, reason, report
            case expectedStepLoudnessUnits = "expected_step_lu"
        }
    }

    /// The plan of `timeline`, with the paths and analyses of its tracks by their id; output time counts from
    /// `originFrame`.
    public init(
        _ timeline: MixTimeline, originFrame: Int64 = 0, reports: [TransitionReport] = [], path: (String) -> String,
        analysis: (String) -> TrackAnalysis?
    ) {
        tracks = timeline.entries.map { entry in
            let analysis = analysis(entry.trackID)
            let map = entry.tempoMap
            func pair(atOutput frame: Int64) -> [Double] {
                [
                    map.sourceFrame(atOutput: Double(frame)) / Double(AudioFormat.sampleRate),
                    AudioFormat.seconds(frame - originFrame),
                ]
            }
            let inside = entry.map.map(\.outputFrame).filter { $0 > entry.startFrame && $0 < entry.endFrame }
            return Track(
                path: path(entry.trackID), beats: analysis?.beats ?? [], downbeats: analysis?.downbeats ?? [],
                map: ([entry.startFrame] + inside + [entry.endFrame]).map(pair))
        }
        let first = timeline.entries.first?.index ?? 0
        let count = timeline.entries.count
        transitions = timeline.transitions.compactMap { transition in
            guard let from = transition.fromIndex, from >= first, transition.toIndex - first < count else {
                return nil
            }
            return Transition(
                out: from - first, in: transition.toIndex - first,
                start: AudioFormat.seconds(transition.startFrame - originFrame),
                end: AudioFormat.seconds(transition.endFrame - originFrame), kind: transition.kind,
                style: transition.style,
                expectedStepLoudnessUnits: transition.expectedStepLoudnessUnits, reason: transition.reason,
                report: reports.first { $0.toIndex == transition.toIndex })
        }
    }
}
