import ForeverCatalogue
import ForeverCore
import ForeverMix
import ForeverTestKit
import Foundation
import Testing
import forever_server

/// What is fetched, kept and dropped, on the fake SoundCloud.
@Suite(.serialized) struct SoundCloudCrateTests {
    private let sounds = CloudCrateScene.sounds

    /// Steps until so many can be decided upon; a hundred at most.
    private func fill(_ scene: CloudCrateScene, to count: Int) {
        for _ in 0..<100 where scene.choices.count < count { scene.step(1) }
    }

    @Test func oneTrackThatNeverComesKeepsNoOtherWaiting() throws {
        for isMissing in [true, false] {
            let scene = try CloudCrateScene { $0.readyMax = 2 }
            var tracks = Array(sounds.prefix(5))
            tracks[4].plays = 100_000_000
            if isMissing { tracks[4].missesSegments = true } else { tracks[4].streamsStatus = 500 }
            scene.fake.put(tracks, playlist: 7)
            let start = scene.clock.wallSeconds
            /// Taken by the mix, and still kept for an outage.
            var kept: Set<String> = []
            func goodPlays() -> Int { (1...4).reduce(0) { $0 + scene.plays($1) } }
            for _ in 0..<150 where goodPlays() < 5 {
                scene.step(1)
                kept.formIntersection(scene.atHand)
                let fresh = scene.choices.subtracting(kept)
                guard fresh.count >= 2, let one = fresh.min() else { continue }
                // With two others at hand those that have played go.
                scene.step(1)
                try scene.play(one)
                kept.insert(one)
            }
            #expect(goodPlays() >= 5, "what has played comes again")
            #expect(!scene.atHand.contains("5") && scene.plays(5) >= 1)
            #expect(
                Double(scene.plays(5)) < 3 + (scene.clock.wallSeconds - start) / 60,
                "and it is not asked for without pause")
        }
    }

    @Test func aListThatFailsKeepsNoOtherWaiting() throws {
        let scene = try CloudCrateScene(
            from: #""soundcloud:playlists:8","soundcloud:playlists:9","soundcloud:playlists:7""#)
        scene.fake.put([sounds[0], sounds[1]], playlist: 7)
        scene.fake.put([sounds[2]], playlist: 8)
        scene.fake.change { $0.brokenPlaylists = [8, 9] }
        fill(scene, to: 2)
        #expect(scene.choices == ["1", "2"])
        scene.fake.change { $0.brokenPlaylists = [] }
        fill(scene, to: 3)
        #expect(scene.choices == ["1", "2", "3"], "it is read again when it answers")
    }

    @Test func everyListIsReadWhileNothingPlays() throws {
        let scene = try CloudCrateScene(from: #""soundcloud:playlists:7","soundcloud:playlists:8""#)
        let missing = (20..<60).map { FakeTrack($0, title: "Nothing \($0)", seconds: 100) }
        scene.fake.put(missing, playlist: 7)
        scene.fake.put([sounds[0]], playlist: 8)
        scene.step(4)
        #expect(scene.fake.log.contains { $0.path.hasPrefix("/playlists/soundcloud:playlists:8") })
    }

    @Test func rulesThatChangeMakeRoomForOthers() throws {
        let scene = try CloudCrateScene()
        var tracks = sounds
        for index in 3..<6 { tracks[index].genre = "Techno" }
        scene.fake.put(Array(tracks.prefix(3)), playlist: 7)
        fill(scene, to: 3)
        #expect(scene.choices == ["1", "2", "3"])
        try scene.play("1", isOver: false)

        var house = HouseRules()
        house.admission = AdmissionRules(blockedTags: ["house"])
        _ = scene.rules.replace(with: house)
        scene.crate.apply(house.admission)
        scene.step(20)
        #expect(scene.atHand == ["1", "2", "3"], "rather a track against the rules than silence")
        scene.fake.put(tracks, playlist: 7)
        scene.clock.advance(1_800)
        fill(scene, to: 3)
        scene.step(5)
        #expect(scene.choices == ["4", "5", "6"])
        #expect(scene.atHand == ["1", "4", "5", "6"], "the mix still needs the first")
        #expect((1...3).allSatisfy { scene.plays($0) == 1 })
    }

    @Test func whatTheRulesKeepOutIsNotFetchedAtAll() throws {
        let scene = try CloudCrateScene(admission: AdmissionRules(blockedTags: ["house"]))
        scene.fake.put(sounds, playlist: 7)
        scene.step(40)
        #expect(scene.fake.counts.plays == 0)
        #expect(scene.lines.contains { $0.contains("6 house rules") })
    }

    @Test func neverIsNeverAlsoAfterItWasDropped() throws {
        let scene = try CloudCrateScene()
        scene.fake.put(Array(sounds.prefix(2)), playlist: 7)
        fill(scene, to: 2)
        let entry = try #require(scene.crate["soundcloud:tracks:2"])
        try scene.analyst.corrections.set(Correction(neverPlay: true), .operator, content: entry.contentKey)
        scene.crate.put(
            CrateTrack(track: entry.track, contentKey: entry.contentKey, knowledge: entry.knowledge, isNever: true))
        scene.step(5)
        #expect(scene.atHand == ["1"])
        for _ in 0..<3 {
            scene.clock.advance(7_200)
            scene.step(10)
        }
        #expect(scene.plays(2) == 1)

        // The next life, and other bytes under the same name.
        let next = try CloudCrateScene(catalogue: scene.catalogue)
        var tracks = Array(sounds.prefix(2))
        tracks[1].media = sounds[2].media
        next.fake.put(tracks, playlist: 7)
        next.cloud.fetchSoon(CloudURN(.tracks, "2")!)
        next.step(20)
        #expect(next.atHand == ["1"] && next.choices == ["1"], "not even where somebody asks for it")
    }

    @Test func whatSoundsTheSameIsOne() throws {
        let scene = try CloudCrateScene()
        var tracks = Array(sounds.prefix(2))
        var twin = sounds[0]
        twin.number = 9
        twin.title = "Quite another name"
        twin.uploader = "Somebody else"
        tracks.append(twin)
        scene.fake.put(tracks, playlist: 7)
        fill(scene, to: 2)
        scene.step(20)
        #expect(scene.choices.count == 2 && scene.choices.contains("2"))
        #expect(scene.lines.contains { $0.contains("a duplicate of soundcloud:tracks:") })
        for entry in scene.crate.analysed({ _ in true }) {
            #expect(
                try !scene.catalogue.hasAnalysis(forContent: entry.contentKey, version: TrackAnalysis.currentVersion))
        }
    }

    @Test func whatIsWithdrawnDoesNotComeASecondTime() throws {
        let scene = try CloudCrateScene()
        scene.fake.put(Array(sounds.prefix(2)), playlist: 7)
        fill(scene, to: 2)
        try scene.play("1")
        try scene.play("2", isOver: false)
        scene.fake.remove(1)
        scene.fake.remove(2)
        scene.clock.advance(1_900)
        scene.step(10)
        #expect(scene.atHand == ["2"], "the one that the mix needs stays, the played one goes")
    }

    @Test func whatWasAskedForComesFirstAndStays() throws {
        let scene = try CloudCrateScene(admission: AdmissionRules(blockedTags: ["techno"])) { $0.readyMax = 2 }
        var wished = sounds[5]
        wished.genre = "Techno"
        scene.fake.put([wished])
        scene.fake.put(Array(sounds.prefix(4)), playlist: 7)
        let urn = CloudURN(.tracks, "6")!
        #expect(!scene.cloud.fetchSoon(CloudURN(.users, "6")!))
        #expect(scene.cloud.fetchSoon(urn) && scene.cloud.fetchSoon(CloudURN(.tracks, "77")!))
        scene.step(1)
        #expect(scene.atHand == ["6"], "before the lists are read, and against the rules")
        fill(scene, to: 2)
        scene.step(20)
        #expect(scene.atHand.contains("6") && scene.plays(6) == 1)
        #expect(
            scene.lines.filter { $0.contains("passed over: soundcloud:tracks:77") }.count == 1,
            "what is not there is said once")
        #expect(scene.lines.filter { $0.contains("given up") } == ["given up: soundcloud:tracks:77"])
        try scene.play("6")
        scene.step(20)
        #expect(!scene.atHand.contains("6"), "once it has played it is as any other")
    }

    @Test func peopleNameTracksByLinkNumberAndURN() throws {
        let scene = try CloudCrateScene()
        scene.fake.put(Array(sounds.prefix(3)), playlist: 7)
        func refusal(_ text: String) -> WishFinder.Refusal? {
            let shelf = LibraryShelf(catalogue: scene.catalogue, crate: scene.crate, analyst: scene.analyst) { _ in }
            do throws(WishFinder.Refusal) {
                _ = try WishFinder(shelf: shelf, cloud: scene.cloud.wishes).find(text)
                return nil
            } catch {
                return error
            }
        }
        #expect(refusal("2") == nil && refusal("soundcloud:tracks:3") == nil)
        #expect(refusal("soundcloud:tracks:78") == .unknown)
        let help = "no link to SoundCloud and no URN: a station with SoundCloud plays nothing else"
        #expect(refusal("/music/a.mp3") == .refused(help) && refusal("tags: house") == .refused(help))
        scene.step(2)
        #expect(scene.atHand == ["2", "3"], "before the lists are read")
        scene.fake.change { $0.isDead = true }
        guard case .unreachable? = refusal("1") else { return #expect(Bool(false), "an outage is no refusal") }
    }

    @Test func whatWasAskedForIsTriedAgainAfterAnOutage() throws {
        let scene = try CloudCrateScene()
        scene.fake.put([sounds[5]])
        scene.fake.put([sounds[0]], playlist: 7)
        scene.cloud.fetchSoon(CloudURN(.tracks, "6")!)
        scene.fake.change { $0.isDead = true }
        scene.step(60)
        scene.fake.change { $0.isDead = false }
        for _ in 0..<100 where !scene.atHand.contains("6") { scene.step(1) }
        #expect(scene.atHand.contains("6"))
    }

    @Test func whatPlayedBeforeARestartComesLast() throws {
        let scene = try CloudCrateScene(history: ["1", "2", "3"].map { CloudURN(.tracks, $0)! }) { $0.readyMax = 1 }
        scene.fake.put(Array(sounds.prefix(4)), playlist: 7)
        fill(scene, to: 1)
        #expect(scene.choices == ["4"])
    }
}
