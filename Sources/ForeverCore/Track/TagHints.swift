/// What a file's tags, or SoundCloud's uploaders, say of a sound: somebody's opinion, useful where two answers are equally likely, never the
/// truth. Half of all tempo tags are from programs that were wrong in the same places.
public struct TagHints: Codable, Hashable, Sendable {
    /// **Units:** beats a minute, 20 ... 400.
    public var tempo: Double?
    public var key: KeyFact?
    /// Loudness of the whole track as ReplayGain measured it. **Units:** LUFS.
    public var loudness: Double?
    /// Places that somebody marked, ascending; nil where nobody did. **Units:** s.
    public var cuePoints: [Double]?

    public init(tempo: Double? = nil, key: KeyFact? = nil, loudness: Double? = nil, cuePoints: [Double]? = nil) {
        self.tempo = tempo
        self.key = key
        self.loudness = loudness
        self.cuePoints = cuePoints
    }

    public var isEmpty: Bool { tempo == nil && key == nil && loudness == nil && cuePoints == nil }

    /// ReplayGain 2.0's reference: a gain of 0 dB is a track of so many LUFS.
    static let replayGainReference = -18.0
}

extension TrackTags {
    public var hints: TagHints {
        TagHints(
            tempo: bpm.flatMap { CoreLimits.hintTempi.contains($0) ? $0 : nil },
            key: key.flatMap { KeyFact(written: $0) },
            loudness: replayGainDecibels.flatMap {
                $0.isFinite && abs($0) < CoreLimits.hintGainMax ? TagHints.replayGainReference - $0 : nil
            }, cuePoints: cuePoints)
    }
}
