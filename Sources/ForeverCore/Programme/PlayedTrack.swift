/// One play of the past, as the programme needs to know it.
public struct PlayedTrack: Codable, Hashable, Sendable {
    public var trackID: String
    /// nil where unknown.
    public var artist: String?

    public init(trackID: String, artist: String? = nil) {
        self.trackID = trackID
        self.artist = artist
    }
}

/// One track to come, and why.
public struct ProgrammePick: Codable, Hashable, Sendable {
    public var trackID: String
    /// The leg that leads to it; nil where nothing plays before.
    public var leg: TourLeg?
    /// The rules that had to give way for it.
    public var relaxed: [Relaxation]

    public init(trackID: String, leg: TourLeg?, relaxed: [Relaxation]) {
        self.trackID = trackID
        self.leg = leg
        self.relaxed = relaxed
    }
}
