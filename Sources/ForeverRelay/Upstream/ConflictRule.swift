/// What a relay makes of a 409: the source plays another epoch, or has not come as far as the relay. Pure.
package enum ConflictRule {
    package enum Verdict: Hashable {
        /// another source, or this one later
        case passOver
        /// at once without a position: what it plays is what is played now
        case askFresh
    }

    /// - epoch: the source's, nil when it named none
    /// - own: the relay's newest epoch; nil when it has nothing
    /// - root: the epoch that the root spoke of last
    /// - left: epochs that the relay has left for newer ones, to which there is no way back
    /// - isIdle: the relay has nothing left to play, and no other source brings sound
    package static func verdict(
        epoch: Epoch?, isRoot: Bool, own: Epoch?, root: Epoch?, left: [Epoch], isIdle: Bool
    ) -> Verdict {
        // Our position in its future: who is behind is not waited for while there is sound to play.
        if epoch == own { return isIdle && isRoot ? .askFresh : .passOver }
        guard let epoch else { return isRoot ? .askFresh : .passOver }
        if left.contains(epoch) { return .passOver }
        return isRoot || epoch == root || isIdle ? .askFresh : .passOver
    }
}
