/// Reads a file's tags. Declared here, done by whoever can open the file: ForeverCore knows no codec.
public protocol TagReader: Sendable {
    /// **Errors:** what makes the file unreadable; the file is then reported and passed over.
    /// **Thread:** any, several at once.
    func tags(atPath path: String) throws -> TrackTags
}
