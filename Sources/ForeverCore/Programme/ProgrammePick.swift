/// One track to come, and why.
public struct ProgrammePick: Codable, Hashable, Sendable {
    public var trackID: String
    /// The leg that leads to it; nil where nothing plays before.
    public var leg: TourLeg?
    /// The rules that had to give way for it.
    public var relaxed: [Relaxation]

    public init(trackID: String, leg: TourLeg?, relaxed: [Relaxation]) {
        self.trackID = trackID
        self.leg = leg
        self.relaxed = relaxed
    }
}

/// What comes next, and what is foreseen after it.
public struct ProgrammePlan: Codable, Hashable, Sendable {
    public var picks: [ProgrammePick]
    /// Ids that the tour foresees after the picks: to be handed in again as `planned`.
    public var later: [String]

    public init(picks: [ProgrammePick] = [], later: [String] = []) {
        self.picks = picks
        self.later = later
    }
}
