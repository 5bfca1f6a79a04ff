/// Every maximum of the SoundCloud source, with the arithmetic or the fact that chose it.
public enum CloudLimits {
    /// Grants by client credentials an hour: SoundCloud allows 30 an address, which others may share.
    public static let grantsPerHourMax = 20
    /// Grants in twelve hours: SoundCloud allows 50 an application.
    public static let grantsPerHalfDayMax = 40
    /// Plays in 24 hours: SoundCloud allows 15 000 a client id. A station of tracks of 3.5 minutes needs about 411.
    public static let playsPerDayMax = 14_000
    /// A token is renewed this long before its end, or at nine tenths of a life that is shorter. **Units:** s.
    public static let tokenMarginSeconds = 60.0
    /// Lives of tokens that are believed; what is missing or absurd is taken for `tokenLifeSeconds`. **Units:** s.
    static let tokenLivesSeconds = 1.0...86_400
    /// An hour is usual. **Units:** s.
    static let tokenLifeSeconds = 3_600.0
    /// Steps to one token: a used refresh token leads to a grant, and a grant to a token.
    static let tokenStepsMax = 3
    /// Askings of one question: the token may turn out to be over once.
    static let askingsMax = 2

    /// Bytes of an answer in JSON: a page of 200 tracks of 4 kB is 0.8 MB.
    public static let answerBytesMax = 8 << 20
    /// Bytes of an error that are looked at.
    public static let errorBytesMax = 8 << 10
    /// Bytes of a playlist of segments: one address of 700 bytes every ten seconds is 250 kB an hour.
    public static let playlistBytesMax = 2 << 20
    /// Segments of one track: three hours of ten seconds.
    public static let segmentsMax = 1_200
    /// Bytes of one segment: 200 kB are usual.
    public static let segmentBytesMax = 4 << 20
    /// Bytes of one track's sound: an hour and a half at 160 kbit/s.
    public static let soundBytesMax = 112 << 20
    /// Length of one segment in a playlist. **Units:** s.
    static let segmentSecondsMax = 600.0
    /// How long fetching one track may last in all. **Units:** s.
    public static let soundSecondsMax = 600.0
    /// How often the addresses of one track are asked for again while it is fetched.
    public static let renewalsMax = 4
    /// How often one segment is asked for again after it came short.
    public static let segmentTriesMax = 3
    /// Bytes of a picture.
    public static let pictureBytesMax = 2 << 20
    /// How long one exchange may last. **Units:** s.
    public static let exchangeSecondsMax = 30.0

    /// Tracks of one page, SoundCloud's own maximum.
    public static let pageTracks = 200
    /// Pages of one list.
    public static let pagesMax = 10
    /// Tracks of one source.
    public static let tracksPerSourceMax = 1_000
    /// Sources of one station.
    public static let sourcesMax = 64
    /// Tracks in the pool.
    public static let poolTracksMax = 10_000
    /// Bytes of an address that a page may link to.
    static let linkBytesMax = 2_048
    /// Bytes of what stands after the kind in a URN.
    static let urnBytesMax = 200
    /// Characters of a `tag_list` that are read.
    static let tagListCharactersMax = 8_192
    /// Characters of a time, and of a key's name.
    static let timeCharactersMax = 64
    static let keyCharactersMax = 20
    /// A count beyond that is none.
    static let countMax = 1e15
    /// Length of a track that is believed: eleven days. **Units:** s.
    static let durationSecondsMax = 1e6

    /// What `minimumSeconds` and `maximumSeconds` may say. **Units:** s.
    static let lengthsSeconds = 20.0...3_600
    /// What `searchDays` may say. **Units:** days.
    static let searchDays = 1.0...3_650
    /// Characters of one entry of `from`.
    public static let sourceCharactersMax = 500
    /// Bytes of the SoundCloud file and of the file that keeps the token.
    public static let fileBytesMax = 256 << 10

    /// The first wait after a failure, and the longest. **Units:** s.
    public static let waitSeconds = 2.0...300.0
    /// The same after the front has refused this address. **Units:** s.
    public static let frontWaitSeconds = 60.0...3_600.0
    /// Before it is asked again whether the operator has put right what only he can. **Units:** s.
    static let operatorWaitSeconds = 3_600.0
    /// A track that was gone or refused is left alone for so long; then it may be there again. **Units:** s.
    public static let restSeconds = 3_600.0
    /// The same for one that did not come, which may not have been its fault; doubled each time. **Units:** s.
    public static let shortRestSeconds = 60.0...600.0
    /// How long a refusal that says when it ends is believed. **Units:** s.
    public static let untilSecondsMax = 26.0 * 3_600
}
