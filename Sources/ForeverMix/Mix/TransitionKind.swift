/// How one track follows another.
public enum TransitionKind: String, Codable, Hashable, Sendable, CaseIterable {
    /// The first track of a mix: nothing before it.
    case opening
    /// Whole bars of both tracks sound together, beat on beat, while the tempo goes over from one to the other.
    case beatMatched
    /// An equal-power fade between the sounding parts; no beat is claimed to fit.
    case fade
}
