import ForeverHTTP

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

    /// What a stream reply says of its station.
    init(of headers: HeaderFields, otherwise other: StationProfile) {
        self.init(
            name: headers["icy-name"] ?? other.name, genre: headers["icy-genre"] ?? other.genre,
            description: headers["icy-description"] ?? other.description, url: headers["icy-url"] ?? other.url)
    }
}
