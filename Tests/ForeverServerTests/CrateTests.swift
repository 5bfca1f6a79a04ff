import ForeverCore
import Testing
import forever_server

@Suite struct CrateTests {
    @Test func standInsPlayOnlyWhileNothingElseCan() {
        let crate = Crate()
        crate.put(Samples.analysed("demo"), standIn: true)
        #expect(crate.candidates().map(\.facts.id) == ["demo"])
        #expect(crate.hasOnlyStandIns)
        crate.put(Samples.unknown("own"))
        #expect(crate.candidates().map(\.facts.id) == ["demo"])
        crate.put(Samples.analysed("own"))
        #expect(crate.candidates().map(\.facts.id) == ["own"])
        #expect(!crate.hasOnlyStandIns)
    }

    @Test func countsWhatIsKnown() {
        let crate = Crate()
        crate.put(Samples.analysed("a"))
        crate.put(Samples.unknown("b"))
        crate.put(Samples.unknown("c"))
        crate.learn("c", .unplayable(reason: "torn"))
        #expect(crate.counts() == (known: 3, analysed: 1, unplayable: 1))
        #expect(crate.unknown(limit: 10) == ["b"])
        #expect(crate.choiceCount(besides: nil) == 1)
        #expect(crate.choiceCount(besides: "a") == 0)
        #expect(crate.playable(limit: 10, standIns: false) == ["a", "b"])
    }

    @Test func opensWithTheLibraryRatherThanADemoTrack() {
        let crate = Crate()
        crate.put(Samples.analysed("demo"), standIn: true)
        #expect(Opening.choices(from: crate, seed: 1) == ["demo"])
        crate.put(Samples.unknown("own"))
        #expect(Opening.choices(from: crate, seed: 1).first == "own")
        crate.put(Samples.analysed("known"))
        #expect(Opening.choices(from: crate, seed: 1).first == "known")
    }

    @Test func theLastResortIsAnotherTrackWhereThereIsOne() {
        let crate = Crate()
        crate.put(Samples.unknown("a"))
        let current = CastMember(track: Samples.track("a"), contentKey: "a", analysis: Samples.analysis())
        #expect(LastResort.trackID(after: current, crate: crate, seed: 3) == "a")
        crate.put(Samples.unknown("b"))
        #expect(LastResort.trackID(after: current, crate: crate, seed: 3) == "b")
    }
}
