/// What a station says about itself in every stream reply and playlist.
public struct StationProfile: Hashable, Sendable {
    public var name: String
    public var genre: String
    public var description: String
    /// the station's home page, absolute; nil for none
    public var url: String?

    public init(
        name: String = "Forever", genre: String = "Electronic", description: String = "Your infinite DJ",
        url: String? = nil
    ) {
        self.name = name
        self.genre = genre
        self.description = description
        self.url = url
    }
}
