/// Keeps an artist's tracks apart in an order that was made for its costs: what stands too close is carried on to
/// the cheapest place where it does not.
struct ArtistSpacing {
    let table: TourTable
    /// Other tracks that must stand between two of one artist.
    let gap: Int

    /// How far ahead a better place is looked for.
    private static let reachMax = 400

    /// - Parameters:
    ///   - order: track numbers; those before `firstFree` stay where they are.
    ///   - recent: artists that played before the order begins, the latest last.
    /// - Returns: the order, and the positions where the rule could not be held.
    func spaced(_ order: [Int], firstFree: Int, recent: [Int32]) -> (order: [Int], close: [Int]) {
        guard gap > 0 else { return (order, []) }
        var order = order
        var close: [Int] = []
        var position = firstFree
        while position < order.count {
            var triesLeft = 2 * gap + 4
            while isClose(order[position], at: position, order, recent), triesLeft > 0 {
                triesLeft -= 1
                if let place = cheapestPlace(for: position, in: order, recent) {
                    let track = order.remove(at: position)
                    order.insert(track, at: place)
                } else if let other = nearestAllowed(at: position, in: order, recent) {
                    let track = order.remove(at: other)
                    order.insert(track, at: position)
                } else {
                    break
                }
            }
            if isClose(order[position], at: position, order, recent) { close.append(position) }
            position += 1
        }
        return (order, close)
    }

    /// Whether one of the `gap` tracks before a position is by the track's artist.
    private func isClose(_ track: Int, at position: Int, _ order: [Int], _ recent: [Int32]) -> Bool {
        let artist = table.artist(track)
        guard artist >= 0 else { return false }
        for step in 1...gap {
            let before = position - step
            if before >= 0 {
                if table.artist(order[before]) == artist { return true }
            } else {
                let index = recent.count + before
                if index < 0 { return false }
                if recent[index] == artist { return true }
            }
        }
        return false
    }

    /// Where behind its position a track fits for the least added cost; the index to insert at once it is taken out.
    private func cheapestPlace(for position: Int, in order: [Int], _ recent: [Int32]) -> Int? {
        let track = order[position]
        let artist = table.artist(track)
        var best: (cost: Float, place: Int)?
        // Inserted between `order[place]` and `order[place + 1]`, it stands at index `place` once taken out.
        var lastSame = position
        var place = position + 1
        let end = min(order.count, position + 1 + ArtistSpacing.reachMax)
        while place < end {
            if table.artist(order[place]) == artist { lastSame = place }
            let isFreeBehind = lastSame == position ? true : place - lastSame >= gap
            let isFreeBefore = place - position >= 1 && !isNear(artist, from: place + 1, in: order)
            if isFreeBehind, isFreeBefore, !isSameWithin(artist, before: position, upTo: place, order, recent) {
                let before = order[place]
                let added: Float
                if place + 1 < order.count {
                    let after = order[place + 1]
                    added =
                        table.fullCost(before, track) + table.fullCost(track, after)
                        - table.fullCost(before, after)
                } else {
                    added = table.fullCost(before, track)
                }
                if best == nil || added < best!.cost { best = (added, place) }
            }
            place += 1
        }
        return best?.place
    }

    /// Whether the artist comes within `gap` positions from `start` on.
    private func isNear(_ artist: Int32, from start: Int, in order: [Int]) -> Bool {
        let end = min(order.count, start + gap)
        return start < end && order[start..<end].contains { table.artist($0) == artist }
    }

    /// Whether, with the track gone from `position` and standing after `place`, one of the `gap` before it that lie
    /// at or before `position` is by its artist.
    private func isSameWithin(
        _ artist: Int32, before position: Int, upTo place: Int, _ order: [Int], _ recent: [Int32]
    ) -> Bool {
        let between = place - position
        guard between < gap else { return false }
        for step in 1...(gap - between) {
            let before = position - step
            let other = before >= 0 ? table.artist(order[before]) : recent[ifThere: recent.count + before]
            if other == artist { return true }
        }
        return false
    }

    /// The cheapest of the next tracks that may stand here.
    private func nearestAllowed(at position: Int, in order: [Int], _ recent: [Int32]) -> Int? {
        var best: (cost: Float, index: Int)?
        var seen = 0
        for index in (position + 1)..<max(position + 1, order.count)
        where !isClose(order[index], at: position, order, recent) {
            let cost = position > 0 ? table.fullCost(order[position - 1], order[index]) : 0
            if best == nil || cost < best!.cost { best = (cost, index) }
            seen += 1
            if seen == 32 { break }
        }
        return best?.index
    }
}

extension Array where Element == Int32 {
    fileprivate subscript(ifThere index: Int) -> Int32? { indices.contains(index) ? self[index] : nil }
}
