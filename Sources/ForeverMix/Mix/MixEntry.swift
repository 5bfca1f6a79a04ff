/// One track on the mix's timeline.
public struct MixEntry: Codable, Hashable, Sendable {
    /// Ordinal in the mix, 0 for the epoch's first track.
    public var index: Int
    public var trackID: String
    /// First output frame in which it can sound.
    public var startFrame: Int64
    /// Output frame after its last; for the newest entry, where its sound ends by itself.
    public var endFrame: Int64
    /// Ascending; slope 1 outside its knots.
    public var map: [MapKnot]
    /// What brings it to the mix's loudness. **Units:** dB.
    public var gainDecibels: Double
    /// What is taken from its samples first; nil is nothing.
    public var dcOffset: DCOffset?
    public var fadeIn: Fade?
    public var fadeOut: Fade?
    /// Output frame from which it is the louder one: titles change here.
    public var titleFrame: Int64

    public init(
        index: Int, trackID: String, startFrame: Int64, endFrame: Int64, map: [MapKnot], gainDecibels: Double,
        dcOffset: DCOffset? = nil, fadeIn: Fade? = nil, fadeOut: Fade? = nil, titleFrame: Int64
    ) {
        self.index = index
        self.trackID = trackID
        self.startFrame = startFrame
        self.endFrame = endFrame
        self.map = map
        self.gainDecibels = gainDecibels
        self.dcOffset = dcOffset
        self.fadeIn = fadeIn
        self.fadeOut = fadeOut
        self.titleFrame = titleFrame
    }

    /// `map` as a function.
    public var tempoMap: TempoMap { TempoMap(map) }
}
