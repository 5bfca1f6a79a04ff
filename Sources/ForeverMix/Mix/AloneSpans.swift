/// Where both tracks of a transition play alone: between it and its neighbours. **Units:** output frames.
///
/// What lies beyond is other music, and says nothing of the level on that side.
struct AloneSpans {
    /// The outgoing track alone, up to the overlap.
    let before: Range<Int64>
    /// The incoming track alone, from the overlap on.
    let after: Range<Int64>

    init(_ transition: MixTransition, among transitions: [MixTransition], _ entries: [MixEntry]) {
        let outgoing = entries.first { $0.index == transition.fromIndex }
        let incoming = entries.first { $0.index == transition.toIndex }
        let earlier = transitions.first { $0.toIndex == transition.fromIndex }
        let later = transitions.first { $0.fromIndex == transition.toIndex }
        // What the timeline has forgotten lies farther back than anybody listens.
        let from = max(earlier?.endFrame ?? .min, outgoing?.startFrame ?? .min)
        let until = min(later?.startFrame ?? .max, incoming?.endFrame ?? .max)
        before = min(from, transition.startFrame)..<transition.startFrame
        after = transition.endFrame..<max(until, transition.endFrame)
    }
}
