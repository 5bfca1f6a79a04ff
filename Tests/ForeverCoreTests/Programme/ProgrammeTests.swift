import ForeverCore
import Testing

@Suite struct ProgrammeTests {
    private func programme(_ rules: SeparationRules = SeparationRules()) -> Programme {
        Programme(rules: rules, tourSeconds: 0.01)
    }

    /// Plays on as a station does: asks for a few, plays the first, asks again.
    private func play(
        _ count: Int, of candidates: [TrackFacts], rules: SeparationRules = SeparationRules(), seed: UInt64 = 1,
        ahead: Int = 3
    ) -> [ProgrammePick] {
        let programme = programme(rules)
        let byID = Dictionary(uniqueKeysWithValues: candidates.map { ($0.id, $0) })
        var history: [PlayedTrack] = []
        var current: TrackFacts?
        var played: [ProgrammePick] = []
        for _ in 0..<count {
            let next = programme.upcoming(
                candidates: candidates, history: history, current: current, seed: seed, count: ahead)
            guard let pick = next.first else { break }
            if let current { history.append(PlayedTrack(trackID: current.id, artist: current.artist)) }
            current = byID[pick.trackID]
            played.append(pick)
        }
        return played
    }

    @Test(arguments: [1, 2, 3, 5, 18])
    func keepsTheGapThatACrateAllows(count: Int) {
        let candidates = Crates.drawn(count, seed: 3)
        let gap = SeparationRules().trackGap(candidates: count)
        let ids = play(6 * count + 4, of: candidates).map(\.trackID)
        #expect(ids.count == 6 * count + 4)
        #expect(Set(ids) == Set(candidates.map(\.id)))
        for place in ids.indices {
            #expect(!ids[max(0, place - gap)..<place].contains(ids[place]), "\(place): \(ids)")
        }
    }

    @Test(arguments: [
        (1, 0), (2, 1), (3, 1), (5, 3), (18, 10), (2_000, 500),
    ])
    func theTrackGapFollowsTheCrate(count: Int, gap: Int) {
        #expect(SeparationRules().trackGap(candidates: count) == gap)
    }

    @Test func nothingIsForgottenForEver() {
        let candidates = Crates.drawn(40, seed: 8)
        let ids = play(400, of: candidates).map(\.trackID)
        var last: [String: Int] = [:]
        for (place, id) in ids.enumerated() {
            #expect(place - (last[id] ?? 0) <= 90, "\(id) waited too long")
            last[id] = place
        }
        for candidate in candidates { #expect(ids.count - (last[candidate.id] ?? 0) <= 90) }
    }

    @Test func aDemoCrateStaysBeatMatchedForHours() {
        for seed in 1...3 as ClosedRange<UInt64> {
            let picks = play(150, of: Crates.demo, seed: seed)
            let legs = picks.compactMap(\.leg)
            let matched = legs.filter { $0.kind == TourCost.beatMatchedKind }.count
            #expect(Double(matched) >= 0.8 * Double(legs.count), "\(matched) of \(legs.count)")
        }
    }

    @Test func artistsStayApartAcrossCallsAndRestarts() {
        let candidates = Crates.drawn(60, seed: 13, known: 1, artists: 15)
        let artist = Dictionary(uniqueKeysWithValues: candidates.map { ($0.id, $0.artist!) })
        let picks = play(200, of: candidates)
        let names = picks.map { artist[$0.trackID]! }
        for place in names.indices.dropFirst() {
            let isClose = names[max(0, place - 2)..<place].contains(names[place])
            #expect(isClose == !picks[place].relaxed.isEmpty)
        }
        #expect(picks.filter { !$0.relaxed.isEmpty }.count <= 2)
    }

    @Test func namesTheRuleThatGaveWay() {
        let picks = play(20, of: Crates.demo)
        #expect(picks.first?.relaxed == [])
        for pick in picks.dropFirst() {
            #expect(pick.relaxed == [Relaxation(rule: .artist, wanted: 2, held: 0)])
        }
        #expect("\(picks[5].relaxed[0])" == "artist separation 2 relaxed to 0")
        // A rule that asks for more than there is: the share says how much is meant.
        var rules = SeparationRules(trackGap: 10, trackGapShare: 1, artistGap: 0)
        #expect(play(30, of: Crates.drawn(5, seed: 1), rules: rules).allSatisfy { $0.relaxed.isEmpty })
        rules.trackGap = 0
        rules.trackGapShare = 0
        #expect(play(30, of: Crates.drawn(5, seed: 1), rules: rules).count == 30)
    }

    @Test func candidatesComeAndGo() {
        let all = Crates.drawn(30, seed: 17)
        let programme = programme()
        let history = all.prefix(20).map { PlayedTrack(trackID: $0.id, artist: $0.artist) }
        // The current track and most of the history are gone.
        let few = Array(all[22..<26])
        var picks = programme.upcoming(
            candidates: few, history: history, current: all[20], seed: 1, count: 10)
        #expect(picks.count == 10)
        #expect(Set(picks.prefix(4).map(\.trackID)) == Set(few.map(\.id)))
        #expect(picks.first?.leg?.from == all[20].id)
        // A newcomer among many well-worn ones is heard within a turn of the crate.
        let worn = (0..<60).map { all[$0 % 20] }.map { PlayedTrack(trackID: $0.id, artist: $0.artist) }
        picks = programme.upcoming(
            candidates: Array(all.prefix(21)), history: worn, current: all[19], seed: 1, count: 21)
        #expect(picks.contains { $0.trackID == all[20].id })
        #expect(programme.upcoming(candidates: [], history: history, current: all[0], seed: 1).isEmpty)
        #expect(programme.upcoming(candidates: few, history: [], current: nil, seed: 1, count: 0).isEmpty)
        let twice = programme.upcoming(
            candidates: few + few, history: [], current: nil, seed: 1, count: 4)
        #expect(Set(twice.map(\.trackID)).count == 4)
    }

    @Test func aPlanIsGoneOnWithWhenTracksComeAndGo() throws {
        let all = Crates.drawn(120, seed: 29)
        let programme = programme()
        let first = programme.plan(
            candidates: Array(all.prefix(100)), history: [], current: all[0], seed: 1, count: 4)
        #expect(first.picks.count == 4)
        #expect(Set(first.picks.map(\.trackID) + first.later).count == first.picks.count + first.later.count)
        // The first pick plays, three tracks have left, twenty have come.
        let gone = Set(first.later.prefix(3))
        let now = all.filter { !gone.contains($0.id) }
        let current = try #require(now.first { $0.id == first.picks[0].trackID })
        let foreseen = first.picks.dropFirst().map(\.trackID) + first.later
        let history = [PlayedTrack(trackID: all[0].id, artist: all[0].artist)]
        let next = programme.plan(
            candidates: now, history: history, current: current, planned: foreseen, seed: 2, count: 4)
        let order = next.picks.map(\.trackID) + next.later
        #expect(Set(order) == Set(now.map(\.id)).subtracting([all[0].id, current.id]))
        func steps(_ ids: [String]) -> Set<Set<String>> { Set(zip(ids, ids.dropFirst()).map { [$0, $1] }) }
        let kept = steps(order).intersection(steps(foreseen)).count
        #expect(kept > 40)
    }

    @Test func theProgrammeFollowsTheDay() throws {
        let candidates = Crates.drawn(200, seed: 31, known: 1)
        let energy = Dictionary(uniqueKeysWithValues: candidates.map { ($0.id, $0.energy!) })
        let curve = try EnergyCurve("0=0.1 12=0.9")
        func mean(atHour hour: Double) -> Double {
            let picks = programme().plan(
                candidates: candidates, history: [], current: nil, day: DayCourse(curve: curve, startHour: hour),
                seed: 1, count: 8
            ).picks
            #expect(picks.dropFirst().allSatisfy { $0.leg?.terms["shape"] != nil })
            return picks.reduce(0) { $0 + energy[$1.trackID]! } / Double(picks.count)
        }
        #expect(mean(atHour: 0) < 0.35)
        #expect(mean(atHour: 12) > 0.65)
    }

    @Test func theSameSeedGivesTheSameProgramme() {
        let candidates = Crates.drawn(50, seed: 19)
        #expect(play(60, of: candidates, seed: 4) == play(60, of: candidates, seed: 4))
        #expect(play(60, of: candidates, seed: 4).map(\.trackID) != play(60, of: candidates, seed: 5).map(\.trackID))
    }

    @Test func twoThousandTracksAreAllHeardBeforeAnyComesAgainSoon() {
        let candidates = Crates.drawn(2_000, seed: 23)
        let byID = Dictionary(uniqueKeysWithValues: candidates.map { ($0.id, $0) })
        let programme = programme()
        var history: [PlayedTrack] = []
        var current: TrackFacts?
        // Asked for many at a time, to be quick: the same function.
        while history.count < 1_900 {
            let picks = programme.upcoming(
                candidates: candidates, history: history, current: current, seed: 1, count: 190)
            for pick in picks {
                if let current { history.append(PlayedTrack(trackID: current.id, artist: current.artist)) }
                current = byID[pick.trackID]
            }
        }
        let ids = history.map(\.trackID)
        #expect(Set(ids.prefix(1_500)).count == 1_500)
        var last: [String: Int] = [:]
        for (place, id) in ids.enumerated() {
            if let before = last[id] { #expect(place - before > 1_200) }
            last[id] = place
        }
    }
}
