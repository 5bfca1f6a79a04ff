/// A track whose sound could not be read: it is silence from then on.
public struct SourceFailure: Sendable {
    /// Index of its entry in the mix.
    public let index: Int
    public let trackID: String
    /// Output frame of the chunk in which it was noticed.
    public let frame: Int64
    public let error: any Error
}
