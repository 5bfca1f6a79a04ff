/// The family of transitions: what is done with both sounds, and so what a listener hears.
public enum TransitionStyle: String, Codable, Hashable, Sendable, CaseIterable {
    /// Eight bars or more on one beat; the basses change hands in the middle.
    case longBlend
    /// Fewer bars on one beat.
    case shortBlend
    /// On one beat, but only the highs overlap: basses and harmonies change hands within a bar.
    case drumBlend
    /// An equal-power fade.
    case fade
    /// The outgoing track loses its bass, then its middle, then its highs, under the incoming one.
    case filterOut
    /// The outgoing track's last beat echoes away over the incoming one.
    case echoOut
    /// The incoming track begins where the outgoing one's phrase ends.
    case cut

    /// Whether both tracks are on one beat.
    public var isBeatMatched: Bool {
        switch self {
        case .longBlend, .shortBlend, .drumBlend: true
        case .fade, .filterOut, .echoOut, .cut: false
        }
    }
}
