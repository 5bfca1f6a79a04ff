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
