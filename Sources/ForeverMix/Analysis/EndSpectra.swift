/// How both ends of a track sound, twelve times a second: what the spectrum of a mix is foreseen from.
///
/// Rows of 24 bands, equally wide in octaves from 40 Hz to 16 kHz; the lowest has what lies below it too. A track that is
/// not longer than both ends together is described from beginning to end.
public struct EndSpectra: Codable, Hashable, Sendable {
    public static let bandCount = 24
    /// Frames of a row. Notes and bar lines are about as long as what is compared, and coarser rows would
    /// smear them.
    public static let rowFrames = 4_096
    public static let rowSeconds = Double(rowFrames) / Double(AudioFormat.sampleRate)
    /// What one stored step is worth. **Units:** dB.
    public static let stepDecibels: Float = 0.5
    /// What a byte of 0 stands for, against a sine of full scale. **Units:** dB.
    public static let floorDecibels: Float = -110
    /// Rows of an end: a minute.
    public static let rowsMax = 703

    /// The rows from the track's start on, `bandCount` bytes each.
    public var beginning: PackedBytes
    /// The rows up to its end; none that `beginning` has.
    public var ending: PackedBytes
    /// Where the first row of `ending` begins. **Units:** s.
    public var endingStart: Double

    public init(
        beginning: PackedBytes = PackedBytes(), ending: PackedBytes = PackedBytes(), endingStart: Double = 0
    ) {
        self.beginning = beginning
        self.ending = ending
        self.endingStart = endingStart
    }

    /// Both ends of a track that all of `rows` are known of.
    init(rows: [UInt8]) {
        let count = rows.count / EndSpectra.bandCount
        let first = min(count, EndSpectra.rowsMax)
        let last = max(first, count - EndSpectra.rowsMax)
        self.init(
            beginning: PackedBytes(Array(rows.prefix(first * EndSpectra.bandCount))),
            ending: PackedBytes(Array(rows.dropFirst(last * EndSpectra.bandCount))),
            endingStart: Double(last) * EndSpectra.rowSeconds)
    }

    /// Those of a long track, made of those of its first stretch and of its last, which begins at `seconds`.
    init(first: EndSpectra, last: EndSpectra, startingAt seconds: Double) {
        // A last stretch so short that `beginning` holds all of it.
        let isWhole = last.ending.bytes.isEmpty
        self.init(
            beginning: first.beginning, ending: isWhole ? last.beginning : last.ending,
            endingStart: seconds + (isWhole ? 0 : last.endingStart))
    }

    /// The rows of whichever end covers `seconds`, and where the first of them begins (s); nil where neither does.
    func rows(around seconds: ClosedRange<Double>) -> (bytes: [UInt8], start: Double)? {
        func length(_ bytes: PackedBytes) -> Double {
            Double(bytes.bytes.count / EndSpectra.bandCount) * EndSpectra.rowSeconds
        }
        let slack = 2 * EndSpectra.rowSeconds
        let whole = length(beginning)
        if !ending.bytes.isEmpty, abs(endingStart - whole) < EndSpectra.rowSeconds / 2 {
            let end = whole + length(ending)
            return seconds.upperBound <= end + slack ? (beginning.bytes + ending.bytes, 0) : nil
        }
        if !beginning.bytes.isEmpty, seconds.upperBound <= whole + slack { return (beginning.bytes, 0) }
        guard !ending.bytes.isEmpty, seconds.lowerBound >= endingStart - slack,
            seconds.upperBound <= endingStart + length(ending) + slack
        else { return nil }
        return (ending.bytes, endingStart)
    }
}
