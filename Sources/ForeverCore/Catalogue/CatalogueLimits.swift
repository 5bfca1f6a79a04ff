/// Every maximum of the catalogue, with the arithmetic that chose it.
public enum CatalogueLimits {
    /// How long a call waits for another process that writes to the same file. **Units:** ms.
    public static let busyMillisecondsMax: Int32 = 5_000
    /// Prepared statements kept: all of this module's are fewer.
    public static let statementsMax = 64
    /// Bytes of one stored value (an analysis, a decision, a file's tags): SQLite's own default would be 1 GB. An
    /// analysis of an hour of music is about 2 MB of JSON.
    public static let valueBytesMax = 64 << 20
    /// Rows of one answer.
    public static let rowsMax = 100_000
    /// What is over a limit is removed every so many additions, not at each.
    public static let additionsPerTrim = 256
    /// Databases up to this size are read through at every start (about 0.1 s); larger ones only after a suspicion.
    public static let fullCheckBytesMax: Int64 = 32 << 20
    /// Damaged databases kept beside the new one; beyond it the newest of them is overwritten.
    public static let damagedFilesMax = 100
    /// Wishes that wait: nobody asks for more than a day of music.
    public static let wishesMax = 500
    /// Rows of one table that are looked for in a damaged file.
    static let salvagedRowsMax = 1_000_000
    /// Pages that a backup copies at once, 1 MB of them.
    static let backupPages: Int32 = 256
}

/// How much of the past is kept; what is over it goes, the oldest first, now and then.
public struct CatalogueRetention: Hashable, Sendable {
    /// A track every three minutes for more than half a year.
    public var decisionsPerEpochMax = 100_000
    /// Plays.
    public var historyMax = 100_000
    /// Days that a play is remembered; nil: as long as there is room. At least what the separations need is kept by
    /// whoever sets this: a track may come again when its last play is forgotten.
    public var historyDaysMax: Int?
    /// What is said of transitions, of each epoch.
    public var reportsPerEpochMax = 100_000
    /// The oldest anchors beyond it serve nobody any more.
    public var anchorsPerEpochMax = 10_000
    /// Epochs with their decisions; a new one is begun only when data is lost or the format changes.
    public var epochsMax = 32
    /// Hours of listeners and bytes by server: thirteen months, so that a month can be held against the year before.
    public var trafficHoursMax = 24 * 396
    public init() {}
}
