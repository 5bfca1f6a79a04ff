import ForeverRelay
import Testing

private let second: Int64 = 1_000_000_000

private func id(_ number: Int) -> String { "relay00000000\(1_000 + number)" }

private func member(_ number: Int, room: Int = 2, source: Int? = nil, depth: Int = 0) -> RelayTree.Member {
    var member = RelayTree.Member(id: id(number), order: Int64(number))
    member.room = room
    member.source = source.map { id($0) }
    member.depth = depth
    return member
}

@Suite struct RelayTreeTests {
    @Test func theOldestPullFromTheRootAndTheOthersFromThem() {
        var tree = RelayTree(fanout: 2)
        tree.update((0..<14).map { member($0) }, now: 0)
        #expect((0..<2).allSatisfy { tree.parent(of: id($0)) == .root })
        // Two at the root, four below them, eight below these: three tiers are full.
        #expect(
            (0..<14).map { tree.tier(of: id($0)) ?? 0 }.sorted() == [1, 1] + Array(repeating: 2, count: 4)
                + Array(repeating: 3, count: 8))
        tree.update((0..<15).map { member($0) }, now: second)
        #expect(tree.parent(of: id(14)) == .nobody)
        #expect(tree.sources(for: id(0)) == [nil], "nobody is older")
        let sources = tree.sources(for: id(13))
        #expect(sources[0] != nil && sources[1] == nil && sources.count == 2 + RelayTree.othersMax)
        #expect(sources.compactMap(\.self).allSatisfy { $0 < id(13) })
    }

    @Test func aRelayKeepsItsParentUntilThatIsGone() {
        var tree = RelayTree(fanout: 1)
        let all = (0..<4).map { member($0) }
        tree.update(all, now: 0)
        let before = (0..<4).map { tree.parent(of: id($0)) }
        #expect(before == [.root, .relay(id(0)), .relay(id(0)), .relay(id(1))])
        for now in 1...200 { tree.update(all + [member(9)], now: Int64(now) * second) }
        #expect((0..<4).map { tree.parent(of: id($0)) } == before)
        // Its parent drains: another one, or, as it is now the oldest, the root.
        var draining = all
        draining[1].isFit = false
        tree.update(draining, now: 201 * second)
        #expect(tree.parent(of: id(3)) == .relay(id(2)))
        tree.update(Array(all[1...]), now: 202 * second)
        #expect(tree.parent(of: id(1)) == .root)
        #expect(tree.parent(of: id(2)) == .relay(id(1)))
    }

    @Test func aPlaceAtTheRootIsTakenOnlyWhenItStaysFree() {
        var tree = RelayTree(fanout: 2)
        let all = (0..<4).map { member($0) }
        tree.update(all, now: 0)
        #expect(tree.parent(of: id(2)) == .relay(id(0)))
        let without = [all[0], all[2], all[3]]
        tree.update(without, now: second)
        #expect(tree.parent(of: id(2)) == .relay(id(0)))
        tree.update(without, now: 30 * second)
        #expect(tree.parent(of: id(2)) == .relay(id(0)))
        tree.update(without, now: 31 * second)
        #expect(tree.parent(of: id(2)) == .root)
        // Its first owner comes back.
        tree.update(all, now: 40 * second)
        #expect(tree.parent(of: id(1)) == .root && tree.parent(of: id(2)) == .relay(id(0)))
    }

    @Test func theRootTakesNoMoreThanItsFanoutAndItsReserve() {
        var tree = RelayTree(fanout: 4)
        #expect(tree.reserve == 1)
        tree.update((0..<6).map { member($0) }, now: 0)
        #expect(tree.admit(id(0), connections: 4, now: 0) == .welcome)
        #expect(tree.admit(id(0), connections: 5, now: 0) == .full)
        #expect(tree.admit(id(5), connections: 0, now: 0) == .elsewhere(id(1)))
        #expect(tree.admit("stranger00000000", connections: 0, now: 0) == .elsewhere(id(2)))
        // It asks again, so its parents did not serve it: every other one first, then the reserve.
        var now: Int64 = 0
        var sentTo: Set<String> = []
        while case .elsewhere(let parent) = tree.admit(id(5), connections: 4, now: now) {
            #expect(sentTo.insert(parent).inserted, "never twice to the same")
            now += RelayTree.settlingNanoseconds
        }
        #expect(sentTo.count == 5)
        #expect(tree.admit(id(5), connections: 4, now: now) == .welcome)
        #expect(tree.admit(id(5), connections: 5, now: now) == .full)
    }

    @Test func whatRelaysPullFromIsKeptWhenTheRootIsNew() {
        var tree = RelayTree(fanout: 1)
        tree.update([member(0), member(1, source: 0, depth: 1), member(2, source: 1, depth: 2)], now: 0)
        #expect(tree.parent(of: id(2)) == .relay(id(1)))
    }

    /// Whatever comes and goes and however late anybody hears of it: no two lists of sources ever make a circle, tiers are
    /// bounded, nobody serves more than it has room for.
    @Test(arguments: UInt64(1)...8) func thereIsNeverACircle(seed: UInt64) {
        var generator = SeededGenerator(seed)
        let fanout = Int.random(in: 1...4, using: &generator)
        var tree = RelayTree(fanout: fanout)
        var alive: [Int: RelayTree.Member] = [:]
        /// what each was ever told, as it may still do it
        var told: [String: Set<String>] = [:]
        for step in 0..<400 {
            let now = Int64(step) * second
            let number = Int.random(in: 0..<24, using: &generator)
            if alive[number] == nil { alive[number] = member(number, room: Int.random(in: 0...3, using: &generator)) }
            alive[number]?.isFit = Int.random(in: 0..<8, using: &generator) > 0
            alive[number]?.isPulling = Int.random(in: 0..<8, using: &generator) > 0
            if Int.random(in: 0..<5, using: &generator) == 0 {
                alive[Int.random(in: 0..<24, using: &generator)] = nil
            }
            tree.update(Array(alive.values), now: now)
            var children: [String: Int] = [:]
            for one in alive.values {
                #expect((1...RelayTree.tiersMax).contains(tree.tier(of: one.id) ?? 0))
                if case .relay(let parent) = tree.parent(of: one.id) { children[parent, default: 0] += 1 }
                let sources = tree.sources(for: one.id)
                told[one.id, default: []].formUnion(sources.compactMap(\.self))
                // Some do as they were told a while ago.
                if let source = sources.randomElement(using: &generator) {
                    let index = Int(one.order)
                    alive[index]?.source = source
                    alive[index]?.depth = source == nil ? 0 : 1
                }
            }
            for one in alive.values { #expect(children[one.id] ?? 0 <= one.room) }
        }
        var settled: Set<String> = []
        while let free = told.keys.first(where: { !settled.contains($0) && told[$0]!.isSubset(of: settled) }) {
            settled.insert(free)
        }
        // Those that were never told of anybody count as settled.
        #expect(
            told.keys.allSatisfy { settled.contains($0) },
            "a circle among \(told.keys.filter { !settled.contains($0) })")
    }
}
