import Foundation
import ForeverCore
import Testing

@Suite struct CloudPoolTests {
    private static let now = 1_795_000_000.0

    private func track(
        _ number: Int, uploader: String = "u", plays: Int64? = 100, ageDays: Double = 1, licence: CloudLicence = .by
    ) -> CloudTrack {
        CloudTrack(
            id: CloudURN(.tracks, "\(number)")!, title: "Song \(number)",
            uploader: CloudUser(name: uploader), durationSeconds: 100 + Double(number) / 2, licence: licence,
            counts: CloudCounts(plays: plays, likes: plays.map { $0 / 20 }, reposts: plays.map { $0 / 200 }),
            link: "https://soundcloud.com/u/\(number)", createdSeconds: Self.now - ageDays * 86_400)
    }

    private func pool(_ tracks: [CloudTrack], seed: UInt64 = 1, _ source: String = "genre: x") throws -> CloudPool {
        var pool = CloudPool(terms: CloudTerms(), seed: seed)
        pool.replace(with: [(try CloudSource(source), tracks)], nowSeconds: Self.now)
        return pool
    }

    @Test func whatIsLikedMoreAndNewerIsHotter() {
        let tracks = [
            track(1, plays: 100_000, ageDays: 2), track(2, plays: 100_000, ageDays: 200),
            track(3, plays: 10, ageDays: 2),
        ]
        let score = HotScore(tracks, nowSeconds: Self.now)
        #expect(score.score(tracks[0]) > score.score(tracks[1]))
        #expect(score.score(tracks[1]) > score.score(tracks[2]))
        let secret = track(4, plays: nil, ageDays: 2)
        let secretScore = score.score(secret)
        #expect(
            secretScore > score.score(tracks[2]) && secretScore < score.score(tracks[0]) + 1e-9, "not ranked as zero")
        #expect(HotScore([secret], nowSeconds: Self.now).score(secret) > 0)
        var future = track(5)
        future.createdSeconds = Self.now + 1e9
        var undated = track(5)
        undated.createdSeconds = nil
        #expect(score.score(future) == score.score(undated), "neither new nor old")
        future.createdSeconds = Self.now + 60
        #expect(score.score(future) > score.score(undated), "a clock that is a minute fast")
    }

    @Test func onlyWhatMayPlayIsInIt() throws {
        var preview = track(2)
        preview.access = .preview
        let pool = try pool([
            track(1), preview, track(3, licence: .byND), track(4, licence: .allRightsReserved), track(5),
        ])
        #expect(pool.count == 2)
        #expect(pool.leftOut == ["not playable": 1, "licence": 2])
    }

    @Test func oneSongPutUpTwiceIsOne() throws {
        var twin = track(1)
        twin.id = CloudURN(.tracks, "77")!
        twin.title = "SONG 1 [FREE DOWNLOAD]"
        #expect(try pool([track(1), twin]).count == 1)
        for (first, second, count) in [(199.9, 200.1, 1), (201.9, 200.0, 1), (200.0, 203.0, 2)] {
            var one = track(1)
            one.durationSeconds = first
            twin.durationSeconds = second
            #expect(try pool([one, twin]).count == count, "\(first) and \(second) s")
        }
    }

    @Test func everythingPlaysBeforeAnythingPlaysAgain() throws {
        var pool = try pool((1...30).map { track($0, uploader: "u\($0 % 7)") })
        var seen: [CloudURN] = []
        for _ in 0..<30 {
            guard let next = pool.next(besides: [], uploaders: [], nowSeconds: Self.now) else { break }
            pool.took(next.id)
            seen.append(next.id)
        }
        #expect(Set(seen).count == 30)
        let again = pool.next(besides: [], uploaders: [], nowSeconds: Self.now)
        #expect(seen.prefix(15).contains { $0 == again?.id }, "one of those that have waited longest")
    }

    @Test func theSameSeedGivesTheSameOrderAndAnotherAnother() throws {
        func order(_ seed: UInt64) throws -> [CloudURN] {
            var pool = try pool((1...40).map { track($0) }, seed: seed)
            return (0..<20).compactMap { _ in
                let next = pool.next(besides: [], uploaders: [], nowSeconds: Self.now)
                if let next { pool.took(next.id) }
                return next?.id
            }
        }
        #expect(try order(3) == order(3))
        #expect(try order(3) != order(4))
    }

    @Test func whatIsAtHandIsNotTakenAgainAndUploadersAreKeptApart() throws {
        var pool = try pool([track(1, uploader: "a"), track(2, uploader: "a"), track(3, uploader: "b")])
        for _ in 0..<20 {
            #expect(
                pool.next(besides: [CloudURN(.tracks, "1")!], uploaders: ["a"], nowSeconds: Self.now)?.uploader?.name
                    == "b")
        }
        #expect(
            pool.next(besides: Set((1...3).map { CloudURN(.tracks, "\($0)")! }), uploaders: [], nowSeconds: Self.now)
                == nil)
        #expect(
            pool.next(besides: [CloudURN(.tracks, "3")!], uploaders: ["a", "b"], nowSeconds: Self.now) != nil,
            "rather the same than none")
    }

    @Test func whatWasGoneRests() throws {
        var pool = try pool([track(1), track(2)])
        pool.rest(CloudURN(.tracks, "1")!, nowSeconds: Self.now)
        func next(_ seconds: Double) -> String? {
            pool.next(besides: [], uploaders: [], nowSeconds: Self.now + seconds)?.id.name
        }
        for _ in 0..<200 { #expect(next(0) == "2", "looking does not end a rest") }
        let later = (0..<60).compactMap { _ in next(CloudLimits.restSeconds) }
        #expect(later.contains("1"), "it may be there again later")
        pool.rest(CloudURN(.tracks, "2")!, nowSeconds: Self.now)
        pool.forgetTimes()
        #expect(next(-1e6) != nil, "the clock was put back")
    }

    @Test func whatDoesNotComeLetsOthersGoBeforeIt() throws {
        var pool = try pool([track(1), track(2)])
        let stuck = CloudURN(.tracks, "1")!
        func isFree(_ seconds: Double) -> Bool {
            pool.next(besides: [CloudURN(.tracks, "2")!], uploaders: [], nowSeconds: Self.now + seconds) != nil
        }
        var now = 0.0
        for wait in [60.0, 120, 240, 480, 600, 600] {
            #expect(isFree(now))
            pool.restShortly(stuck, nowSeconds: Self.now + now)
            #expect(!isFree(now + wait - 1))
            now += wait
        }
        pool.took(stuck)
        pool.restShortly(stuck, nowSeconds: Self.now + now)
        #expect(isFree(now + 60), "once it came the count begins anew")
    }

    @Test func whatTheHouseRulesKeepOutIsNotFetched() throws {
        var tracks = (1...4).map { track($0) }
        for number in 0..<3 { tracks[number].genre = "House" }
        var pool = try pool(tracks)
        func numbers() -> Set<String> {
            Set((0..<60).compactMap { _ in pool.next(besides: [], uploaders: [], nowSeconds: Self.now)?.id.name })
        }
        #expect(numbers() == ["1", "2", "3", "4"])
        pool.apply(AdmissionRules(blockedTags: ["house"]))
        #expect(numbers() == ["4"] && pool.count == 1 && pool.leftOut == ["house rules": 3])
        pool.replace(with: [(try CloudSource("genre: x"), tracks)], nowSeconds: Self.now)
        #expect(numbers() == ["4"], "new lists are judged too")
        pool.apply(AdmissionRules())
        #expect(numbers() == ["1", "2", "3", "4"] && pool.leftOut == [:])
        let never = CloudURN(.tracks, "2")!
        for _ in 0..<60 {
            let next = pool.next(besides: [], uploaders: [], nowSeconds: Self.now) { $0 == never }
            #expect(next?.id != never)
        }
    }

    @Test func whatPlayedInAnEarlierLifeComesAfterTheRest() throws {
        let tracks = (1...6).map { track($0) }
        var pool = CloudPool(terms: CloudTerms(), seed: 1)
        for number in 1...4 { pool.took(CloudURN(.tracks, "\(number)")!) }
        // Lists come one by one: what stands in a later one is remembered too.
        pool.replace(with: [(try CloudSource("genre: x"), [tracks[0]])], nowSeconds: Self.now)
        pool.replace(with: [(try CloudSource("genre: x"), tracks)], nowSeconds: Self.now)
        for _ in 0..<40 {
            let next = pool.next(besides: [], uploaders: [], nowSeconds: Self.now)
            #expect(["5", "6"].contains(next?.id.name))
        }
    }

    @Test func chosenSourcesComeBeforeSearches() throws {
        var pool = CloudPool(terms: CloudTerms(), seed: 1)
        pool.replace(
            with: [
                (try CloudSource("genre: x"), (1...500).map { track($0, uploader: "s\($0)") }),
                (try CloudSource("soundcloud:playlists:1"), (501...540).map { track($0, uploader: "p\($0)") }),
            ], nowSeconds: Self.now)
        let first = (0..<20).compactMap { _ in
            pool.next(besides: [], uploaders: [], nowSeconds: Self.now).flatMap { Int($0.id.name) }
        }
        #expect(first.allSatisfy { $0 > 500 })
    }

    @Test func pagesAreFollowedSafely() throws {
        let addresses = CloudAddresses.standard
        let first = URL(string: "https://api.soundcloud.com/tracks?offset=0")!
        func page(_ numbers: [Int], next: String?) throws -> CloudPage {
            let items = numbers.map { #"{"urn":"soundcloud:tracks:\#($0)","title":"x"}"# } + ["7", "null"]
            let link = next.map { #","next_href":"\#($0)""# } ?? #","next_href":null"#
            return try JSONDecoder().decode(
                CloudPage.self, from: Data(#"{"collection":[\#(items.joined(separator: ","))]\#(link)}"#.utf8))
        }
        let second = "https://api.soundcloud.com/tracks?offset=50"
        var trail = PageTrail(from: first, addresses: addresses)
        #expect(trail.took(try page([1, 2], next: second))?.absoluteString == second)
        #expect(trail.took(try page([2, 3], next: nil)) == nil && trail.objection == nil)
        #expect(trail.tracks.map(\.id.name) == ["1", "2", "3"])

        var circle = PageTrail(from: first, addresses: addresses)
        #expect(circle.took(try page([1], next: first.absoluteString)) == nil && circle.objection != nil)
        var stuck = PageTrail(from: first, addresses: addresses)
        _ = stuck.took(try page([1], next: second))
        #expect(stuck.took(try page([1], next: second + "1")) == nil && stuck.objection != nil, "nothing new")
        for foreign in [
            "https://api-internal.example/tracks", "http://api.soundcloud.com/tracks", "//example.org/x", "%%",
        ] {
            var trail = PageTrail(from: first, addresses: addresses)
            #expect(trail.took(try page([1], next: foreign)) == nil && trail.objection != nil, "\(foreign)")
        }
        var endless = PageTrail(from: first, addresses: addresses)
        var pages = 0
        while pages < 100, endless.took(try page([pages], next: second + "\(pages)")) != nil { pages += 1 }
        #expect(pages < CloudLimits.pagesMax)
    }

    @Test func bareListsAndPlaylistsAreRead() throws {
        let item = #"{"urn":"soundcloud:tracks:5","title":"x"}"#
        for json in ["[\(item)]", #"{"kind":"system-playlist","tracks":[\#(item)]}"#] {
            #expect(try JSONDecoder().decode(CloudPage.self, from: Data(json.utf8)).tracks.count == 1)
        }
        #expect(throws: (any Error).self) { try JSONDecoder().decode(CloudPage.self, from: Data("{}".utf8)) }
    }
}
