import ForeverCatalogue
import ForeverCore
import ForeverMix
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

    @Test func rulesAreAppliedWhileItRuns() {
        let crate = Crate()
        for id in ["a", "b", "c"] { crate.put(Samples.analysed(id)) }
        crate.apply(AdmissionRules(blockedTitleWords: ["Title b"]))
        #expect(crate.candidates().map(\.facts.id) == ["a", "c"])
        #expect(crate.counts() == (known: 2, analysed: 2, unplayable: 0))
        #expect(crate.objection(to: "b") == .titleWord("title b"))
        #expect(crate.choiceCount(besides: "b") == 2)
        crate.learn("b", .unplayable(reason: "torn"))
        crate.apply(AdmissionRules())
        #expect(crate.counts() == (known: 3, analysed: 2, unplayable: 1))
        crate.apply(AdmissionRules(secondsMin: 10_000))
        #expect(crate.candidates().isEmpty && crate.refusedCount == 3)
        #expect(crate.playable(limit: 9, standIns: false).isEmpty)
        // Rather a track against the rules than silence.
        #expect(LastResort.trackID(after: nil, crate: crate, seed: 1) != nil)
        var never = Samples.analysed("a")
        never.isNever = true
        crate.put(never)
        crate.remove(["b", "c"])
        #expect(LastResort.trackID(after: nil, crate: crate, seed: 1) == nil)
        #expect(crate.objection(to: "a") == .never)
    }

    @Test func oneOfSeveralEqualTracksPlays() {
        let crate = Crate()
        func same(_ id: String) -> CrateTrack {
            CrateTrack(track: Samples.track(id, title: "Same"), contentKey: id, knowledge: .unknown)
        }
        for id in ["a", "b", "c"] { crate.put(same(id)) }
        #expect(crate.unknown(limit: 9) == ["a"])
        #expect(crate.objection(to: "c") == .duplicate(of: "a"))
        crate.learn("a", .unplayable(reason: "torn"))
        #expect(crate.unknown(limit: 9) == ["b"])
        crate.remove(["b"])
        #expect(crate.unknown(limit: 9) == ["c"])
        #expect(crate.counts() == (known: 2, analysed: 0, unplayable: 1))
        crate.put(same("a"))
        crate.apply(AdmissionRules(refusesDuplicates: false))
        #expect(crate.unknown(limit: 9).sorted() == ["a", "c"])
    }

    @Test func theCrateHoldsPartOfALargeLibrary() {
        let crate = Crate(heldMax: 2)
        #expect(crate.put(Samples.unknown("a")) && crate.put(Samples.unknown("b")))
        #expect(!crate.put(Samples.unknown("c")) && crate.isFull)
        #expect(crate.put(Samples.unknown("b")))
        #expect(crate.put(Samples.unknown("d"), isAskedFor: true))
        #expect(crate.ownCount == 3)
    }

    @Test func tracksAreFoundByWhatPeopleKnowOfThem() {
        let crate = Crate()
        crate.put(Samples.unknown("a"))
        crate.put(Samples.unknown("b"))
        #expect(crate.find("a", limit: 9).map(\.track.id) == ["a"])
        #expect(crate.find("TITLE", limit: 1).map(\.track.id) == ["a"])
        #expect(crate.find("/music/b.mp3", limit: 9).map(\.track.id) == ["b"])
        #expect(crate.find("nothing", limit: 9).isEmpty)
    }

    @Test func theSameSoundUnderAnotherNameIsADuplicate() throws {
        let catalogue = try Catalogue(path: ":memory:")
        let crate = Crate()
        let twins = SoundTwins(crate: crate, catalogue: catalogue)
        var generator = SeededGenerator(seed: 4)
        func sound(_ bytes: [UInt8], seconds: Double = 240) -> TrackAnalysis {
            var analysis = Samples.analysis(seconds: seconds)
            analysis.fingerprint = AcousticFingerprint(packed: PackedBytes(bytes))
            return analysis
        }
        let one = (0..<2_400).map { _ in UInt8.random(in: 0...255, using: &generator) }
        // Another coding turns over some bits, and begins a second later.
        let coded = Array(one.dropFirst(20)).enumerated().map { $0.offset % 9 == 0 ? $0.element ^ 1 : $0.element }
        let other = (0..<2_400).map { _ in UInt8.random(in: 0...255, using: &generator) }
        for (id, analysis) in [
            ("a", sound(one)), ("b", sound(coded, seconds: 238)), ("c", sound(other)), ("d", sound(one, seconds: 500)),
        ] {
            var entry = twins.settle(Samples.unknown(id), analysis)
            let facts = TrackFacts(id: id, duration: analysis.duration, tempo: 120)
            entry.knowledge = .analysed(facts: facts, profile: TransitionProfile(analysis))
            crate.put(entry)
        }
        #expect(crate.objection(to: "b") == .duplicate(of: "a"))
        #expect(crate.candidates().map(\.facts.id) == ["a", "c", "d"])
        #expect(try catalogue.sameSound(asContent: "b", version: TrackAnalysis.currentVersion) == "a")
        crate.remove(["a"])
        #expect(crate.candidates().map(\.facts.id) == ["b", "c", "d"])
    }
}
