import ForeverCore
import ForeverTestKit
import Foundation
import Synchronization
import Testing

@Suite struct CloudClientTests {
    private let urn = CloudURN(.tracks, "1")!
    private let songs = (1...5).map { FakeTrack($0, title: "Song \($0)", seconds: 200, media: .noise(parts: 6)) }

    // MARK: Errors

    @Test func everyErrorComesThroughAsWhatItIs() throws {
        let scene = try CloudScene()
        scene.fake.put(songs)
        let client = try scene.client()
        _ = try client.track(urn)
        let cases: [(FakeReply, CloudProblem)] = [
            (FakeAnswers.error(403), .forbidden), (FakeAnswers.error(404), .notFound),
            (FakeAnswers.error(400), .badRequest(status: 400)),
            (FakeAnswers.front(403), .front(status: 403)), (FakeAnswers.front(504), .front(status: 504)),
            (FakeAnswers.tooFast, .tooFast(until: nil)), (FakeReply(500), .outage(status: 500)),
            (.json(200, "{"), .malformed("not the data that was asked for")),
            (FakeReply(200, body: Array("<html>".utf8)), .front(status: 200)),
            (
                .json(200, #"{"urn":"soundcloud:tracks:2","title":"x"}"#),
                .malformed("another track than the one asked for")
            ),
        ]
        for (reply, problem) in cases {
            scene.fake.change { $0.nextAPIReplies = [reply] }
            #expect(scene.problem { () throws(CloudProblem) in try client.track(urn) } == problem)
        }
        scene.fake.change { $0.isDead = true }
        guard case .unreachable? = scene.problem({ () throws(CloudProblem) in try client.track(urn) }) else {
            Issue.record("a dead server is unreachable")
            return
        }
    }

    @Test func slowAndBrokenAnswersAreNotWaitedForNorBelieved() throws {
        /// Waits for one answer only as long as it takes to see that none comes.
        final class Hasty: CloudTransport {
            let inner = URLSessionTransport()
            let isHasty = Mutex(false)
            func exchange(_ request: CloudRequest) throws(CloudTransportError) -> CloudReply {
                var request = request
                if isHasty.withLock({ $0 }) { request.secondsMax = 0.4 }
                return try inner.exchange(request)
            }
        }
        let scene = try CloudScene()
        scene.fake.put(songs)
        let transport = Hasty()
        let client = try scene.client(transport: transport)
        _ = try client.track(urn)
        transport.isHasty.withLock { $0 = true }
        scene.fake.change { $0.apiDelaySeconds = 3 }
        #expect(
            scene.problem { () throws(CloudProblem) in try client.track(urn) }
                == .unreachable("no whole answer within 1 s"))
        transport.isHasty.withLock { $0 = false }
        scene.fake.change { $0.apiDelaySeconds = 0 }
        var cut = FakeReply.json(200, #"{"urn":"soundcloud:tracks:1","title":"x"}"#)
        cut.cutAfterBytes = 10
        scene.fake.change { $0.nextAPIReplies = [cut] }
        #expect(
            scene.problem { () throws(CloudProblem) in try client.track(urn) } == .unreachable("the answer broke off"))
    }

    @Test func tooLargeAnswersAreNotTaken() throws {
        let scene = try CloudScene()
        scene.fake.put([FakeTrack(1, title: "Large", seconds: 200, media: .noise(parts: 1, bytes: 5 << 20))])
        let client = try scene.client()
        guard case .malformed(let why)? = scene.problem({ () throws(CloudProblem) in try client.sound(of: urn) }) else {
            Issue.record("a segment over its limit was taken")
            return
        }
        #expect(why.contains("4194304 bytes"))
    }

    // MARK: Lists

    @Test func everyKindOfSourceIsListed() throws {
        let scene = try CloudScene()
        scene.fake.put(songs, playlist: 7)
        let client = try scene.client()
        for text in [
            "https://soundcloud.com/quiet-harbour/sets/7", "soundcloud:playlists:7",
            "https://soundcloud.com/quiet-harbour",
            "https://soundcloud.com/quiet-harbour/likes", "reposts: https://soundcloud.com/quiet-harbour",
            "genre: house",
            "search: song", "station: soundcloud:tracks:1", "station: soundcloud:system-playlists:track-stations:1",
        ] {
            #expect(try client.tracks(of: CloudSource(text)).count == 5, "\(text)")
        }
        #expect(try client.tracks(of: CloudSource("https://soundcloud.com/quiet-harbour/3")).map(\.id.name) == ["3"])
        #expect(try client.tracks(of: CloudSource("related: https://soundcloud.com/quiet-harbour/3")).count == 4)
        #expect(
            scene.problem { () throws(CloudProblem) in
                try client.tracks(of: try! CloudSource("https://soundcloud.com/nobody"))
            } == .notFound)
        let searches = scene.fake.log.filter { $0.path == "/tracks" }
        #expect(searches.allSatisfy { $0.query["access"] == "playable" && $0.query["linked_partitioning"] == "true" })
        #expect(searches.contains { $0.query["created_at[from]"]?.contains("2026-10-") == true })
        #expect(searches.allSatisfy { !$0.target.contains("[") }, "brackets are encoded")
    }

    @Test func pagesAreFollowedToTheirEndAndNoFurther() throws {
        let scene = try CloudScene()
        scene.fake.put((1...130).map { FakeTrack($0, title: "Song \($0)", seconds: 200) }, playlist: 7)
        let client = try scene.client()
        let source = try CloudSource("soundcloud:playlists:7")
        #expect(try client.tracks(of: source).count == 130)
        for link in [
            "http://127.0.0.1:1/tracks", "https://api-internal.example/x",
            scene.fake.apiBase + "/playlists/7/tracks?same=1",
        ] {
            scene.fake.change { $0.nextLink = link }
            #expect(try client.tracks(of: source).count == 50, "\(link)")
        }
        scene.fake.change { $0.nextLink = nil }
        // The second page fails: what is there is there.
        scene.fake.change { $0.pageSize = 100 }
        let json = try JSONSerialization.data(withJSONObject: [
            "collection": [["urn": "soundcloud:tracks:1", "title": "x"]],
            "next_href": scene.fake.apiBase + "/tracks?x=1",
        ])
        scene.fake.change { $0.nextAPIReplies = [FakeReply(200, body: [UInt8](json)), FakeReply(500)] }
        #expect(try client.tracks(of: source).count == 1)
    }

    @Test func anEndlessListEnds() throws {
        let scene = try CloudScene()
        scene.fake.put(songs)
        let client = try scene.client()
        for (pageSize, tracks) in [(3, 3 * CloudLimits.pagesMax), (200, CloudLimits.tracksPerSourceMax)] {
            scene.fake.change {
                $0.isEndless = true
                $0.pageSize = pageSize
            }
            #expect(try client.tracks(of: CloudSource("genre: House")).count == tracks)
        }
    }

    /// The fake filters as the real one does: what we ask for is what we get.
    @Test func searchesAskForWhatMayPlay() throws {
        let scene = try CloudScene()
        var tracks = (1...7).map { FakeTrack($0, title: "Song \($0)", seconds: 200) }
        tracks[1].createdAt = "2025/11/01 05:00:00 +0000"
        tracks[2].seconds = 50
        tracks[3].seconds = 500
        tracks[4].access = "preview"
        tracks[5].genre = "Techno"
        tracks[5].tags = ["night drive"]
        tracks[6].tags = ["night"]
        scene.fake.put(tracks)
        func numbers(_ source: String, _ more: String = "") throws -> [String] {
            try scene.client(more).tracks(of: CloudSource(source)).map(\.id.name)
        }
        #expect(try numbers("genre: House") == ["1", "7"])
        #expect(try numbers("genre: House", #","searchDays":400"#) == ["1", "2", "7"])
        #expect(try numbers("genre: House", #","minimumSeconds":40,"maximumSeconds":600"#) == ["1", "3", "4", "7"])
        #expect(try numbers("tags: Night Drive, night") == ["6", "7"])
        #expect(try numbers("search: song 6") == ["6"])
    }

    // MARK: Sound

    @Test func soundIsJoinedWithoutEverShowingTheTokenToTheCDN() throws {
        let scene = try CloudScene()
        scene.fake.put(songs)
        let client = try scene.client()
        let sound = try client.sound(of: urn)
        #expect(sound.bytes == songs[0].media!.bytes)
        #expect(sound.track.title == "Song 1")
        #expect(
            try client.picture(of: sound.track)?.starts(with: [0xff, 0xd8, 0xff]) == true,
            "the small one where there is no large")
        #expect(scene.fake.counts.tokensAtCDN == 0)
        #expect(scene.fake.counts.plays == 1)
    }

    @Test func signaturesThatEndAreRenewedInTheMiddle() throws {
        let scene = try CloudScene(signatureSeconds: 25)
        scene.fake.put(songs)
        struct Slow: CloudTransport {
            let clock: CloudScene.Clock
            let inner = URLSessionTransport()
            func exchange(_ request: CloudRequest) throws(CloudTransportError) -> CloudReply {
                // Each part takes ten seconds.
                if request.url.path.hasSuffix(".m4s") { clock.advance(10) }
                return try inner.exchange(request)
            }
        }
        let client = try scene.client(transport: Slow(clock: scene.clock))
        #expect(try client.sound(of: urn).bytes == songs[0].media!.bytes)
        #expect(scene.fake.counts.plays >= 3, "asked again: \(scene.fake.counts.plays)")
        #expect(scene.fake.counts.tokensAtCDN == 0)
    }

    @Test func staleRedirectsAreAskedForAgain() throws {
        let scene = try CloudScene()
        scene.fake.put(songs)
        let client = try scene.client()
        scene.fake.change { $0.staleRedirects = 2 }
        #expect(try client.sound(of: urn).bytes == songs[0].media!.bytes)
        scene.fake.change { $0.staleRedirects = 99 }
        #expect(scene.problem { () throws(CloudProblem) in try client.sound(of: urn) } == .signatureOver)
    }

    @Test func missingAndCutPartsAreAskedForAgainAFewTimes() throws {
        let scene = try CloudScene()
        scene.fake.put(songs)
        let client = try scene.client()
        scene.fake.change {
            $0.missingSegments = [2: 1]
            $0.cutSegments = [3: 2]
        }
        #expect(try client.sound(of: urn).bytes == songs[0].media!.bytes)
        scene.fake.change { $0.missingSegments = [4: 99] }
        #expect(
            scene.problem { () throws(CloudProblem) in try client.sound(of: urn) }
                == .unreachable("a part of the sound does not come"))
    }

    @Test func whatMayNotBePlayedIsRefusedWithTheReason() throws {
        let scene = try CloudScene()
        var tracks = songs
        tracks[0].formats = ["preview_mp3_128_url"]
        tracks[1].keyMethods = ["hls_aac_160_url": "SAMPLE-AES"]
        tracks[2].access = nil
        tracks[3].streamsStatus = 403
        tracks[4].licence = "cc-by-nd"
        tracks.append(FakeTrack(6, title: "Nothing", seconds: 200, media: .noise(parts: 1)))
        tracks[5].formats = []
        scene.fake.put(tracks)
        let client = try scene.client()
        func problem(_ number: Int) -> CloudProblem? {
            scene.problem { () throws(CloudProblem) in try client.sound(of: CloudURN(.tracks, "\(number)")!) }
        }
        #expect(problem(1) == .refused(.previewOnly))
        #expect(problem(2) == .refused(.encrypted(method: "SAMPLE-AES")))
        #expect(problem(3) == .refused(.objection(.notPlayable(.blocked))))
        #expect(problem(4) == .forbidden)
        #expect(problem(5) == .refused(.objection(.licence(.byND))))
        #expect(problem(6) == .refused(.noStreams))
        #expect(problem(7) == .notFound, "vanished")
        #expect(scene.fake.counts.segments == 0)
    }

    @Test func playsAreLeftAloneWhenTheDaysAreUsedUp() throws {
        let scene = try CloudScene()
        scene.fake.put(songs)
        let client = try scene.client()
        let until = scene.clock.wallSeconds.rounded() + 7_200
        scene.fake.change { $0.playQuotaUntil = until }
        #expect(scene.problem { () throws(CloudProblem) in try client.sound(of: urn) } == .playQuota(until: until))
        #expect(try client.tracks(of: CloudSource("genre: House")).count == 5, "lists go on")
    }

    @Test func aFetchThatNobodyWantsEnds() throws {
        let scene = try CloudScene()
        scene.fake.put(songs)
        let client = try scene.client()
        var asked = 0
        let problem = scene.problem { () throws(CloudProblem) in
            try client.sound(of: urn) {
                asked += 1
                return asked > 2
            }
        }
        #expect(problem == .cancelled)
    }

    @Test func whatIsMissingOrEncryptedInOneFormIsTakenInAnother() throws {
        let scene = try CloudScene()
        var track = songs[0]
        track.formats = ["hls_aac_160_url", "hls_aac_96_url", "hls_mp3_128_url"]
        scene.fake.put([track])
        let client = try scene.client()
        func forms() -> [String] {
            scene.fake.log.filter { $0.path.hasSuffix("playlist.m3u8") }.map {
                String($0.path.split(separator: "/")[1])
            }
        }
        scene.fake.change { $0.missingFormats = ["hls_aac_160_url"] }
        #expect(try client.sound(of: urn).bytes == track.media!.bytes)
        #expect(forms() == ["hls_aac_96_url"])
        scene.fake.change { $0.missingFormats = [] }
        track.keyMethods = ["hls_aac_160_url": "SAMPLE-AES", "hls_aac_96_url": "SAMPLE-AES"]
        scene.fake.put([track])
        #expect(try client.sound(of: urn).bytes == track.media!.bytes)
        #expect(forms().suffix(3) == ["hls_aac_160_url", "hls_aac_96_url", "hls_mp3_128_url"])
        track.keyMethods["hls_mp3_128_url"] = "AES-128"
        scene.fake.put([track])
        #expect(
            scene.problem { () throws(CloudProblem) in try client.sound(of: urn) }
                == .refused(.encrypted(method: "SAMPLE-AES")), "the first reason is said")
    }

    @Test func aRenewalStaysWithTheForm() throws {
        let scene = try CloudScene(signatureSeconds: 25)
        var track = songs[0]
        track.formats = ["hls_aac_160_url", "hls_aac_96_url"]
        scene.fake.put([track])
        /// Each part takes ten seconds, and after the third the better form is there.
        struct Slow: CloudTransport {
            let scene: CloudScene
            let inner = URLSessionTransport()
            func exchange(_ request: CloudRequest) throws(CloudTransportError) -> CloudReply {
                if request.url.path.hasSuffix(".m4s") { scene.clock.advance(10) }
                if request.url.path.hasSuffix("data002.m4s") { scene.fake.change { $0.missingFormats = [] } }
                return try inner.exchange(request)
            }
        }
        scene.fake.change { $0.missingFormats = ["hls_aac_160_url"] }
        let client = try scene.client(transport: Slow(scene: scene))
        #expect(try client.sound(of: urn).bytes == track.media!.bytes)
        let forms = scene.fake.log.filter { $0.path.hasSuffix("playlist.m3u8") }.map {
            $0.path.split(separator: "/")[1]
        }
        #expect(forms.count >= 2 && forms.allSatisfy { $0 == "hls_aac_96_url" }, "\(forms)")
    }

    @Test func mp3IsTheLastResort() throws {
        let scene = try CloudScene()
        var track = songs[0]
        track.formats = ["hls_mp3_128_url", "preview_mp3_128_url"]
        track.media?.initialPart = nil
        scene.fake.put([track])
        #expect(try scene.client().sound(of: urn).bytes == track.media!.bytes)
    }

    @Test func nothingThatIsSaidHoldsATokenOrTheSecret() throws {
        let scene = try CloudScene()
        scene.fake.put(songs)
        let client = try scene.client()
        _ = try client.track(urn)
        scene.fake.change { $0.apiReply = FakeAnswers.error(401) }
        let words =
            "\(scene.problem { () throws(CloudProblem) in try client.track(urn) }!)"
            + scene.said.withLock { $0.joined() }
        #expect(
            !words.contains("fakeAccessToken") && !words.contains("fakeRefreshToken")
                && !words.contains(FakeCloud.clientSecret))
    }
}
