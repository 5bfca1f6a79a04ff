import ForeverCore
import ForeverMix
import Foundation
import Testing
import forever_server

@Suite struct CastingTests {
    private func crate(_ tempi: [Double]) -> Crate {
        let crate = Crate()
        for (index, tempo) in tempi.enumerated() { crate.put(Samples.analysed("t\(index)", tempo: tempo)) }
        return crate
    }

    private func casting(_ crate: Crate, _ taste: TourTaste = TourTaste()) -> Casting {
        Casting(
            crate: crate, planner: TransitionPlanner(settings: MixSettings()), separation: SeparationRules(),
            taste: taste, seed: 1)
    }

    private let current = CastMember(track: Samples.track("now"), contentKey: "now", analysis: Samples.analysis())

    @Test func everyoneProposedHasAReasonFromWhatPlays() throws {
        let crate = crate([119, 121, 150, 90, 174, 124, 60])
        let proposal = casting(crate).next(
            after: current, analysis: Samples.analysis(), history: [], count: 4, wishes: WishList(), waited: 0)
        #expect(proposal.ids.count == 4)
        for id in proposal.ids {
            let reason = try #require(proposal.reasons[id])
            #expect(reason.leg?.from == "now" && reason.leg?.to == id)
            #expect(reason.leg?.terms["transition"] != nil)
            #expect(!reason.isWish && !reason.words.isEmpty)
        }
        // Those that were proposed after the first, and then the others: the first is about to play.
        #expect(proposal.later.count == 6)
        #expect(proposal.later.prefix(3) == proposal.ids.dropFirst())
        let again = casting(crate).next(
            after: current, analysis: Samples.analysis(), history: [], count: 4, wishes: WishList(), waited: 0,
            planned: proposal.ids.prefix(1) + proposal.later)
        #expect(again.ids == proposal.ids)
    }

    @Test func hundredsOfTracksStayOnTheBeat() throws {
        let crate = crate((0..<400).map { 80 + Double($0 * 37 % 100) })
        let proposal = casting(crate).next(
            after: current, analysis: Samples.analysis(), history: [], count: 8, wishes: WishList(), waited: 0)
        #expect(proposal.later.count == 399)
        #expect(proposal.reasons[proposal.ids[0]]?.leg?.kind == "beatMatched")
    }

    @Test func aWishSaysThatItIsOne() throws {
        let crate = crate([119, 121, 150])
        var wishes = WishList()
        wishes.add(WishList.Wish(id: 1, kind: .next, trackID: "t2"))
        let proposal = casting(crate).next(
            after: current, analysis: Samples.analysis(), history: [], count: 2, wishes: wishes, waited: 0)
        #expect(proposal.ids.first == "t2")
        let reason = try #require(proposal.reasons["t2"])
        #expect(reason.isWish && reason.words.hasPrefix("wished for; "))
        #expect(reason.leg?.kind == "fade")
    }

    /// Who asks for a track gets it in spite of the rules, and is told of them.
    @Test func aWishNamesTheRulesThatGiveWay() throws {
        let crate = crate([119, 121, 150])
        crate.apply(AdmissionRules(blockedTitleWords: ["Title t2"]))
        var wishes = WishList()
        wishes.add(WishList.Wish(id: 1, kind: .next, trackID: "t2"))
        let played = PlayedTrack(trackID: "t2", artist: "Artist")
        let proposal = casting(crate).next(
            after: current, analysis: Samples.analysis(), history: [played], count: 2, wishes: wishes, waited: 0)
        #expect(proposal.ids.first == "t2")
        let reason = try #require(proposal.reasons["t2"])
        #expect(reason.relaxed.map(\.rule).contains(.admission) && reason.relaxed.map(\.rule).contains(.artist))
        #expect(reason.words.contains("plays although not let in"))
        #expect(try JSONDecoder().decode(CastReason.self, from: try JSONEncoder().encode(reason)) == reason)
    }

    @Test func theOperatorsTasteDecides() throws {
        let crate = Crate()
        for (id, tempo, energy) in [("near", 120.0, 0.9), ("calm", 150, 0.1)] {
            var entry = Samples.analysed(id, tempo: tempo)
            let facts = TrackFacts(id: id, artist: id, tempo: tempo, energy: energy)
            entry.knowledge = .analysed(facts: facts, profile: TransitionProfile(Samples.analysis(tempo: tempo)))
            crate.put(entry)
        }
        func first(_ taste: TourTaste) -> String? {
            casting(crate, taste).next(
                after: current, analysis: Samples.analysis(), history: [], count: 1, wishes: WishList(), waited: 0,
                day: taste.day(fromSeconds: 3 * 3600, secondsFromGMT: 0)
            ).ids.first
        }
        #expect(first(TourTaste()) == "near")
        var weights = TourWeights()
        weights[.shape] = 500
        #expect(first(TourTaste(weights: weights, curve: try EnergyCurve("3=0.1 3:10=0.9"))) == "calm")
        #expect(first(TourTaste(weights: weights, curve: try EnergyCurve("3=0.9 3:10=0.1"))) == "near")
    }

    @Test func theDayIsThatOfThePlace() throws {
        let taste = TourTaste(curve: try EnergyCurve("0=0.5"))
        #expect(TourTaste().day(fromSeconds: 0, secondsFromGMT: 0) == nil)
        #expect(taste.day(fromSeconds: 86_400 * 20_000 + 1800, secondsFromGMT: 7200)?.startHour == 2.5)
        #expect(taste.day(fromSeconds: 86_400 * 20_000 + 3600, secondsFromGMT: -7200)?.startHour == 23)
    }
}
