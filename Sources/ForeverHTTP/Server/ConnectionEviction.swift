/// What a connection is to a server that needs its place.
package enum ConnectionStanding: Hashable {
    /// Something is under way: it stays.
    case busy
    /// Kept alive with nothing under way.
    case idle(sinceNanoseconds: Int64)
    /// Nothing whole has been asked yet.
    case readingHead(sinceNanoseconds: Int64)
}

/// Which connections of a full server go for new ones: the oldest idle one, else the one longest in its head. Pure.
///
/// One look at all of them makes a list for many new ones, so that a flood does not cost a look each.
package struct ConnectionEviction<Key: Hashable> {
    private var list: [(key: Key, standing: ConnectionStanding)] = []

    package init() {}

    /// The next to go; nil when every one is busy. `look` is asked for all connections when the list has run out, `standing`
    /// for one of them: who is no longer as it was when the list was made stays.
    package mutating func next(
        look: () -> [(key: Key, standing: ConnectionStanding)], standing: (Key) -> ConnectionStanding?
    ) -> Key? {
        for isFresh in [false, true] {
            if isFresh {
                list = look().filter { $0.standing != .busy }
                // The last goes first.
                list.sort { Self.rank($0.standing) > Self.rank($1.standing) }
            }
            while let candidate = list.popLast() {
                if standing(candidate.key) == candidate.standing { return candidate.key }
            }
        }
        return nil
    }

    /// Idle ones before the others, older ones before younger ones.
    private static func rank(_ standing: ConnectionStanding) -> (Int, Int64) {
        switch standing {
        case .idle(let since): (0, since)
        case .readingHead(let since): (1, since)
        case .busy: (2, 0)
        }
    }
}
