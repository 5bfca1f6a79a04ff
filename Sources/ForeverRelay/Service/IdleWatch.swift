/// Decides when a relay that nobody listens to stops pulling. Pure: time is handed in.
public struct IdleWatch: Sendable {
    /// How long after the last listener; nil: it pulls for ever.
    public let lingerNanoseconds: Int64?
    private var lastWantedNanoseconds: Int64

    public init(lingerSeconds: Double?, now: Int64) {
        lingerNanoseconds = lingerSeconds.map { Int64($0 * 1e9) }
        lastWantedNanoseconds = now
    }

    /// Somebody listens, or wants to.
    public mutating func isWanted(now: Int64) { lastWantedNanoseconds = now }

    /// Whether it is time to stop pulling. To be asked every second or so.
    public func isOver(now: Int64) -> Bool {
        guard let lingerNanoseconds else { return false }
        return now - lastWantedNanoseconds >= lingerNanoseconds
    }
}
