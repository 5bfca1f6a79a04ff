/// What is decided, and written down, before its sound is made: how the next track follows.
///
/// A value. Applying a mix's decisions in order to an empty timeline of the same settings rebuilds the timeline.
public struct MixDecision: Codable, Hashable, Sendable {
    public var transition: MixTransition
    /// The new entry; where an entry of this index or a later one exists, it is withdrawn first.
    public var entry: MixEntry
    /// How the entry before it changes; nil at the opening.
    public var previous: PreviousEntry?

    /// The parts of the entry before that a decision sets.
    public struct PreviousEntry: Codable, Hashable, Sendable {
        public var index: Int
        public var endFrame: Int64
        public var map: [MapKnot]
        public var fadeOut: Fade?

        public init(index: Int, endFrame: Int64, map: [MapKnot], fadeOut: Fade?) {
            self.index = index
            self.endFrame = endFrame
            self.map = map
            self.fadeOut = fadeOut
        }
    }

    public init(transition: MixTransition, entry: MixEntry, previous: PreviousEntry?) {
        self.transition = transition
        self.entry = entry
        self.previous = previous
    }

    /// The first output frame that sounds otherwise because of this decision.
    public var changesFrom: Int64 { transition.changesFrom }
}
