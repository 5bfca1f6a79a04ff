/// Every maximum of ForeverCore, with the arithmetic that chose it.
public enum CoreLimits {
    /// Folders inside folders. Nobody files music deeper than about ten; 64 ends anything that feeds on itself.
    public static let scanDepthMax = 64
    /// Files in one scan: ten times the largest library we promise (100 000).
    public static let scanFilesMax = 1_000_000
    /// Folders in one scan: their identities are remembered, 16 bytes each.
    public static let scanFoldersMax = 200_000
    /// Bytes of names held for one folder: 32 MiB is 400 000 names of 80 bytes lying flat.
    public static let folderNameBytesMax = 32 << 20
    /// Bytes of one path, the kernel's own limit.
    public static let pathBytesMax = 4096

    /// Bytes of the corrections beside one file: a hundred thousand beats in milliseconds.
    public static let sidecarBytesMax = 2 << 20
    /// Folders watched for changes; the kernel's own limit for all programs of a user is often lower.
    public static let watchedFoldersMax = 100_000
    /// Bytes of events read at once: some thousand.
    static let watchBufferBytes = 64 << 10
    /// Events of one answer, about; what is beyond them waits in the kernel.
    static let watchEventsMax = 4_096
    /// Changed paths remembered one by one; beyond it everything is looked at.
    static let pendingChangesMax = 10_000

    /// Words and names of one list of what is not let in.
    public static let blockedWordsMax = 1_000

    /// Characters of a title, an artist or an album; longer ones are cut. Pages and ICY show far fewer.
    public static let titleCharactersMax = 300
    /// Characters of an uploader's name in a stream's title.
    public static let creditCharactersMax = 80
    /// Bytes of it: three a character, so that no few characters of many bytes take all the room.
    static let creditBytesMax = 240
    /// Bytes of a stream's title with its credit: ICY takes 1000 and writes some signs with two.
    public static let streamTitleBytesMax = 800
    /// Tempi that somebody may have meant. **Units:** beats a minute.
    static let hintTempi = 20.0...400.0
    /// A ReplayGain of that much is none. **Units:** dB.
    static let hintGainMax = 60.0
    /// Tags of one track that are kept.
    public static let tagsMax = 32

    /// Bytes read at once while a file's content key is made.
    public static let contentChunkBytes = 256 << 10

    /// Tracks in one tour. Beyond it the caller draws a pool.
    public static let tourTracksMax = 20_000
    /// Tracks whose costs are kept in one square table (4 bytes a pair: 1 MiB); beyond it a cache of fixed size serves.
    public static let denseTracksMax = 512
    /// Cached costs a track where the square table would be too large, a power of two: 2 KiB a track.
    public static let cachedCostsPerTrack = 256
    /// Neighbours a track that the solver tries.
    public static let tourNeighbours = 12
    /// Tracks whose neighbours are looked for among all others; beyond it, among those of like tempo and a random few.
    public static let neighbourScanTracksMax = 5_000

    /// Tracks that the programme plans over at once: one tour of so many takes a fraction of a second.
    public static let programmePoolTracksMax = 400
    /// Tracks that the programme may be asked for at once.
    public static let programmeUpcomingMax = 400
    /// Plays of the past that the programme looks at.
    public static let programmeHistoryMax = 20_000
}
