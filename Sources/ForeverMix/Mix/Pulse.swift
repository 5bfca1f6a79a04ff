/// How fast a track's beats come, and how many make a bar.
public struct Pulse: Codable, Hashable, Sendable {
    /// Median time between beats. **Units:** s.
    public var period: Double
    public var beatsPerBar: Int
    /// Whether bars are heard and not merely counted off.
    public var hasDownbeats: Bool

    public init(period: Double, beatsPerBar: Int, hasDownbeats: Bool) {
        self.period = period
        self.beatsPerBar = beatsPerBar
        self.hasDownbeats = hasDownbeats
    }
}
