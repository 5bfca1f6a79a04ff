import Testing

import ForeverCore

@Suite struct WishListTests {
    private func list(next: [String] = [], must: [String] = []) -> WishList {
        var list = WishList()
        for (number, id) in next.enumerated() { list.add(.init(id: Int64(number), kind: .next, trackID: id)) }
        for (number, id) in must.enumerated() { list.add(.init(id: Int64(100 + number), kind: .mustMix, trackID: id)) }
        return list
    }

    @Test func whatPlaysNextComesFirstInTheOrderAsked() {
        let order = list(next: ["n", "a", "n"]).order(["a", "b"], costs: [:], proposalCost: 0, waited: 0)
        #expect(order == ["n", "a", "b"])
    }

    @Test func aTrackThatMustBeMixedWaitsForAGoodPlaceButNotForever() {
        let must = list(must: ["m", "k"])
        let costs = ["m": 0.5, "k": 0.3]
        #expect(must.order(["a"], costs: costs, proposalCost: 0.2, waited: 0) == ["a"])
        #expect(must.order(["a"], costs: costs, proposalCost: 0.4, waited: 0) == ["k", "m", "a"])
        #expect(must.order(["a"], costs: costs, proposalCost: 0.2, waited: WishList.mustMixWithin).first == "k")
        #expect(must.order([], costs: [:], proposalCost: nil, waited: 0) == ["m", "k"])
    }

    @Test func aWishIsFulfilledOnceAndTheOldestFirst() {
        var wishes = list(next: ["a", "b", "a"], must: ["b"])
        let first = wishes.fulfil(trackID: "a")
        #expect(first?.id == 0)
        let kinds = (0..<3).map { _ in wishes.fulfil(trackID: "b")?.kind }
        #expect(kinds == [.next, .mustMix, nil])
        #expect(wishes.tracks(.next) == ["a"])
        let removed = wishes.remove(2)
        #expect(removed?.trackID == "a")
        #expect(wishes.first(.next) == nil)
    }
}
