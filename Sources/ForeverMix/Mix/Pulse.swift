/// How fast a track's beats come, and how many make a bar.
public struct Pulse: Codable, Hashable, Sendable {
    /// Median time between beats. **Units:** s.
    public var period: Double
    public var beatsPerBar: Int

    public init(period: Double, beatsPerBar: Int) {
        self.period = period
        self.beatsPerBar = beatsPerBar
    }
}
