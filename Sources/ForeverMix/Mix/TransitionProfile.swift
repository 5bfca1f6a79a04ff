import Foundation

/// What the planner's opinion needs to know of a track: how it begins and ends, what its beats are. Made once of an
/// analysis; of one size however long the track is, so that thousands are held and compared where analyses are not.
public struct TransitionProfile: Codable, Hashable, Sendable {
    /// Raised whenever the same analysis would give another profile; older ones are made anew.
    public static let currentVersion = 2

    public var version = TransitionProfile.currentVersion
    /// nil where beats or bars are not trusted or too few.
    public var pulse: Pulse?
    /// nil where it is not trusted.
    public var key: MusicalKey?
    /// Between the silences at both ends. **Units:** s.
    public var soundingSeconds: Double
    /// **Units:** LUFS.
    public var loudness: Double
    /// How the track begins, and how it ends.
    public var entry: Edge
    public var exit: Edge

    /// One end of a track, step by step from its edge inwards: bars, or seconds where bars are not trusted.
    public struct Edge: Codable, Hashable, Sendable {
        /// **Units:** s.
        public var stepSeconds: Double
        /// Short-term level at each step from the edge on, against the whole track's. **Units:** LU.
        public var levels: [Float]
        /// How much somebody sings in each step, 0 ... 1; empty where that is not known.
        public var voices: [Float]
        /// The colours of the beats in these steps, and of the four at the very edge: means of `BeatTimbre` without the
        /// level. Empty where that is not known. **Units:** dB.
        public var colour: [Float]
        public var edgeColour: [Float]
        /// Whether the sound begins or ends on a bar line.
        public var isOnBar: Bool

        /// Steps that are looked at: as many as the longest overlap has bars.
        public static let stepsMax = 16
    }

    public init(_ analysis: TrackAnalysis) {
        let grid = BarGrid(analysis)
        let part = SoundingPart(analysis)
        pulse = grid?.pulse
        key = analysis.trustedKey
        soundingSeconds = part.seconds
        loudness = analysis.loudness
        let ends = TrackEnds(analysis, grid: grid, part: part)
        entry = ends.edge(isExit: false)
        exit = ends.edge(isExit: true)
    }
}

extension TransitionProfile.Edge {
    /// Level so far from the edge, between the steps by a straight line. **Units:** LU, against the whole track's.
    func level(secondsInside seconds: Double) -> Double {
        guard let last = levels.last else { return 0 }
        let place = max(0, seconds / stepSeconds)
        let low = Int(min(place, 1e6))
        guard low + 1 < levels.count else { return Double(last) }
        let share = Float(place - Double(low))
        return Double(levels[low] + share * (levels[low + 1] - levels[low]))
    }

    /// How differently two ends sound: root mean square of the differences; nil where that is not known. **Units:** dB.
    static func distance(_ one: [Float], _ other: [Float]) -> Double? {
        guard !one.isEmpty, one.count == other.count else { return nil }
        var sum: Float = 0
        for k in one.indices { sum += (one[k] - other[k]) * (one[k] - other[k]) }
        return Double((sum / Float(one.count)).squareRoot())
    }
}

/// Looks at both ends of a track for its profile.
private struct TrackEnds {
    let analysis: TrackAnalysis
    let part: SoundingPart
    let shape: TrackShape
    let curve: LevelCurve
    /// Bar lines within the sound, where bars are trusted; else empty. **Units:** s.
    let lines: [Double]

    /// How near a bar line a beginning or an end lies on it. **Units:** s.
    static let onBarSeconds = UnmatchedPair.onBarSeconds

    init(_ analysis: TrackAnalysis, grid: BarGrid?, part: SoundingPart) {
        self.analysis = analysis
        self.part = part
        shape = TrackShape(analysis)
        curve = LevelCurve(analysis, gainDecibels: 0)
        lines = (grid.map { grid in grid.bars.map { grid.beats[$0] } } ?? []).filter {
            $0 >= part.start - TrackEnds.onBarSeconds && $0 <= part.end + TrackEnds.onBarSeconds
        }
    }

    func edge(isExit: Bool) -> TransitionProfile.Edge {
        let edge = isExit ? part.end : part.start
        let line = isExit ? lines.last : lines.first
        let steps = times(isExit: isExit, from: line ?? edge)
        // Where fewer steps than two are there is next to no sound at all.
        let step = steps.count > 1 ? abs(steps[1] - steps[0]) : 1
        let levels = steps.map { Float(rounded(decibels(curve.power(at: $0)) - analysis.loudness)) }
        let spans = steps.dropLast().indices.map { isExit ? steps[$0 + 1] : steps[$0] }
        let voices = spans.compactMap { shape.activity(\.voice, at: $0) }.map(Float.init)
        let (low, high) = (min(steps.first ?? edge, steps.last ?? edge), max(steps.first ?? edge, steps.last ?? edge))
        let beats = analysis.beats.indices.filter {
            analysis.beats[$0] >= low - 0.03 && analysis.beats[$0] < high - 0.03
        }
        return TransitionProfile.Edge(
            stepSeconds: step, levels: levels, voices: voices.count == spans.count ? voices : [],
            colour: colour(of: beats), edgeColour: colour(of: isExit ? Array(beats.suffix(4)) : Array(beats.prefix(4))),
            isOnBar: line.map { abs($0 - edge) <= TrackEnds.onBarSeconds } ?? false)
    }

    /// Bar lines from the edge inwards, or seconds. **Units:** s.
    private func times(isExit: Bool, from first: Double) -> [Double] {
        let count = TransitionProfile.Edge.stepsMax + 1
        if lines.count > 1 {
            return isExit ? Array(lines.suffix(count).reversed()) : Array(lines.prefix(count))
        }
        return (0..<count).map { isExit ? first - Double($0) : first + Double($0) }
            .filter { $0 >= part.start && $0 <= part.end }
    }

    private func colour(of beats: [Int]) -> [Float] {
        let timbre = analysis.timbre
        guard !beats.isEmpty, let last = beats.last, last < timbre.count else { return [] }
        return (1..<BeatTimbre.size).map { k in
            Float(rounded(Double(beats.reduce(0) { $0 + timbre[$1, k] }) / Double(beats.count)))
        }
    }

    /// To the tenth: it is written down.
    private func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
